using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>
/// Follows a report (or a part of it) by its changes: what it was at the start and every change since make the table
/// as it is now. Rows are kept where they came; they are put together when the table is asked for.
/// </summary>
public sealed class ReportFold
{
    private readonly Dictionary<ReportRowKey, (ReportTable Table, int Row)> _rows = [];
    private ReportTable _layout;
    private ReportTable? _table;

    /// <summary>Starts from a table.</summary>
    public ReportFold(ReportTable start)
    {
        ArgumentNullException.ThrowIfNull(start);
        _layout = start;
        Reset(start);
    }

    /// <summary>Gets the current number of rows.</summary>
    public int RowCount => _rows.Count;

    /// <summary>Takes a table in the place of all that was known.</summary>
    public void Reset(ReportTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        _rows.Clear();
        _layout = table;
        Put(table);
        _table = table;
    }

    /// <summary>Applies a change.</summary>
    /// <param name="rows">New rows and rows with new values, with the columns of the report as they are now.</param>
    /// <param name="removed">Removed rows.</param>
    public void Apply(ReportTable rows, ReportTable removed)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(removed);
        for (int row = 0; row < removed.RowCount; row++)
        {
            _rows.Remove(new ReportRowKey(removed, row));
        }

        _layout = rows;
        Put(rows);
        _table = null;
    }

    /// <summary>Returns the table as it is now.</summary>
    public ReportTable ToTable() => _table ??= Build();

    private void Put(ReportTable table)
    {
        for (int row = 0; row < table.RowCount; row++)
        {
            _rows[new ReportRowKey(table, row)] = (table, row);
        }
    }

    private ReportTable Build()
    {
        (ReportTable Table, int Row)[] rows = [.. _rows.Values];
        Array.Sort(rows, Compare);
        var maps = new Dictionary<ReportTable, int[]>(ReferenceEqualityComparer.Instance);
        var starts = new int[rows.Length + 1];
        var totals = new long[rows.Length];
        var cells = new List<(int Column, long Count)>();
        var columns = new List<int>();
        var counts = new List<long>();
        for (int i = 0; i < rows.Length; i++)
        {
            (ReportTable table, int row) = rows[i];
            if (!maps.TryGetValue(table, out int[]? map))
            {
                maps.Add(table, map = MapColumns(table));
            }

            totals[i] = table.Totals[row];
            cells.Clear();
            ReadOnlySpan<int> from = table.CellColumns(row);
            ReadOnlySpan<long> values = table.CellCounts(row);
            for (int cell = 0; cell < from.Length; cell++)
            {
                if (map[from[cell]] >= 0)
                {
                    cells.Add((map[from[cell]], values[cell]));
                }
            }

            cells.Sort(static (a, b) => a.Column.CompareTo(b.Column));
            columns.AddRange(cells.Select(static cell => cell.Column));
            counts.AddRange(cells.Select(static cell => cell.Count));
            starts[i + 1] = columns.Count;
        }

        object[] keys = new object[_layout.KeyCount];
        for (int key = 0; key < keys.Length; key++)
        {
            keys[key] = KeyColumn(rows, key);
        }

        return _layout.WithRows(keys, totals, starts, [.. columns], [.. counts]);
    }

    private object KeyColumn((ReportTable Table, int Row)[] rows, int key)
    {
        switch (_layout.Columns[key].Type)
        {
            case ReportColumnType.LongNumber:
                return Numbers(rows, table => table.LongNumbers(key));
            case not ReportColumnType.Text:
                return Numbers(rows, table => table.Numbers(key));
        }

        var texts = new TextColumn();
        foreach ((ReportTable table, int row) in rows)
        {
            texts.AppendRow(table.Texts(key), row);
        }

        return texts;
    }

    private static NumberColumn<T> Numbers<T>((ReportTable Table, int Row)[] rows, Func<ReportTable, NumberColumn<T>> columnOf)
        where T : unmanaged
    {
        var numbers = new NumberColumn<T>();
        foreach ((ReportTable table, int row) in rows)
        {
            numbers.AppendRow(columnOf(table), row);
        }

        return numbers;
    }

    // From a table's counted columns to the layout's, by what they count; -1 for one that was removed.
    private int[] MapColumns(ReportTable table)
    {
        string?[] now = [.. _layout.Values];
        return [.. table.Values.Select(value => Array.IndexOf(now, value))];
    }

    private int Compare((ReportTable Table, int Row) a, (ReportTable Table, int Row) b) =>
        ReportRows.Compare(a.Table, a.Row, b.Table, b.Row);
}
