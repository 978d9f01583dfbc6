using System.Text;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>
/// Sums the shards' pivots into a report: rows and columns that nothing is counted in are left out, as a query over
/// the first occurrences would not have them; the rest is put in order. Takes time and room by the cells that are
/// counted, never by rows times columns.
/// </summary>
internal sealed class ReportBuilder
{
    private readonly ReportDefinition _definition;
    private readonly NameTable _eventTypes;
    private readonly NameTable _channels;
    private readonly TupleIndex _rows;
    private TupleIndex _columns = new(1);

    public ReportBuilder(ReportDefinition definition, NameTable eventTypes, NameTable channels)
    {
        _definition = definition;
        _eventTypes = eventTypes;
        _channels = channels;
        _rows = new TupleIndex(definition.RowKeys.Count);
    }

    public static ReportTable Build(ReportDefinition definition, NameTable eventTypes, NameTable channels, IReadOnlyList<Pivot> pivots) =>
        new ReportBuilder(definition, eventTypes, channels).BuildFrom(pivots);

    public static ReportTable Build(ReportDefinition definition, IReadOnlyList<ReportPart> parts)
    {
        var builder = new ReportBuilder(definition, new NameTable(), new NameTable());
        return builder.Build(builder.Sum(parts));
    }

    private ReportTable Build(CellSums cells)
    {
        int[] rowOrder = new int[_rows.Count];
        long[] totals = cells.RowTotals();
        (int[] columnRanks, string[] columnTexts) = OrderColumns();
        SortRows(rowOrder, totals);
        (int[] starts, int[] cellColumns, long[] cellCounts) = cells.InOrder(rowOrder, columnRanks);
        long[] orderedTotals = new long[rowOrder.Length];
        for (int i = 0; i < rowOrder.Length; i++)
        {
            orderedTotals[i] = totals[rowOrder[i]];
        }

        object[] keys = new object[_definition.RowKeys.Count];
        for (int key = 0; key < keys.Length; key++)
        {
            keys[key] = KeyColumn(key, rowOrder);
        }

        return new ReportTable(_definition, keys, columnTexts, orderedTotals, starts, cellColumns, cellCounts);
    }

    /// <summary>A report without rows, with these columns.</summary>
    public ReportTable BuildLayout(TupleIndex columns)
    {
        _columns = columns;
        return BuildFrom([]);
    }

    /// <summary>The places of columns among the counted ones.</summary>
    public int[] ColumnRanks(TupleIndex columns)
    {
        _columns = columns;
        return OrderColumns().Ranks;
    }

