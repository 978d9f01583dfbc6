namespace OrleansLake.Core.Reports;

/// <summary>A count for each value of a column key: what says whether a report has that column.</summary>
internal sealed class ColumnSums
{
    private readonly TupleIndex _columns = new(1);
    private long[] _sums = new long[16];

    public int Count => _columns.Count;

    public ReadOnlySpan<int> this[int index] => _columns[index];

    public byte Nulls(int index) => _columns.Nulls(index);

    public long Sum(int index) => _sums[index];

    public void Add(ReadOnlySpan<int> column, byte nulls, long count)
    {
        int index = _columns.GetOrAdd(column, nulls);
        if (index >= _sums.Length)
        {
            Array.Resize(ref _sums, _sums.Length * 2);
        }

        _sums[index] += count;
    }

    public void Add(ColumnSums other)
    {
        for (int i = 0; i < other.Count; i++)
        {
            Add(other[i], other.Nulls(i), other.Sum(i));
        }
    }

    public void Clear()
    {
        Array.Clear(_sums, 0, Math.Min(_sums.Length, Count));
        _columns.Clear();
    }
}
