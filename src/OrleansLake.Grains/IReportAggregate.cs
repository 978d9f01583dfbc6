using Orleans.Concurrency;

namespace OrleansLake.Grains;

/// <summary>
/// A grain that keeps rows of a report as they change: it follows every partition by its steps, and can be read at any of
/// the newest moments, so that what several grains say at one moment belongs together. What it knows is a cache; its death
/// harms nothing.
/// </summary>
public interface IReportAggregate : IAddressable
{
    /// <summary>Returns its rows at a moment.</summary>
    /// <param name="at">The moment; null for now, with everything that is applied.</param>
    /// <param name="top">Only the first so many rows in the report's order; null for all.</param>
    [AlwaysInterleave, Alias("Read")]
    Task<AggregateReadout> ReadAsync(LakeMoment? at, int? top);
}
