namespace OrleansLake.Parquet;

/// <summary>Values of an <see cref="ParquetType.Int32"/> or <see cref="ParquetType.Date"/> column.</summary>
/// <param name="values">One slot a row.</param>
/// <param name="validity">The rows that hold a value; empty: all.</param>
public sealed class Int32Data(ReadOnlyMemory<int> values, ReadOnlyMemory<ulong> validity = default)
    : ColumnData(values.Length, validity)
{
    /// <summary>Gets one slot a row.</summary>
    public ReadOnlyMemory<int> Values { get; } = values;
}
