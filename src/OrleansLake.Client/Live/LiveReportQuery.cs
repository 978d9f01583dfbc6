namespace OrleansLake.Client;

/// <summary>A report that is watched.</summary>
/// <param name="Report">Its name.</param>
/// <param name="Filter">The rows that are wanted.</param>
public sealed record LiveReportQuery(string Report, ReportFilter Filter);
