using OrleansLake.Core.Reports;

namespace OrleansLake.Client.Watching;

/// <summary>Computes the difference between two states of a report.</summary>
internal static class ReportDifference
{
    /// <summary>Returns new rows and rows with new values, whole, and removed rows.</summary>
    internal static (ReportTable Rows, ReportTable Removed) Of(ReportTable before, ReportTable now)
    {
        var was = new Dictionary<ReportRowKey, int>();
        for (int row = 0; row < before.RowCount; row++)
        {
            was[new ReportRowKey(before, row)] = row;
        }

        var changed = new List<int>();
        for (int row = 0; row < now.RowCount; row++)
        {
            if (!was.Remove(new ReportRowKey(now, row), out int old) || !ReportRows.AreEqual(before, old, now, row))
            {
                changed.Add(row);
            }
        }

        return (now.Select([.. changed]), before.Select([.. was.Values]));
    }
}
