using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>
/// Sums the shards' pivots into a report: rows and columns that nothing is counted in are left out, as a query over
/// the first occurrences would not have them; the rest is put in order. Takes time and memory by the cells that are
/// counted, never by rows times columns.
/// </summary>
internal sealed class ReportBuilder
{
    private readonly ReportDefinition _definition;
    private readonly FieldNames _names;
    private readonly ReportSort _sort;
    private TupleIndex _rows;
    private TupleIndex _columns = new(1);

    public ReportBuilder(ReportDefinition definition, FieldNames names)
    {
        _definition = definition;
        _names = names;
        _sort = new ReportSort(definition, names);
        _rows = new TupleIndex(definition.RowKeys.Count);
    }

    /// <summary>Returns the report over all shards.</summary>
    /// <param name="definition">What was counted.</param>
    /// <param name="names">The names by their codes.</param>
    /// <param name="pivots">The shards' pivots.</param>
    /// <param name="numbering">What is known of their rows from reports before; a caller that finds it in use does without.</param>
    public static ReportTable Build(ReportDefinition definition, FieldNames names, IReadOnlyList<Pivot> pivots, RowNumbering numbering) =>
        With(definition, pivots, numbering, known => new ReportBuilder(definition, names).Build(pivots, known));

    public static ReportTable Build(ReportDefinition definition, IReadOnlyList<ReportPart> parts)
    {
        var builder = new ReportBuilder(definition, new FieldNames(definition.Ids));
        using CellSums cells = builder.Sum(parts);
        return builder.Build(cells, [.. Enumerable.Range(0, builder._rows.Count)], cells.RowTotals(), [.. Enumerable.Range(0, builder._columns.Count)]);
    }

    /// <summary>Returns the same as a part, to be added to the parts of other partitions.</summary>
    public static ReportPart BuildPart(ReportDefinition definition, FieldNames names, IReadOnlyList<Pivot> pivots, RowNumbering numbering) =>
        With(definition, pivots, numbering, known => new ReportBuilder(definition, names).BuildPart(pivots, known));

    private static T With<T>(ReportDefinition definition, IReadOnlyList<Pivot> pivots, RowNumbering numbering, Func<RowNumbering, T> build)
    {
        if (numbering.TryTake())
        {
            try
            {
                if (!numbering.IsPast(pivots))
                {
                    return build(numbering);
                }
            }
            finally
            {
                numbering.Return();
            }
        }

        return build(new RowNumbering(definition.RowKeys.Count));
    }

    private ReportTable Build(IReadOnlyList<Pivot> pivots, RowNumbering numbering)
    {
        using CellSums cells = Sum(pivots, numbering);
        long[] totals = cells.RowTotals();
        return Build(cells, LiveRows(totals), totals, cells.LiveColumns());
    }

    private ReportPart BuildPart(IReadOnlyList<Pivot> pivots, RowNumbering numbering)
    {
        using CellSums cells = Sum(pivots, numbering);
        int[] liveRows = LiveRows(cells.RowTotals());
        int[] liveColumns = cells.LiveColumns();
        var names = new PartNames(_definition, _names, new FieldNames(_names.Ids));
        var rows = new TupleIndex(_definition.RowKeys.Count);
        var columns = new TupleIndex(1);
        foreach (int row in liveRows)
        {
            names.GetOrAddRow(rows, _rows[row], _rows.Nulls(row));
        }

        foreach (int column in liveColumns)
        {
            names.GetOrAddColumn(columns, _columns[column], _columns.Nulls(column));
        }

        (int[] starts, int[] cellColumns, long[] cellCounts) = cells.InOrder(liveRows, liveColumns);
        var list = new CellList();
        for (int row = 0; row < liveRows.Length; row++)
        {
            for (int cell = starts[row]; cell < starts[row + 1]; cell++)
            {
                list.Add(row, cellColumns[cell], cellCounts[cell]);
            }
        }

        return new ReportPart(_definition, names.Own, rows, columns, list);
    }

    private ReportTable Build(CellSums cells, int[] rows, long[] totals, int[] columns)
    {
        string?[] values = _sort.Columns(_columns, columns);
        _sort.Rows(_rows, rows, totals);
        (int[] starts, int[] cellColumns, long[] cellCounts) = cells.InOrder(rows, columns);
        long[] orderedTotals = new long[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            orderedTotals[i] = totals[rows[i]];
        }

        object[] keys = new object[_definition.RowKeys.Count];
        for (int key = 0; key < keys.Length; key++)
        {
            keys[key] = KeyColumn(key, rows);
        }

        return new ReportTable(_definition, keys, values, orderedTotals, starts, cellColumns, cellCounts);
    }

