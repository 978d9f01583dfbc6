namespace OrleansLake.Core.Reports;

/// <summary>Counts by (row, column), one after the other; where a cell occurs in it twice, its count is the sum.</summary>
internal sealed class CellList
{
    private ulong[] _cells = [];     // row << 32 | column
    private long[] _counts = [];

    public int Count { get; private set; }

    public long MemoryBytes => (long)(_cells.Length + _counts.Length) * sizeof(long);

    public static ulong Cell(int row, int column) => ((ulong)(uint)row << 32) | (uint)column;

    public ulong CellAt(int index) => _cells[index];

    public int RowAt(int index) => (int)(_cells[index] >> 32);

    public int ColumnAt(int index) => (int)(uint)_cells[index];

    public ref long CountAt(int index) => ref _counts[index];

    public void Add(int row, int column, long count)
    {
        if (Count == _cells.Length)
        {
            int length = _cells.Length == 0 ? 16 : TupleIndex.GrownLength(_cells.Length);
            Array.Resize(ref _cells, length);
            Array.Resize(ref _counts, length);
        }

        _cells[Count] = Cell(row, column);
        _counts[Count++] = count;
    }

    public CellList Copy() => new() { _cells = _cells[..Count], _counts = _counts[..Count], Count = Count };
}
