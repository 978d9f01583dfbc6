namespace OrleansLake.Core.Reports;

/// <summary>
/// The change of a report between two versions. Rows are whole and have their new values, so applying a change twice,
/// or to a state that has a part of it already, gives the same.
/// </summary>
public sealed record ReportChange
{
    /// <summary>Gets the new rows and rows with new values, in the report's order, with the report's columns as they are now.</summary>
    public required ReportTable Rows { get; init; }

    /// <summary>Gets the removed rows: their keys, and totals of 0.</summary>
    public required ReportTable Removed { get; init; }

    /// <summary>Gets a value indicating whether a column came or went.</summary>
    public required bool ColumnsChanged { get; init; }

    /// <summary>Gets a value indicating whether nothing changed.</summary>
    public bool IsEmpty => Rows.RowCount == 0 && Removed.RowCount == 0 && !ColumnsChanged;
}
