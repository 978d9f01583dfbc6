using OrleansLake.Core.Reports;

namespace OrleansLake.Storage.Manifests;

/// <summary>The names that a report's columns have in Parquet files, and keep.</summary>
/// <param name="Report">The report's name.</param>
/// <param name="Names">The names, in the order in which they were given.</param>
public sealed record ReportNames(string Report, IReadOnlyList<KeptName> Names);
