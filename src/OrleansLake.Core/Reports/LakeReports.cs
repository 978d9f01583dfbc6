namespace OrleansLake.Core.Reports;

/// <summary>The reports that a lake keeps unless its options name others.</summary>
public static class LakeReports
{
    /// <summary>Gets the report by date and channel: how often each event type occurred, and the total.</summary>
    public static ReportDefinition Report1 { get; } = new()
    {
        Name = "report1",
        RowKeys = [MessageField.Date, MessageField.Channel],
        ColumnKey = MessageField.EventType,
        AbsentCell = AbsentCell.Null,
        TotalColumn = "total",
        TotalPlace = TotalPlace.Last,
        TotalIsRequired = true,
        Order = ReportOrder.ByKeys,
    };

    /// <summary>Gets the report by user: the sum, then how often each channel was used; the most active first.</summary>
    public static ReportDefinition Report2 { get; } = new()
    {
        Name = "report2",
        RowKeys = [MessageField.UserId],
        ColumnKey = MessageField.Channel,
        AbsentCell = AbsentCell.Zero,
        TotalColumn = "iterations",
        TotalPlace = TotalPlace.AfterKeys,
        Order = ReportOrder.ByTotalDescendingThenKeys,
    };

    /// <summary>The <see cref="DateOnly.DayNumber"/> of 1970-01-01, from which the lake counts its days.</summary>
    internal const int DayNumberOf1970 = 719162;

    /// <summary>Gets the two of them, which a lake keeps unless its options name others.</summary>
    public static ReportCatalog All { get; } = new(Report1, Report2);
}
