using Orleans.Concurrency;

namespace OrleansLake.Connectors.Sources;

/// <summary>
/// Has the partitions of one source read, each by a grain of its own, and keeps what an operator has said of it. Its key is the source's name.
/// </summary>
[Alias("OrleansLake.ISourceGrain")]
internal interface ISourceGrain : IGrainWithStringKey
{
    /// <summary>Has the source read from now on, whatever becomes of the silo.</summary>
    /// <exception cref="SourceCallException">The silo that the grain is on has no such source in its settings.</exception>
    [AlwaysInterleave, Alias("Start")]
    Task StartAsync();

    /// <summary>Returns how far it is.</summary>
    [AlwaysInterleave, Alias("Status")]
    Task<SourceReport> GetStatusAsync();

    /// <summary>Pauses it, or lets it go on; durable when it ends.</summary>
    /// <exception cref="SourceCallException">It is unavailable.</exception>
    [Alias("SetPaused")]
    Task SetPausedAsync(bool isPaused);

    /// <summary>Has partitions read from another offset.</summary>
    /// <exception cref="SourceCallException">It cannot be done, and the message says why.</exception>
    [Alias("Seek")]
    Task<PartitionMove[]> SeekAsync(SeekRequest seek);
}
