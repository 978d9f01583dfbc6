using Orleans.Concurrency;

namespace OrleansLake.Grains;

/// <summary>
/// Writes the Parquet of one partition at every trigger, silver and bronze, one manifest a commit; that of partition 0
/// writes gold as well. Its key is the partition's number.
/// </summary>
/// <remarks>
/// It is where its partition is, and writes from the state that the partition holds: the rows cross no wire. While one of
/// the two has moved and the other has not, it lets the partition write.
/// </remarks>
[Alias("OrleansLake.ISilverWriterGrain")]
internal interface ISilverWriterGrain : IGrainWithIntegerKey
{
    /// <summary>Publishes what is applied, unless it is doing so: a trigger that comes too early is none.</summary>
    [OneWay, AlwaysInterleave, Alias("Trigger")]
    Task TriggerAsync();

    /// <summary>Publishes what is applied.</summary>
    /// <exception cref="PartitionMovedException">The partition went to another owner: ask again.</exception>
    [AlwaysInterleave, Alias("Commit")]
    Task CommitAsync();

    /// <summary>Returns its location, and what it has written.</summary>
    [AlwaysInterleave, Alias("Standing")]
    Task<WriterStatus> GetStatusAsync();
}
