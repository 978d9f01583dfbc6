using System.Buffers;

namespace OrleansLake.Core.Reports;

/// <summary>
/// A report's cells while they are added up. They lie in a table of rows and columns while that is about as large as
/// the cells are many, and are hashed otherwise: memory is taken by cells, never by rows times columns. The table is rented.
/// </summary>
internal sealed class CellSums : IDisposable
{
    private const long TableCellsFloor = 1 << 16;

    private readonly int _rowCount;
    private readonly int _columnCount;
    private readonly int _tableLength;
    private long[]? _table;
    private readonly SparseCells _sparse = new();

    private CellSums(int rowCount, int columnCount, bool isTable)
    {
        _rowCount = rowCount;
        _columnCount = columnCount;
        if (isTable)
        {
            _tableLength = rowCount * columnCount;
            _table = ArrayPool<long>.Shared.Rent(_tableLength);
            _table.AsSpan(0, _tableLength).Clear();
        }
    }

    public static CellSums For(int rowCount, int columnCount, long cellCount)
    {
        long tableCells = (long)rowCount * columnCount;
        bool fits = tableCells <= Math.Max(TableCellsFloor, Math.Min(4 * cellCount, Array.MaxLength));
        return new CellSums(rowCount, columnCount, fits);
    }

    public void Add(int row, int column, long count)
    {
        if (_table is not null)
        {
            _table[((long)row * _columnCount) + column] += count;
        }
        else if (count != 0)
        {
            _sparse.Add(row, column, count);
        }
    }

    /// <summary>Adds the first columns of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="columns">Which columns these are.</param>
    /// <param name="counts">Their counts.</param>
    public void Add(int row, ReadOnlySpan<int> columns, ReadOnlySpan<ushort> counts)
    {
        columns = columns[..counts.Length];
        if (_table is null)
        {
            for (int i = 0; i < counts.Length; i++)
            {
                Add(row, columns[i], counts[i]);
            }

            return;
        }

        Span<long> sums = _table.AsSpan(row * _columnCount, _columnCount);
        for (int i = 0; i < counts.Length; i++)
        {
            sums[columns[i]] += counts[i];
        }
    }

    public long[] RowTotals()
    {
        long[] totals = new long[_rowCount];
        for (int row = 0; row < _rowCount && _table is not null; row++)
        {
            foreach (long count in _table.AsSpan(row * _columnCount, _columnCount))
            {
                totals[row] += count;
            }
        }

        for (int index = 0; index < _sparse.Count; index++)
        {
            totals[_sparse.RowAt(index)] += _sparse.CountAt(index);
        }

        return totals;
    }

    /// <summary>Returns the columns in which something is counted, ascending.</summary>
    public int[] LiveColumns()
    {
        bool[] live = new bool[_columnCount];
        for (int start = 0; start < _tableLength; start += _columnCount)
        {
            for (int column = 0; column < live.Length; column++)
            {
                live[column] |= _table![start + column] != 0;
            }
        }

        for (int index = 0; index < _sparse.Count; index++)
        {
            live[_sparse.ColumnAt(index)] |= _sparse.CountAt(index) != 0;
        }

        return [.. Enumerable.Range(0, live.Length).Where(column => live[column])];
    }

    /// <summary>Returns the cells of rows in their order (rows that are left out hold nothing), and within a row in the order of
    /// columns; and where each row's start.</summary>
    /// <param name="rowOrder">The rows.</param>
    /// <param name="columnOrder">The columns; one that is left out holds nothing.</param>
    public (int[] Starts, int[] Columns, long[] Counts) InOrder(int[] rowOrder, int[] columnOrder) =>
        _table is null ? SparseInOrder(rowOrder, columnOrder) : TableInOrder(_table.AsSpan(0, _tableLength), rowOrder, columnOrder);

    public void Dispose()
    {
        if (_table is not null)
        {
            ArrayPool<long>.Shared.Return(_table);
            _table = null;
        }
    }

    private (int[] Starts, int[] Columns, long[] Counts) TableInOrder(ReadOnlySpan<long> table, int[] rowOrder, int[] columnOrder)
    {
        int[] starts = new int[rowOrder.Length + 1];
        int cellCount = 0;
        foreach (long count in table)
        {
            cellCount += count != 0 ? 1 : 0;
        }

        int[] columns = new int[cellCount];
        long[] counts = new long[cellCount];
        int at = 0;
        for (int place = 0; place < rowOrder.Length; place++)
        {
            starts[place] = at;
            ReadOnlySpan<long> row = table.Slice(rowOrder[place] * _columnCount, _columnCount);
            for (int rank = 0; rank < columnOrder.Length; rank++)
            {
                if (row[columnOrder[rank]] is var count and not 0)
                {
                    columns[at] = rank;
                    counts[at++] = count;
                }
            }
        }

        starts[^1] = at;
        return (starts, columns, counts);
    }

    private (int[] Starts, int[] Columns, long[] Counts) SparseInOrder(int[] rowOrder, int[] columnOrder)
    {
        int[] places = new int[_rowCount];
        for (int place = 0; place < rowOrder.Length; place++)
        {
            places[rowOrder[place]] = place;
        }

        int[] ranks = new int[_columnCount];
        for (int rank = 0; rank < columnOrder.Length; rank++)
        {
            ranks[columnOrder[rank]] = rank;
        }

        int[] starts = new int[rowOrder.Length + 1];
        for (int index = 0; index < _sparse.Count; index++)
        {
            starts[places[_sparse.RowAt(index)] + 1] += _sparse.CountAt(index) != 0 ? 1 : 0;
        }

        for (int place = 1; place < starts.Length; place++)
        {
            starts[place] += starts[place - 1];
        }

        int[] next = [.. starts];
        int[] columns = new int[starts[^1]];
        long[] counts = new long[starts[^1]];
        for (int index = 0; index < _sparse.Count; index++)
        {
            if (_sparse.CountAt(index) != 0)
            {
                int at = next[places[_sparse.RowAt(index)]]++;
                columns[at] = ranks[_sparse.ColumnAt(index)];
                counts[at] = _sparse.CountAt(index);
            }
        }

        for (int place = 0; place < rowOrder.Length; place++)
        {
            Array.Sort(columns, counts, starts[place], starts[place + 1] - starts[place]);
        }

        return (starts, columns, counts);
    }
}
