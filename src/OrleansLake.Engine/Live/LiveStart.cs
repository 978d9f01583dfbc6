using OrleansLake.Core.Reports;

namespace OrleansLake.Engine.Live;

/// <summary>Where a watcher starts.</summary>
/// <param name="Counts">The counts, and the moment.</param>
/// <param name="Tables">The reports that it asked for, in that order.</param>
public sealed record LiveStart(LiveCounts Counts, IReadOnlyList<ReportTable> Tables);
