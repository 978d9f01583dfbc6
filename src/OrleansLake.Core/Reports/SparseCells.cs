using System.Numerics;

namespace OrleansLake.Core.Reports;

/// <summary>
/// Counts by (row, column) for the columns that are too many to hold densely: memory is taken by the cells that were
/// counted, never by rows times columns.
/// </summary>
internal sealed class SparseCells
{
    private readonly CellList _cells;
    private int[] _slots;      // index + 1; 0 is free
    private int _shift = 64 - 4;

    public SparseCells()
        : this(new CellList(), new int[16])
    {
    }

    private SparseCells(CellList cells, int[] slots)
    {
        _cells = cells;
        _slots = slots;
    }

    public int Count => _cells.Count;

    public long MemoryBytes => _cells.MemoryBytes + ((long)_slots.Length * sizeof(int));

    /// <summary>Gets the cells, each once. To be read.</summary>
    public CellList Cells => _cells;

    public int RowAt(int index) => _cells.RowAt(index);

    public int ColumnAt(int index) => _cells.ColumnAt(index);

    public long CountAt(int index) => _cells.CountAt(index);

    /// <summary>Returns the count of a cell; 0 if nothing was ever counted there.</summary>
    public long Find(int row, int column)
    {
        ulong cell = CellList.Cell(row, column);
        int slot = (int)(Hash(cell) >> _shift);
        while (_slots[slot] != 0)
        {
            int index = _slots[slot] - 1;
            if (_cells.CellAt(index) == cell)
            {
                return _cells.CountAt(index);
            }

            slot = (slot + 1) & (_slots.Length - 1);
        }

        return 0;
    }

    /// <summary>Returns the cells with their indexes: none can be looked up or added.</summary>
    public SparseCells CopyNumbered() => new(_cells.Copy(), []);

    public void Add(int row, int column, long delta)
    {
        ulong cell = CellList.Cell(row, column);
        int slot = (int)(Hash(cell) >> _shift);
        while (_slots[slot] != 0)
        {
            int index = _slots[slot] - 1;
            if (_cells.CellAt(index) == cell)
            {
                _cells.CountAt(index) += delta;
                return;
            }

            slot = (slot + 1) & (_slots.Length - 1);
        }

        _cells.Add(row, column, delta);
        _slots[slot] = Count;
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
            int slot = (int)(Hash(_cells.CellAt(index)) >> _shift);
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
