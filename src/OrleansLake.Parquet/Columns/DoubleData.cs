namespace OrleansLake.Parquet;

/// <summary>Values of a <see cref="ParquetType.Double"/> column.</summary>
/// <param name="values">One slot a row.</param>
/// <param name="validity">The rows that hold a value; empty: all.</param>
public sealed class DoubleData(ReadOnlyMemory<double> values, ReadOnlyMemory<ulong> validity = default)
    : ColumnData(values.Length, validity)
{
    /// <summary>Gets one slot a row.</summary>
    public ReadOnlyMemory<double> Values { get; } = values;
}
