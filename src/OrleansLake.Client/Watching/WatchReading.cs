using OrleansLake.Core.Reports;

namespace OrleansLake.Client.Watching;

/// <summary>Reports at one version, for a watcher.</summary>
/// <param name="Status">The counts, and the version.</param>
/// <param name="Tables">The reports that it watches, whole, in the order in which it asked for them.</param>
internal sealed record WatchReading(LiveStatus Status, IReadOnlyList<ReportTable> Tables);
