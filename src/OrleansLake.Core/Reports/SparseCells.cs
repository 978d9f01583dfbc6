using System.Numerics;

namespace OrleansLake.Core.Reports;

/// <summary>
/// Counts by (row, column) for the columns that are too many to hold densely: room is taken by the cells that were
/// counted, never by rows times columns.
/// </summary>
internal sealed class SparseCells
{
    private ulong[] _cells = [];     // row << 32 | column
    private long[] _counts = [];
    private int[] _slots = new int[16];
    private int _shift = 64 - 4;

    public int Count { get; private set; }

    public long MemoryBytes => ((long)(_cells.Length + _counts.Length) * sizeof(long)) + ((long)_slots.Length * sizeof(int));

    public int RowAt(int index) => (int)(_cells[index] >> 32);

    public int ColumnAt(int index) => (int)(uint)_cells[index];

    public long CountAt(int index) => _counts[index];

    /// <summary>The count of a cell; 0 if nothing was ever counted there.</summary>
    public long Find(int row, int column)
    {
        ulong cell = ((ulong)(uint)row << 32) | (uint)column;
        int slot = (int)(Hash(cell) >> _shift);
        while (_slots[slot] != 0)
        {
            int index = _slots[slot] - 1;
            if (_cells[index] == cell)
            {
                return _counts[index];
            }

            slot = (slot + 1) & (_slots.Length - 1);
        }

        return 0;
    }

    /// <summary>The cells with their indexes: none can be looked up or added.</summary>
    public SparseCells CopyNumbered() => new() { _cells = _cells[..Count], _counts = _counts[..Count], _slots = [], Count = Count };

    public void Add(int row, int column, long delta)
    {
        ulong cell = ((ulong)(uint)row << 32) | (uint)column;
        int slot = (int)(Hash(cell) >> _shift);
        while (_slots[slot] != 0)
        {
            int index = _slots[slot] - 1;
            if (_cells[index] == cell)
            {
                _counts[index] += delta;
                return;
            }

            slot = (slot + 1) & (_slots.Length - 1);
        }

        if (Count == _cells.Length)
        {
            int length = _cells.Length == 0 ? 16 : TupleIndex.GrownLength(_cells.Length);
            Array.Resize(ref _cells, length);
            Array.Resize(ref _counts, length);
        }

        _cells[Count] = cell;
        _counts[Count] = delta;
        _slots[slot] = ++Count;
        if (4L * Count > 3L * _slots.Length)
        {
            Rehash();
        }
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        _shift = 64 - BitOperations.Log2((uint)_slots.Length);
        for (int index = 0; index < Count; index++)
        {
            int slot = (int)(Hash(_cells[index]) >> _shift);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = index + 1;
        }
    }

    private static ulong Hash(ulong cell)
    {
        cell *= 0x9E3779B97F4A7C15;
        return (cell ^ (cell >> 32)) * 0xE7037ED1A0B428DB;
    }
}
