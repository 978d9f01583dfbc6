using OrleansLake.Parquet.Internal.Rows;

namespace OrleansLake.Parquet;

/// <summary>
/// Writes a Parquet file row by row: rows are collected as columns and encoded when a row group is full. For rows that
/// are columns already, <see cref="ParquetWriter"/> does without the copy. For one caller at a time.
/// </summary>
/// <typeparam name="T">A row.</typeparam>
public sealed class ParquetRowWriter<T> : IDisposable
{
    private readonly ParquetWriter _writer;
    private readonly int _rowGroupRows;
    private RowColumn<T>[] _columns;
    private RowColumn<T>[] _columnsUnderWay;

    /// <summary>Begins a file.</summary>
    /// <param name="destination">Where it goes; only written to, never sought, closed or flushed.</param>
    /// <param name="schema">The columns, one at least.</param>
    /// <param name="options">
    /// How it is written; a row group is held in memory until it is full, and with several threads another one that is
    /// written meanwhile.
    /// </param>
    /// <exception cref="ArgumentException">The schema has no column, or one twice, or an option is out of its range.</exception>
    public ParquetRowWriter(Stream destination, RowSchema<T> schema, ParquetWriterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(schema);
        options ??= new ParquetWriterOptions();
        _writer = new ParquetWriter(destination, schema.ToSchema(), options);
        _columns = schema.NewColumns();
        _columnsUnderWay = options.Threads == 1 ? _columns : schema.NewColumns();
        _rowGroupRows = options.RowGroupRowsMax;
    }

    /// <summary>Adds a row.</summary>
    /// <exception cref="IOException">The stream cannot be written to; the file is lost.</exception>
    public void Write(T row)
    {
        foreach (RowColumn<T> column in _columns)
        {
            column.Add(row);
        }

        if (_columns[0].Count == _rowGroupRows)
        {
            WriteRowGroup();
        }
    }

    /// <summary>Writes what is left and the footer. After this the file is whole.</summary>
    /// <exception cref="IOException">The stream cannot be written to; the file is lost.</exception>
    public void Finish()
    {
        WriteRowGroup();
        _writer.Finish();
    }

    /// <summary>Frees the buffers. Without <see cref="Finish"/> before it, what was written is not a file.</summary>
    public void Dispose() => _writer.Dispose();

    private void WriteRowGroup()
    {
        var data = new ColumnData[_columns.Length];
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = _columns[i].ToData();
        }

        // The columns that come next are free once the row group before this one is written.
        _writer.HelpUntilWritten(_writer.RowGroupCount);
        _ = _writer.QueueRowGroup(data);
        (_columns, _columnsUnderWay) = (_columnsUnderWay, _columns);
        foreach (RowColumn<T> column in _columns)
        {
            column.Clear();
        }
    }
}
