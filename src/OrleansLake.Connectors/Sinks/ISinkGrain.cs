using Orleans.Concurrency;

namespace OrleansLake.Connectors.Sinks;

/// <summary>
/// Writes one sink from the silo that it is on. Its key is the sink's name.
/// </summary>
/// <remarks>
/// What keeps an earlier owner's rows from counting is the epoch in the sink's place, not this grain: where two write for a moment, as a silo that was
/// taken for dead does, the later one's count.
/// </remarks>
[Alias("OrleansLake.ISinkGrain")]
internal interface ISinkGrain : IGrainWithStringKey
{
    /// <summary>Has the sink written from now on, whatever becomes of the silo; also one that another owner has taken.</summary>
    /// <exception cref="SinkNotHereException">The silo that the grain is on has no such sink in its settings.</exception>
    [Alias("Start")]
    Task StartAsync();

    /// <summary>Returns how far the sink is.</summary>
    [AlwaysInterleave, Alias("Status")]
    Task<SinkStatus> GetStatusAsync();
}