    /// <summary>Returns a report without rows, with these columns.</summary>
    public ReportTable BuildLayout(TupleIndex columns)
    {
        _columns = columns;
        using CellSums nothing = CellSums.For(0, columns.Count, 0);
        return Build(nothing, [], [], [.. Enumerable.Range(0, columns.Count)]);
    }

    /// <summary>Builds some rows of a report: those with a count, and those without (their keys).</summary>
    /// <param name="pivots">The shards' pivots.</param>
    /// <param name="touched">The rows.</param>
    /// <param name="columns">The columns of the whole report; nothing is counted in another.</param>
    /// <param name="layout">A report with these columns.</param>
    public (ReportTable Rows, ReportTable Removed) BuildRows(Pivot[] pivots, TupleIndex touched, TupleIndex columns, ReportTable layout)
    {
        _columns = columns;
        using CellSums sums = CellSums.For(touched.Count, columns.Count, (long)touched.Count * columns.Count);
        foreach (Pivot pivot in pivots)
        {
            SumRows(pivot, touched, sums);
        }

        long[] totals = sums.RowTotals();
        var removed = new ReportBuilder(_definition, _names) { _columns = columns };
        var kept = new List<int>(touched.Count);
        for (int row = 0; row < touched.Count; row++)
        {
            (totals[row] == 0 ? removed : this)._rows.GetOrAdd(touched[row], touched.Nulls(row));
            if (totals[row] != 0)
            {
                kept.Add(row);
            }
        }

        long[] keptTotals = [.. kept.Select(row => totals[row])];
        int[] columnOrder = [.. Enumerable.Range(0, columns.Count)];
        _sort.Columns(_columns, columnOrder);
        int[] order = [.. Enumerable.Range(0, kept.Count)];
        _sort.Rows(_rows, order, keptTotals);
        (int[] starts, int[] cellColumns, long[] cellCounts) = sums.InOrder([.. order.Select(row => kept[row])], columnOrder);
        ReportTable rows = layout.WithRows(
            [.. Enumerable.Range(0, _definition.RowKeys.Count).Select(key => KeyColumn(key, order))],
            [.. order.Select(row => keptTotals[row])], starts, cellColumns, cellCounts);
        int[] all = [.. Enumerable.Range(0, removed._rows.Count)];
        ReportTable gone = layout.WithRows(
            [.. Enumerable.Range(0, _definition.RowKeys.Count).Select(key => removed.KeyColumn(key, all))],
            new long[all.Length], new int[all.Length + 1], [], []);
        return (rows, gone);
    }

    private void SumRows(Pivot pivot, TupleIndex touched, CellSums sums)
    {
        int[] columnMap = new int[pivot.Columns.Count];
        for (int column = 0; column < columnMap.Length; column++)
        {
            columnMap[column] = _columns.Find(pivot.Columns[column], pivot.Columns.Nulls(column));
        }

        // Of cells that are hashed either those of the touched rows are looked up or all are gone through: what is less.
        SparseCells? sparse = pivot.Sparse;
        bool looksUp = sparse is not null && (long)touched.Count * columnMap.Length < sparse.Count;
        int[]? places = sparse is null || looksUp ? null : new int[pivot.Rows.Count];
        for (int place = 0; place < touched.Count; place++)
        {
            int row = pivot.Rows.Find(touched[place], touched.Nulls(place));
            if (row < 0)
            {
                continue;
            }

            ReadOnlySpan<ushort> counts = pivot.DenseCounts(row);
            for (int column = 0; column < counts.Length; column++)
            {
                Add(place, column, counts[column]);
            }

            for (int column = 0; looksUp && column < columnMap.Length; column++)
            {
                Add(place, column, sparse!.Find(row, column));
            }

            if (places is not null)
            {
                places[row] = place + 1;
            }
        }

        for (int index = 0; places is not null && index < sparse!.Count; index++)
        {
            if (places[sparse.RowAt(index)] is var place and not 0)
            {
                Add(place - 1, sparse.ColumnAt(index), sparse.CountAt(index));
            }
        }

        void Add(int place, int column, long count)
        {
            if (count != 0 && columnMap[column] >= 0)
            {
                sums.Add(place, columnMap[column], count);
            }
        }
    }

