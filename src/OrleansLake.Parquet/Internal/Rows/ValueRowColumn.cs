namespace OrleansLake.Parquet.Internal.Rows;

/// <summary>Collects values of one size.</summary>
internal sealed class ValueRowColumn<T, TValue>(
    Func<T, TValue?> valueOf, Func<ReadOnlyMemory<TValue>, ReadOnlyMemory<ulong>, ColumnData> dataOf) : RowColumn<T>
    where TValue : unmanaged
{
    private TValue[] _values = new TValue[1024];

    public override void Add(T row)
    {
        TValue? value = valueOf(row);
        Grow(ref _values, Count + 1);
        _values[Count] = value.GetValueOrDefault();
        Advance(value.HasValue);
    }

    public override ColumnData ToData() => dataOf(_values.AsMemory(0, Count), Validity);
}
