using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>Rows of reports of one definition, compared over tables.</summary>
public static class ReportRows
{
    /// <summary>Returns the order of two rows in their report.</summary>
    public static int Compare(ReportTable left, int leftRow, ReportTable right, int rightRow)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.Definition.Order == ReportOrder.ByTotalDescendingThenKeys && left.Totals[leftRow] != right.Totals[rightRow])
        {
            return right.Totals[rightRow].CompareTo(left.Totals[leftRow]);
        }

        for (int key = 0; key < left.KeyCount; key++)
        {
            int order = left.Columns[key].Type switch
            {
                ReportColumnType.Text => Compare(left.Texts(key), leftRow, right.Texts(key), rightRow),
                ReportColumnType.LongNumber => Compare(left.LongNumbers(key), leftRow, right.LongNumbers(key), rightRow),
                _ => Compare(left.Numbers(key), leftRow, right.Numbers(key), rightRow),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    /// <summary>Returns whether two rows with the same keys have the same counts of the same.</summary>
    public static bool AreEqual(ReportTable left, int leftRow, ReportTable right, int rightRow)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return left.Totals[leftRow] == right.Totals[rightRow]
            && left.CellCounts(leftRow).SequenceEqual(right.CellCounts(rightRow))
            && (ReferenceEquals(left.Columns, right.Columns) || left.Values.SequenceEqual(right.Values)
                ? left.CellColumns(leftRow).SequenceEqual(right.CellColumns(rightRow))
                : ValuesOf(left, leftRow).SequenceEqual(ValuesOf(right, rightRow)));
    }

    private static List<string?> ValuesOf(ReportTable table, int row)
    {
        var values = new List<string?>();
        foreach (int counted in table.CellColumns(row))
        {
            values.Add(table.Values[counted]);
        }

        return values;
    }

    // A null comes first.
    private static int Compare(TextColumn left, int leftRow, TextColumn right, int rightRow) =>
        left.IsNull(leftRow) || right.IsNull(rightRow)
            ? right.IsNull(rightRow).CompareTo(left.IsNull(leftRow))
            : left[leftRow].SequenceCompareTo(right[rightRow]);

    private static int Compare<T>(NumberColumn<T> left, int leftRow, NumberColumn<T> right, int rightRow)
        where T : unmanaged, IComparable<T> =>
        left.IsNull(leftRow) || right.IsNull(rightRow)
            ? right.IsNull(rightRow).CompareTo(left.IsNull(leftRow))
            : left.Values[leftRow].CompareTo(right.Values[rightRow]);
}
