using OrleansLake.Client.Reports;
using OrleansLake.Core.Reports;

namespace OrleansLake.Client.Watching;

/// <summary>A report that someone watches: its filter, and its first rows where only these are wanted.</summary>
internal sealed class WatchedReport(ReportDefinition definition, ReportFilter filter)
{
    private readonly ReportFiltering _filtering = new(definition, filter);
    private TopRows? _top;

    internal ReportDefinition Definition => definition;

    /// <summary>Starts from the whole report and gives what is watched of it.</summary>
    internal ReportTable Start(ReportTable whole)
    {
        ReportTable filtered = _filtering.Apply(whole);
        if (filter.Top is not { } count)
        {
            return filtered;
        }

        _top = new TopRows(count, filtered);
        return _top.Shown;
    }

    /// <summary>Returns the part of a change that is watched; null if it must start again from the whole report.</summary>
    internal (ReportTable Rows, ReportTable Removed)? Change(ReportChange change)
    {
        ReportTable rows = _filtering.Apply(change.Rows);
        ReportTable removed = _filtering.Apply(change.Removed);
        return _top is null ? (rows, removed) : _top.Apply(rows, removed);
    }
}
