namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>
/// A row group between the caller's columns and the file, with the encoders that it needs; used again for another one
/// when it is written.
/// </summary>
internal sealed class RowGroupSlot : IDisposable
{
    private readonly ChunkEncoder[] _encoders;
    private readonly ColumnData[] _columns;
    private readonly bool[] _isEncoded;
    private readonly int[] _order;
    private readonly long[] _costs;
    private int _start;
    private int _count;
    private int _claimed;

    public RowGroupSlot(ParquetSchema schema, ParquetWriterOptions options)
    {
        _encoders = [.. schema.Fields.Select(field => EncoderOf(field, options))];
        _columns = new ColumnData[_encoders.Length];
        _isEncoded = new bool[_encoders.Length];
        _order = new int[_encoders.Length];
        _costs = new long[_encoders.Length];
    }

    /// <summary>Gets the number of columns that are written to the file; they are written in the schema's order.</summary>
    public int WrittenCount { get; private set; }

    public bool IsWritten => WrittenCount == _encoders.Length;

    /// <summary>Gets a value indicating whether the next column in the schema's order is ready to be written.</summary>
    public bool IsNextEncoded => WrittenCount < _isEncoded.Length && _isEncoded[WrittenCount];

    /// <summary>Gets the completion that is set when the row group is written.</summary>
    public TaskCompletionSource? Completion { get; private set; }

    /// <summary>Gets the metadata of the columns for the footer.</summary>
    public ChunkRecord[] Records { get; private set; } = [];

    public void Begin(ReadOnlySpan<ColumnData> columns, int start, int count, TaskCompletionSource? completion)
    {
        columns.CopyTo(_columns);
        Array.Clear(_isEncoded);
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
            _costs[i] = -(columns[i] is BytesData { IsDictionary: false } bytes ? bytes.Bytes.Length : 4L * columns[i].Count);
        }

        // The dearest columns come first, so that no thread starts on one when the others are done.
        Array.Sort(_order, (a, b) => _costs[a].CompareTo(_costs[b]));
        _start = start;
        _count = count;
        _claimed = 0;
        WrittenCount = 0;
        Completion = completion;
        Records = new ChunkRecord[_encoders.Length];
    }

    /// <summary>Hands out a column that nobody has begun yet.</summary>
    public bool TryClaim(out int column)
    {
        bool isLeft = _claimed < _order.Length;
        column = isLeft ? _order[_claimed++] : -1;
        return isLeft;
    }

    public void Encode(int column) => _encoders[column].Encode(_columns[column], _start, _count);

    public void MarkEncoded(int column) => _isEncoded[column] = true;

    public void WriteNext(FileSink sink)
    {
        Records[WrittenCount] = sink.Write(_encoders[WrittenCount]);
        _encoders[WrittenCount].Output.Clear();
    }

    public void MarkWritten()
    {
        WrittenCount++;
        if (IsWritten)
        {
            Array.Clear(_columns);
        }
    }

    public void Dispose()
    {
        foreach (ChunkEncoder encoder in _encoders)
        {
            encoder.Dispose();
        }
    }

    private static ChunkEncoder EncoderOf(ParquetField field, ParquetWriterOptions options) => field.Type switch
    {
        ParquetType.Boolean => new BooleanChunkEncoder(field, options),
        ParquetType.Int32 or ParquetType.Date => new NumberChunkEncoder<int>(field, options, static data => ((Int32Data)data).Values),
        ParquetType.Int64 or ParquetType.TimestampMicros => new NumberChunkEncoder<long>(field, options, static data => ((Int64Data)data).Values),
        ParquetType.Float => new NumberChunkEncoder<float>(field, options, static data => ((FloatData)data).Values),
        ParquetType.Double => new NumberChunkEncoder<double>(field, options, static data => ((DoubleData)data).Values),
        _ => new BytesChunkEncoder(field, options),
    };
}
