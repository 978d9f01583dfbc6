using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>Puts a report together from columns that were read back from a file.</summary>
public static class ReportColumns
{
    /// <summary>Returns the report that the columns were written from.</summary>
    /// <param name="definition">What was counted.</param>
    /// <param name="keys">The key columns: <see cref="TextColumn"/> or <see cref="NumberColumn{T}"/> of <see cref="int"/> or <see cref="long"/>, as the definition's fields are.</param>
    /// <param name="names">The counted columns' names, in order.</param>
    /// <param name="counts">The counted columns, in the same order.</param>
    /// <param name="totals">The rows' sums.</param>
    public static ReportTable ToTable(
        ReportDefinition definition, IReadOnlyList<object> keys, IReadOnlyList<string> names, IReadOnlyList<NumberColumn<long>> counts, long[] totals)
    {
        int[] starts = new int[totals.Length + 1];
        var columns = new List<int>();
        var cells = new List<long>();
        for (int row = 0; row < totals.Length; row++)
        {
            for (int column = 0; column < counts.Count; column++)
            {
                if (!counts[column].IsNull(row) && counts[column].Values[row] != 0)
                {
                    columns.Add(column);
                    cells.Add(counts[column].Values[row]);
                }
            }

            starts[row + 1] = columns.Count;
        }

        return new ReportTable(definition, [.. keys], [.. names], totals, starts, [.. columns], [.. cells]);
    }
}
