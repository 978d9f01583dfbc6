using OrleansLake.Core.Reports;

namespace OrleansLake.Client;

/// <summary>A report, or a part of it, at a position.</summary>
public sealed record ReportSnapshot
{
    /// <summary>Gets the rows, in the report's order, with the columns of the whole report.</summary>
    public required ReportTable Table { get; init; }

    /// <summary>Gets the position that it is true as of.</summary>
    public required LakePosition Position { get; init; }

    /// <summary>Gets the time of that position.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Gets the number of rows that the filter lets through, over all pages.</summary>
    public required int RowsInAll { get; init; }

    /// <summary>Gets the report's name.</summary>
    public string Report => Table.Definition.Name;
}
