using System.Collections.Concurrent;

namespace OrleansLake.Grains;

/// <summary>The partitions that this silo has open. Thread-safe.</summary>
internal sealed class OpenPartitions
{
    private readonly ConcurrentDictionary<int, PartitionRunner> _open = new();

    internal PartitionRunner? Find(int partition) => _open.GetValueOrDefault(partition);

    internal void Add(int partition, PartitionRunner opened) => _open[partition] = opened;

    /// <summary>Takes one out, unless another one has come in its place.</summary>
    internal void Remove(int partition, PartitionRunner opened) => _open.TryRemove(KeyValuePair.Create(partition, opened));
}