    /// <summary>Some rows of a report: those with a count, and those without (their keys).</summary>
    /// <param name="pivots">The shards' pivots.</param>
    /// <param name="touched">The rows.</param>
    /// <param name="columns">The columns of the whole report; nothing is counted in another.</param>
    /// <param name="layout">A report with these columns.</param>
    public (ReportTable Rows, ReportTable Removed) BuildRows(Pivot[] pivots, TupleIndex touched, TupleIndex columns, ReportTable layout)
    {
        _columns = columns;
        CellSums sums = CellSums.For(touched.Count, columns.Count, (long)touched.Count * columns.Count);
        foreach (Pivot pivot in pivots)
        {
            SumRows(pivot, touched, sums);
        }

        long[] totals = sums.RowTotals();
        var removed = new ReportBuilder(_definition, _eventTypes, _channels) { _columns = columns };
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
        int[] ranks = OrderColumns().Ranks;
        int[] order = new int[kept.Count];
        SortRows(order, keptTotals);
        (int[] starts, int[] cellColumns, long[] cellCounts) = sums.InOrder([.. order.Select(row => kept[row])], ranks);
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

    private ReportTable BuildFrom(IReadOnlyList<Pivot> pivots) => Build(Sum(pivots));

    /// <summary>The same over the parts of many partitions, each of which has codes of its own for names.</summary>
    private CellSums Sum(IReadOnlyList<ReportPart> parts)
    {
        var sum = new SparseCells();
        foreach (ReportPart part in parts)
        {
            var names = new PartNames(_definition, part.EventTypes, part.Channels, _eventTypes, _channels);
            int[] rowMap = new int[part.Rows.Count];
            for (int row = 0; row < rowMap.Length; row++)
            {
                rowMap[row] = names.GetOrAddRow(_rows, part.Rows[row], part.Rows.Nulls(row));
            }

            int[] columnMap = new int[part.Columns.Count];
            for (int column = 0; column < columnMap.Length; column++)
            {
                columnMap[column] = names.GetOrAddColumn(_columns, part.Columns[column], part.Columns.Nulls(column));
            }

            for (int index = 0; index < part.Cells.Count; index++)
            {
                sum.Add(rowMap[part.Cells.RowAt(index)], columnMap[part.Cells.ColumnAt(index)], part.Cells.CountAt(index));
            }
        }

        CellSums cells = CellSums.For(_rows.Count, _columns.Count, sum.Count);
        for (int index = 0; index < sum.Count; index++)
        {
            cells.Add(sum.RowAt(index), sum.ColumnAt(index), sum.CountAt(index));
        }

        return cells;
    }

    /// <summary>Numbers the rows and columns in which something is counted over all shards, and adds their cells up.</summary>
    private CellSums Sum(IReadOnlyList<Pivot> pivots)
    {
        int[][] rowMaps = new int[pivots.Count][];
        int[][] columnMaps = new int[pivots.Count][];
        long cellCount = 0;
        for (int i = 0; i < pivots.Count; i++)
        {
            rowMaps[i] = new int[pivots[i].Rows.Count];
            columnMaps[i] = new int[pivots[i].Columns.Count];
            cellCount += Number(pivots[i], rowMaps[i], columnMaps[i]);
        }

        CellSums cells = CellSums.For(_rows.Count, _columns.Count, cellCount);
        for (int i = 0; i < pivots.Count; i++)
        {
            Sum(pivots[i], rowMaps[i], columnMaps[i], cells);
        }

        return cells;
    }

    /// <summary>Fills the maps from a shard's rows and columns to the report's + 1; 0 is one without a count.</summary>
    private long Number(Pivot pivot, int[] rowMap, int[] columnMap)
    {
        long cellCount = 0;
        for (int row = 0; row < rowMap.Length; row++)
        {
            ReadOnlySpan<ushort> counts = pivot.DenseCounts(row);
            for (int column = 0; column < counts.Length; column++)
            {
                if (counts[column] != 0)
                {
                    Map(row, column);
                }
            }
        }

        for (int index = 0; index < (pivot.Sparse?.Count ?? 0); index++)
        {
            if (pivot.Sparse!.CountAt(index) != 0)
            {
                Map(pivot.Sparse.RowAt(index), pivot.Sparse.ColumnAt(index));
            }
        }

        return cellCount;

        void Map(int row, int column)
        {
            cellCount++;
            if (rowMap[row] == 0)
            {
                rowMap[row] = _rows.GetOrAdd(pivot.Rows[row], pivot.Rows.Nulls(row)) + 1;
            }

            if (columnMap[column] == 0)
            {
                columnMap[column] = _columns.GetOrAdd(pivot.Columns[column], pivot.Columns.Nulls(column)) + 1;
            }
        }
    }

    private static void Sum(Pivot pivot, int[] rowMap, int[] columnMap, CellSums cells)
    {
        for (int row = 0; row < rowMap.Length; row++)
        {
            ReadOnlySpan<ushort> counts = pivot.DenseCounts(row);
            for (int column = 0; column < counts.Length; column++)
            {
                if (counts[column] != 0)
                {
                    cells.Add(rowMap[row] - 1, columnMap[column] - 1, counts[column]);
                }
            }
        }

        for (int index = 0; index < (pivot.Sparse?.Count ?? 0); index++)
        {
            if (pivot.Sparse!.CountAt(index) is var count and not 0)
            {
                cells.Add(rowMap[pivot.Sparse.RowAt(index)] - 1, columnMap[pivot.Sparse.ColumnAt(index)] - 1, count);
            }
        }
    }

    /// <summary>The place of each column, and the names' texts in that order.</summary>
    private (int[] Ranks, string[] Texts) OrderColumns()
    {
        MessageField field = _definition.ColumnKey;
        int[] order = [.. Enumerable.Range(0, _columns.Count)];
        long[] keys = SortKeys(field, _columns, 0);
        Array.Sort(keys, order);
        int[] ranks = new int[order.Length];
        string[] texts = new string[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            ranks[order[i]] = i;
            texts[i] = ColumnText(field, order[i]);
        }

        return (ranks, texts);
    }

    private string ColumnText(MessageField field, int column)
    {
        int value = _columns[column][0];
        if (_columns.Nulls(column) != 0)
        {
            return "null";
        }

        return field switch
        {
            MessageField.EventType => Encoding.UTF8.GetString(_eventTypes[value]),
            MessageField.Channel => Encoding.UTF8.GetString(_channels[value]),
            MessageField.Date => DateOnly.FromDayNumber(value + LakeReports.DayNumberOf1970).ToString("O"),
            _ => value.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    private void SortRows(int[] rowOrder, long[] totals)
    {
        int width = _definition.RowKeys.Count;
        long[][] keys = new long[width][];
        for (int key = 0; key < width; key++)
        {
            keys[key] = SortKeys(_definition.RowKeys[key], _rows, key);
        }

        bool byTotal = _definition.Order == ReportOrder.ByTotalDescendingThenKeys;
        var sorted = new (long First, long Second, int Row)[rowOrder.Length];
        for (int row = 0; row < sorted.Length; row++)
        {
            sorted[row] = byTotal ? (-totals[row], keys[0][row], row) : (keys[0][row], width > 1 ? keys[1][row] : 0, row);
        }

        int compared = byTotal ? 1 : 2;
        if (width <= compared && SortPacked(sorted, rowOrder))
        {
            return;
        }

        Array.Sort(sorted, (a, b) =>
        {
            int order = a.First.CompareTo(b.First);
            order = order != 0 ? order : a.Second.CompareTo(b.Second);
            for (int key = compared; order == 0 && key < width; key++)
            {
                order = keys[key][a.Row].CompareTo(keys[key][b.Row]);
            }

            return order;
        });
        for (int i = 0; i < sorted.Length; i++)
        {
            rowOrder[i] = sorted[i].Row;
        }
    }

    // As single numbers, if both parts have room in one: some four times as fast as comparing them one after the other.
    private static bool SortPacked((long First, long Second, int Row)[] sorted, int[] rowOrder)
    {
        (long firstMin, int firstBits) = Span(sorted, static row => row.First);
        (long secondMin, int secondBits) = Span(sorted, static row => row.Second);
        if (firstBits + secondBits > 64)
        {
            return false;
        }

        ulong[] keys = new ulong[sorted.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = (Above(sorted[i].First, firstMin) << secondBits) | Above(sorted[i].Second, secondMin);
            rowOrder[i] = sorted[i].Row;
        }

        Array.Sort(keys, rowOrder);
        return true;

        // 0 is a null's.
        static ulong Above(long value, long min) => value == long.MinValue ? 0 : (ulong)(value - min) + 1;
    }

    // The least that is no null, and how many bits it takes to number what is there from it on.
    private static (long Min, int Bits) Span((long First, long Second, int Row)[] rows, Func<(long First, long Second, int Row), long> part)
    {
        long min = long.MaxValue;
        long max = long.MinValue;
        foreach ((long, long, int) row in rows)
        {
            long value = part(row);
            if (value != long.MinValue)
            {
                min = Math.Min(min, value);
                max = Math.Max(max, value);
            }
        }

        UInt128 count = max < min ? 0 : (UInt128)((Int128)max - min) + 1;
        return (min, 128 - (int)UInt128.LeadingZeroCount(count));
    }

    /// <summary>Numbers that order as the field's values do; a null's is the least.</summary>
    private long[] SortKeys(MessageField field, TupleIndex tuples, int place)
    {
        int[]? ranks = field switch
        {
            MessageField.EventType => NameRanks(_eventTypes),
            MessageField.Channel => NameRanks(_channels),
            _ => null,
        };
        long[] keys = new long[tuples.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            int value = tuples[i][place];
            keys[i] = (tuples.Nulls(i) >> place & 1) != 0 ? long.MinValue : ranks is null ? value : ranks[value];
        }

        return keys;
    }

    private static int[] NameRanks(NameTable names)
    {
        int[] order = [.. Enumerable.Range(0, names.Count)];
        Array.Sort(order, (a, b) => names[a].SequenceCompareTo(names[b]));
        int[] ranks = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            ranks[order[i]] = i;
        }

        return ranks;
    }

    private object KeyColumn(int key, int[] rowOrder)
    {
        MessageField field = _definition.RowKeys[key];
        if (ReportDefinition.ColumnType(field) == ReportColumnType.Text)
        {
            NameTable names = field == MessageField.EventType ? _eventTypes : _channels;
            var texts = new TextColumn();
            foreach (int row in rowOrder)
            {
                if ((_rows.Nulls(row) >> key & 1) != 0)
                {
                    texts.AppendNull();
                }
                else
                {
                    texts.Append(names[_rows[row][key]]);
                }
            }

            return texts;
        }

        var numbers = new NumberColumn<int>();
        foreach (int row in rowOrder)
        {
            if ((_rows.Nulls(row) >> key & 1) != 0)
            {
                numbers.AppendNull();
            }
            else
            {
                numbers.Append(_rows[row][key]);
            }
        }

        return numbers;
    }
}
