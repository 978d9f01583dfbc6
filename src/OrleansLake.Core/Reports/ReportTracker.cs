namespace OrleansLake.Core.Reports;

/// <summary>The changes of a report that one watcher has not been given yet: the rows that were touched, and the layout that it knows.</summary>
internal sealed class ReportTracker(ReportTracking tracking, int width)
{
    private ReportTable _layout = tracking.Layout;

    public TupleIndex Touched { get; } = new(width);

    /// <summary>Returns the changes since the last call. All that was applied must have been collected.</summary>
    public ReportChange Take()
    {
        (ReportTable rows, ReportTable removed) = tracking.Rows(Touched);
        Touched.Clear();
        bool columnsChanged = !ReferenceEquals(_layout, tracking.Layout);
        _layout = tracking.Layout;
        return new ReportChange { Rows = rows, Removed = removed, ColumnsChanged = columnsChanged };
    }

    /// <summary>Returns the rows that changed since the last call, by what they stand for. All that was applied must have been collected.</summary>
    public List<ReportRow> IngestRows()
    {
        List<ReportRow> rows = tracking.NamedRows(Touched);
        Touched.Clear();
        _layout = tracking.Layout;
        return rows;
    }
}