    /// <summary>Returns the same over the parts of many partitions, each of which has codes of its own for names.</summary>
    private CellSums Sum(IReadOnlyList<ReportPart> parts)
    {
        int[][] rowMaps = new int[parts.Count][];
        int[][] columnMaps = new int[parts.Count][];
        for (int i = 0; i < parts.Count; i++)
        {
            ReportPart part = parts[i];
            var names = new PartNames(_definition, part.Names, _names);
            rowMaps[i] = new int[part.Rows.Count];
            for (int row = 0; row < rowMaps[i].Length; row++)
            {
                rowMaps[i][row] = names.GetOrAddRow(_rows, part.Rows[row], part.Rows.Nulls(row));
            }

            columnMaps[i] = new int[part.Columns.Count];
            for (int column = 0; column < columnMaps[i].Length; column++)
            {
                columnMaps[i][column] = names.GetOrAddColumn(_columns, part.Columns[column], part.Columns.Nulls(column));
            }
        }

        CellSums cells = CellSums.For(_rows.Count, _columns.Count, parts.Sum(static part => (long)part.Cells.Count));
        for (int i = 0; i < parts.Count; i++)
        {
            CellList part = parts[i].Cells;
            for (int index = 0; index < part.Count; index++)
            {
                cells.Add(rowMaps[i][part.RowAt(index)], columnMaps[i][part.ColumnAt(index)], part.CountAt(index));
            }
        }

        return cells;
    }

    /// <summary>Numbers the rows and columns of all shards, and adds their cells up.</summary>
    private CellSums Sum(IReadOnlyList<Pivot> pivots, RowNumbering numbering)
    {
        numbering.Take(pivots);
        _rows = numbering.Rows;
        int[][] columnMaps = new int[pivots.Count][];
        for (int i = 0; i < pivots.Count; i++)
        {
            columnMaps[i] = new int[pivots[i].Columns.Count];
            for (int column = 0; column < columnMaps[i].Length; column++)
            {
                columnMaps[i][column] = _columns.GetOrAdd(pivots[i].Columns[column], pivots[i].Columns.Nulls(column));
            }
        }

        // So few columns are a table's, whatever is counted in them.
        bool areFew = _columns.Count <= Pivot.DenseColumnsMax;
        CellSums cells = CellSums.For(_rows.Count, _columns.Count, areFew ? (long)_rows.Count * _columns.Count : pivots.Sum(static pivot => pivot.CellCount));
        for (int i = 0; i < pivots.Count; i++)
        {
            Sum(pivots[i], numbering[i], columnMaps[i], cells);
        }

        return cells;
    }

    private static void Sum(Pivot pivot, ReadOnlySpan<int> rowMap, int[] columnMap, CellSums cells)
    {
        for (int row = 0; row < pivot.Rows.Count; row++)
        {
            cells.Add(rowMap[row], columnMap, pivot.DenseCounts(row));
        }

        for (int index = 0; index < (pivot.Sparse?.Count ?? 0); index++)
        {
            cells.Add(rowMap[pivot.Sparse!.RowAt(index)], columnMap[pivot.Sparse.ColumnAt(index)], pivot.Sparse.CountAt(index));
        }
    }

    private static int[] LiveRows(long[] totals)
    {
        int count = 0;
        foreach (long total in totals)
        {
            count += total != 0 ? 1 : 0;
        }

        int[] rows = new int[count];
        int at = 0;
        for (int row = 0; row < totals.Length; row++)
        {
            if (totals[row] != 0)
            {
                rows[at++] = row;
            }
        }

        return rows;
    }

    private object KeyColumn(int key, int[] rowOrder)
    {
        MessageField field = _definition.RowKeys[key];
        NameTable? names = _names.Of(field);
        switch (_definition.ColumnType(field))
        {
            case ReportColumnType.Text:
                var texts = new TextColumn();
                foreach (int row in rowOrder)
                {
                    if ((_rows.Nulls(row) >> key & 1) != 0)
                    {
                        texts.AppendNull();
                    }
                    else
                    {
                        texts.Append(names![_rows[row][key]]);
                    }
                }

                return texts;
            case ReportColumnType.LongNumber:
                return Numbers(key, rowOrder, code => IdColumn.NumberOf(names![code]));
            default:
                return Numbers(key, rowOrder, static number => number);
        }
    }

    private NumberColumn<T> Numbers<T>(int key, int[] rowOrder, Func<int, T> numberOf)
        where T : unmanaged
    {
        var numbers = new NumberColumn<T>();
        numbers.Reserve(rowOrder.Length);
        foreach (int row in rowOrder)
        {
            if ((_rows.Nulls(row) >> key & 1) != 0)
            {
                numbers.AppendNull();
            }
            else
            {
                numbers.Append(numberOf(_rows[row][key]));
            }
        }

        return numbers;
    }
}
