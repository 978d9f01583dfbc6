using OrleansLake.Core.Reports;

namespace OrleansLake.Client.Watching;

/// <summary>
/// The first N rows of a report that changes, without keeping the whole of it: beside the N there are as many again in
/// reserve, and the best place that a row outside can have. A row that sinks below that place leaves; when the reserve
/// is used up, it must start over from the whole report.
/// </summary>
internal sealed class TopRows
{
    private readonly int _count;
    private ReportFold _kept;
    private ReportTable? _boundary;    // one row; null: no row is outside
    private ReportTable _shown;

    /// <param name="count">N.</param>
    /// <param name="whole">The whole report (as far as it is filtered) now.</param>
    internal TopRows(int count, ReportTable whole)
    {
        _count = count;
        int kept = (int)Math.Min(2L * _count, whole.RowCount);
        _boundary = kept < whole.RowCount ? whole.Select([kept]) : null;
        _kept = new ReportFold(First(whole, kept));
        _shown = First(whole, count);
    }

    /// <summary>Gets the first rows as they are now.</summary>
    internal ReportTable Shown => _shown;

    /// <summary>
    /// Applies a change of the report and gives the change of its first rows; null if the reserve is used up and it must
    /// start over from the whole report.
    /// </summary>
    internal (ReportTable Rows, ReportTable Removed)? Apply(ReportTable rows, ReportTable removed)
    {
        ReportTable before = _shown;
        _kept.Apply(rows, removed);
        ReportTable now = _kept.ToTable();
        int inside = InsideOf(now);
        if (_boundary is not null && inside < _count)
        {
            return null;
        }

        int kept = (int)Math.Min(inside, 2L * _count);
        if (kept < now.RowCount)
        {
            // What leaves is the best outside, unless something outside was as good already.
            _boundary = Better(_boundary, now.Select([kept]));
            _kept = new ReportFold(First(now, kept));
            now = _kept.ToTable();
        }

        _shown = First(now, _count);
        return ReportDifference.Of(before, _shown);
    }

    // How many of the kept rows come before everything that is outside.
    private int InsideOf(ReportTable table)
    {
        int inside = table.RowCount;
        while (_boundary is not null && inside > 0 && ReportRows.Compare(table, inside - 1, _boundary, 0) > 0)
        {
            inside--;
        }

        return inside;
    }

    private static ReportTable Better(ReportTable? boundary, ReportTable row) =>
        boundary is null || ReportRows.Compare(row, 0, boundary, 0) < 0 ? row : boundary;

    private static ReportTable First(ReportTable table, int count)
    {
        if (table.RowCount <= count)
        {
            return table;
        }

        int[] rows = [.. Enumerable.Range(0, count)];
        return table.Select(rows);
    }
}
