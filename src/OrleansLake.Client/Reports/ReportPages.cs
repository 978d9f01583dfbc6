using OrleansLake.Core.Reports;

namespace OrleansLake.Client.Reports;

/// <summary>Answers a query from a whole report, for a host that has it.</summary>
internal static class ReportPages
{
    /// <summary>Returns the report of that name.</summary>
    /// <exception cref="LakeClientException">There is none.</exception>
    internal static ReportDefinition Definition(ReportCatalog reports, string name) => reports.Find(name)
        ?? throw new LakeClientException(LakeClientErrorKind.NotFound, $"There is no such report; there are {reports.Names}.");

    /// <summary>Returns the rows that a query wants of a report.</summary>
    internal static ReportSnapshot Of(ReportTable whole, ReportQuery query, ReportFiltering filtering, LakePosition position, DateTimeOffset time)
    {
        ReportTable table = filtering.Apply(whole);
        int inAll = Math.Min(table.RowCount, query.Filter.Top ?? int.MaxValue);
        int start = Math.Min(query.Skip, inAll);
        int count = Math.Min(inAll - start, query.Take ?? int.MaxValue);
        if (start > 0 || count < table.RowCount)
        {
            int[] rows = [.. Enumerable.Range(start, count)];
            table = table.Select(rows);
        }

        return new ReportSnapshot { Table = table, Position = position, Time = time, RowsInAll = inAll };
    }
}
