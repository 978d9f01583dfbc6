using OrleansLake.Core.Reports;

namespace OrleansLake.Engine.Live;

/// <summary>The change between two versions, for one watcher.</summary>
/// <param name="Counts">The counts after it, and the version.</param>
/// <param name="Changes">By report, in the order of the catalog.</param>
public sealed record LiveStep(LiveCounts Counts, IReadOnlyList<ReportChange> Changes);
