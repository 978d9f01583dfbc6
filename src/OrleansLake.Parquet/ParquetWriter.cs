using OrleansLake.Parquet.Internal.Writing;

namespace OrleansLake.Parquet;

/// <summary>
/// Writes a Parquet file from columns, a row group at a time. The stream is neither closed nor flushed; it is written to
/// from one thread at a time, which is not always the caller's. A file is one only after <see cref="Finish"/>. For one
/// caller at a time; a writer that threw is of no further use.
/// </summary>
/// <remarks>
/// With several threads, the columns of the row groups under way are encoded side by side while the one before is
/// written: <see cref="QueueRowGroup"/> has the caller make the next rows meanwhile, and so does
/// <see cref="WriteRowGroup"/> with the row groups of a batch that is larger than one. In memory are the encoded forms of
/// two row groups at most (one more for every time that there are more threads than columns), without text and bytes
/// that do not compress: these are written from where they are.
/// </remarks>
public sealed class ParquetWriter : IDisposable
{
    private readonly ParquetWriterOptions _options;
    private readonly FileSink _sink;
    private readonly RowGroupPipeline _pipeline;
    private bool _isFinished;

    /// <summary>Begins a file.</summary>
    /// <param name="destination">Where it goes; only written to, never sought.</param>
    /// <param name="schema">The columns, one at least.</param>
    /// <param name="options">The options of writing it.</param>
    /// <exception cref="ArgumentException">The schema has no column or an option is out of its range.</exception>
    public ParquetWriter(Stream destination, ParquetSchema schema, ParquetWriterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(schema);
        _options = options ?? new ParquetWriterOptions();
        _options.Validate(schema);
        if (schema.Fields.Count == 0)
        {
            throw new ArgumentException("A schema has one column at least.", nameof(schema));
        }

        Schema = schema;
        _sink = new FileSink(destination, schema, _options);
        _pipeline = new RowGroupPipeline(schema, _options, _sink);
        _sink.Begin();
    }

    /// <summary>Gets the file's columns.</summary>
    public ParquetSchema Schema { get; }

    /// <summary>Gets the number of bytes that were written so far.</summary>
    public long Position => _sink.Position;

    /// <summary>Gets the number of row groups that were begun.</summary>
    internal long RowGroupCount => _pipeline.Added;

    /// <summary>
    /// Writes rows: the caller's arrays are free again when this returns. Rows beyond
    /// <see cref="ParquetWriterOptions.RowGroupRowsMax"/> go to further row groups; no rows make none.
    /// </summary>
    /// <param name="columns">The columns in the schema's order, all with the same number of rows.</param>
    /// <exception cref="ArgumentException">The columns are not the schema's.</exception>
    /// <exception cref="IOException">The stream cannot be written to; the file is lost.</exception>
    public void WriteRowGroup(params ReadOnlySpan<ColumnData> columns)
    {
        Add(columns, null);
        _pipeline.HelpUntilWritten(_pipeline.Added);
    }

    /// <summary>
    /// Queues a row group, which is encoded and written by other threads while the caller continues. Waits, and encodes along, while as many
    /// row groups are under way as the threads need. With one thread it is <see cref="WriteRowGroup"/>.
    /// </summary>
    /// <param name="columns">The columns in the schema's order, all with the same number of rows.</param>
    /// <returns>
    /// What ends when the rows are written: until then the arrays are the writer's. It fails as the writer does, and
    /// needs no awaiting for that: every later call and <see cref="Finish"/> throw the same.
    /// </returns>
    /// <exception cref="ArgumentException">The columns are not the schema's.</exception>
    /// <exception cref="IOException">The stream cannot be written to; the file is lost.</exception>
    public Task QueueRowGroup(params ReadOnlySpan<ColumnData> columns)
    {
        var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(columns, completion);
        return completion.Task;
    }

    /// <summary>Writes what is under way, the indexes and the footer. After this the file is whole.</summary>
    /// <exception cref="IOException">The stream cannot be written to; the file is lost.</exception>
    public void Finish()
    {
        ObjectDisposedException.ThrowIf(_isFinished, this);
        _isFinished = true;
        _pipeline.HelpUntilWritten(_pipeline.Added);
        _sink.Finish(_pipeline.Records);
    }

    /// <summary>Frees the buffers. Without <see cref="Finish"/> before it, what was written is not a file.</summary>
    public void Dispose()
    {
        _isFinished = true;
        _pipeline.Dispose();
        _sink.Dispose();
    }

    /// <summary>Works until so many row groups are in the file.</summary>
    internal void HelpUntilWritten(long rowGroups) => _pipeline.HelpUntilWritten(rowGroups);

    private void Add(ReadOnlySpan<ColumnData> columns, TaskCompletionSource? completion)
    {
        ObjectDisposedException.ThrowIf(_isFinished, this);
        Check(columns);
        int rows = columns[0].Count;
        for (int start = 0; start < rows; start += _options.RowGroupRowsMax)
        {
            int count = Math.Min(_options.RowGroupRowsMax, rows - start);
            _pipeline.Add(columns, start, count, start + count == rows ? completion : null);
        }

        if (rows == 0)
        {
            completion?.SetResult();
        }
    }

    private void Check(ReadOnlySpan<ColumnData> columns)
    {
        if (columns.Length != Schema.Fields.Count)
        {
            throw new ArgumentException($"There are {columns.Length} columns, the schema has {Schema.Fields.Count}.", nameof(columns));
        }

        for (int i = 0; i < columns.Length; i++)
        {
            ParquetField field = Schema.Fields[i];
            bool isRight = (columns[i], field.Type) switch
            {
                (BooleanData, ParquetType.Boolean) => true,
                (Int32Data, ParquetType.Int32 or ParquetType.Date) => true,
                (Int64Data, ParquetType.Int64 or ParquetType.TimestampMicros) => true,
                (FloatData, ParquetType.Float) => true,
                (DoubleData, ParquetType.Double) => true,
                (BytesData, ParquetType.String or ParquetType.Binary) => true,
                _ => false,
            };
            if (!isRight)
            {
                throw new ArgumentException($"Column '{field.Name}' is {field.Type} in the schema, its data is {columns[i]?.GetType().Name}.", nameof(columns));
            }

            if (columns[i].Count != columns[0].Count)
            {
                throw new ArgumentException($"Column '{field.Name}' has {columns[i].Count} rows, the first one {columns[0].Count}.", nameof(columns));
            }

            if (field.IsRequired && columns[i].NullCount != 0)
            {
                throw new ArgumentException($"Column '{field.Name}' is required and has nulls.", nameof(columns));
            }
        }
    }
}
