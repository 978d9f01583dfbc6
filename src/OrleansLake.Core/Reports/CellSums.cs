namespace OrleansLake.Core.Reports;

/// <summary>
/// A report's cells while they are added up. They lie in a table of rows and columns while that is about as large as
/// the cells are many, and are hashed otherwise: room is taken by cells, never by rows times columns.
/// </summary>
internal sealed class CellSums
{
    private const long TableCellsFloor = 1 << 16;

    private readonly int _rowCount;
    private readonly int _columnCount;
    private readonly long[]? _table;
    private readonly SparseCells _sparse = new();

    private CellSums(int rowCount, int columnCount, long[]? table)
    {
        _rowCount = rowCount;
        _columnCount = columnCount;
        _table = table;
    }

    public static CellSums For(int rowCount, int columnCount, long cellCount)
    {
        long tableCells = (long)rowCount * columnCount;
        bool fits = tableCells <= Math.Max(TableCellsFloor, Math.Min(4 * cellCount, Array.MaxLength));
        return new CellSums(rowCount, columnCount, fits ? new long[tableCells] : null);
    }

    public void Add(int row, int column, long count)
    {
        if (_table is not null)
        {
            _table[((long)row * _columnCount) + column] += count;
        }
        else
        {
            _sparse.Add(row, column, count);
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

    /// <summary>The cells in the order of rows (rows that it leaves out hold nothing), and within a row of columns' ranks; and where each row's start.</summary>
    public (int[] Starts, int[] Columns, long[] Counts) InOrder(int[] rowOrder, int[] columnRanks) =>
        _table is null ? SparseInOrder(rowOrder, columnRanks) : TableInOrder(_table, rowOrder, columnRanks);

    private (int[] Starts, int[] Columns, long[] Counts) TableInOrder(long[] table, int[] rowOrder, int[] columnRanks)
    {
        int[] columnOrder = new int[_columnCount];
        int cellCount = 0;
        foreach (long count in table)
        {
            cellCount += count != 0 ? 1 : 0;
        }

        for (int column = 0; column < _columnCount; column++)
        {
            columnOrder[columnRanks[column]] = column;
        }

        int[] starts = new int[rowOrder.Length + 1];
        int[] columns = new int[cellCount];
        long[] counts = new long[cellCount];
        int at = 0;
        for (int place = 0; place < rowOrder.Length; place++)
        {
            starts[place] = at;
            ReadOnlySpan<long> row = table.AsSpan(rowOrder[place] * _columnCount, _columnCount);
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

    private (int[] Starts, int[] Columns, long[] Counts) SparseInOrder(int[] rowOrder, int[] columnRanks)
    {
        int[] places = new int[_rowCount];
        for (int place = 0; place < rowOrder.Length; place++)
        {
            places[rowOrder[place]] = place;
        }

        int[] starts = new int[rowOrder.Length + 1];
        for (int index = 0; index < _sparse.Count; index++)
        {
            starts[places[_sparse.RowAt(index)] + 1]++;
        }

        for (int place = 1; place < starts.Length; place++)
        {
            starts[place] += starts[place - 1];
        }

        int[] next = [.. starts];
        int[] columns = new int[_sparse.Count];
        long[] counts = new long[_sparse.Count];
        for (int index = 0; index < _sparse.Count; index++)
        {
            int at = next[places[_sparse.RowAt(index)]]++;
            columns[at] = columnRanks[_sparse.ColumnAt(index)];
            counts[at] = _sparse.CountAt(index);
        }

        for (int place = 0; place < rowOrder.Length; place++)
        {
            Array.Sort(columns, counts, starts[place], starts[place + 1] - starts[place]);
        }

        return (starts, columns, counts);
    }
}
