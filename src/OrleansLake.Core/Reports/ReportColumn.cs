namespace OrleansLake.Core.Reports;

/// <summary>One column of a report, as files declare it.</summary>
/// <param name="Name">Its name: distinct within the report when case is ignored.</param>
/// <param name="Type">What it holds.</param>
/// <param name="IsRequired">Whether files declare that it holds no null.</param>
public sealed record ReportColumn(string Name, ReportColumnType Type, bool IsRequired);
