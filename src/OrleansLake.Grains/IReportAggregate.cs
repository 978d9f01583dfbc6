using Orleans.Concurrency;

namespace OrleansLake.Grains;

/// <summary>
/// A grain that keeps rows of a report as they change: it follows every partition by its steps, and can be read at any of
/// the newest versions, so that what several grains say at one version belongs together. What it knows is a cache; its death
/// harms nothing.
/// </summary>
public interface IReportAggregate : IAddressable
{
    /// <summary>Returns its rows at a version.</summary>
    /// <param name="at">The version; null for now, with everything that is applied.</param>
    /// <param name="top">Only the first so many rows in the report's order; null for all.</param>
    [AlwaysInterleave, Alias("Read")]
    Task<AggregateResponse> ReadAsync(LakeVersion? at, int? top);
}
