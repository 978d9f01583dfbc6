using OrleansLake.Core.State;
namespace OrleansLake.Engine.Live;

/// <summary>The lake's counts at a version.</summary>
/// <param name="At">The version.</param>
/// <param name="Total">The counts in all.</param>
/// <param name="NewestEvent">The latest timestamp that counts; null if there is none.</param>
public readonly record struct LiveCounts(LiveVersion At, LedgerCounts Total, DateTimeOffset? NewestEvent);
