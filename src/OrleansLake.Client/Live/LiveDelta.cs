using OrleansLake.Core.Reports;

namespace OrleansLake.Client;

/// <summary>
/// The change of a report. To apply it: take <see cref="Columns"/> if it is not null (cells of rows that are not
/// named here are absent in a new column), drop the rows with the keys in <see cref="Removed"/>, and put
/// <see cref="Rows"/> in the place of those with the same keys. The order is the report's.
/// </summary>
/// <param name="Position">What the report is true as of then.</param>
/// <param name="Time">The time of that position.</param>
public sealed record LiveDelta(LakePosition Position, DateTimeOffset Time) : LiveUpdate(Position, Time)
{
    /// <summary>Gets the new rows and rows with new values, whole.</summary>
    public required ReportTable Rows { get; init; }

    /// <summary>Gets the removed rows: only their keys mean something.</summary>
    public required ReportTable Removed { get; init; }

    /// <summary>Gets the columns as they are now; null if they have not changed.</summary>
    public IReadOnlyList<ReportColumn>? Columns { get; init; }

    /// <summary>Gets the report's name.</summary>
    public string Report => Rows.Definition.Name;
}
