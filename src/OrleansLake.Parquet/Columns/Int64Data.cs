namespace OrleansLake.Parquet;

/// <summary>Values of an <see cref="ParquetType.Int64"/> or <see cref="ParquetType.TimestampMicros"/> column.</summary>
/// <param name="values">One slot a row.</param>
/// <param name="validity">The rows that hold a value; empty: all.</param>
public sealed class Int64Data(ReadOnlyMemory<long> values, ReadOnlyMemory<ulong> validity = default)
    : ColumnData(values.Length, validity)
{
    /// <summary>Gets one slot a row.</summary>
    public ReadOnlyMemory<long> Values { get; } = values;
}
