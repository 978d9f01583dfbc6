using Orleans.Concurrency;

namespace OrleansLake.Connectors.Sources;

/// <summary>Has one partition of a source read by the silo that it is on. Its key spreads partitions as the lake's own are, and names the partition.</summary>
/// <remarks>
/// What keeps a record from being stored twice is the lake, which knows the offset behind what it has, not this grain: where two read for a moment, as
/// a silo that was taken for dead does, each record is stored once all the same.
/// </remarks>
[Alias("OrleansLake.ISourcePartitionGrain")]
internal interface ISourcePartitionGrain : IGrainWithIntegerCompoundKey
{
    /// <summary>Has the partition read, if it is not yet, and says how far it is.</summary>
    /// <exception cref="SourceCallException">The silo has no such source in its settings.</exception>
    [Alias("Keep")]
    Task<PartitionReport> KeepAsync(PartitionOrder order);

    /// <summary>Returns how far it is.</summary>
    [AlwaysInterleave, Alias("Report")]
    Task<PartitionReport> GetReportAsync();

    /// <summary>Has it read from another offset.</summary>
    /// <exception cref="SourceCallException">It cannot be done, and the message says why.</exception>
    [Alias("Seek")]
    Task<PartitionMove> SeekAsync(long offset);
}
