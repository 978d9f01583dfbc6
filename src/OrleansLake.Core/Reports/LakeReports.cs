namespace OrleansLake.Core.Reports;

/// <summary>The reports that every lake keeps.</summary>
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

    /// <summary>Gets all of them.</summary>
    public static IReadOnlyList<ReportDefinition> All { get; } = [Report1, Report2];

    /// <summary>Gets their names with commas between, for a message.</summary>
    public static string Names => string.Join(", ", All.Select(static report => report.Name));

    /// <summary>Finds a report by its name, letter for letter; null if there is none.</summary>
    public static ReportDefinition? Find(string? name)
    {
        foreach (ReportDefinition report in All)
        {
            if (report.Name == name)
            {
                return report;
            }
        }

        return null;
    }

    /// <summary>Finds where in <see cref="All"/> a report is, which is where lists of one thing for each report have what is its own.</summary>
    /// <exception cref="ArgumentException">It is not one of them.</exception>
    public static int IndexOf(ReportDefinition report)
    {
        ArgumentNullException.ThrowIfNull(report);
        for (int i = 0; i < All.Count; i++)
        {
            if (All[i].Name == report.Name)
            {
                return i;
            }
        }

        throw new ArgumentException($"The lake keeps no report {report.Name}; there are {Names}.", nameof(report));
    }
}
