using OrleansLake.Core.Reports;

namespace OrleansLake.Engine.Live;

/// <summary>The start of a live view: what a watcher begins with.</summary>
/// <param name="Counts">The counts, and the version.</param>
/// <param name="Tables">The reports that it asked for, in that order.</param>
public sealed record LiveStart(LiveCounts Counts, IReadOnlyList<ReportTable> Tables);
