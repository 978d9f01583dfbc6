using OrleansLake.Engine.Partitions;

namespace OrleansLake.Engine.Sending;

/// <summary>The batches that a lake's partitions know of a key.</summary>
/// <param name="Entries">By partition: how far the batch is stored there; null: nothing of it is.</param>
/// <param name="IsForgotten">Whether nothing is known because the key is below those that are remembered.</param>
internal readonly record struct KnownBatches(BatchEntry?[] Entries, bool IsForgotten = false)
{
    internal static KnownBatches Of(IReadOnlyList<LakePartition> partitions, SendKey? key)
    {
        if (key is null)
        {
            return new KnownBatches(new BatchEntry?[partitions.Count]);
        }

        BatchEntry?[] entries = [.. partitions.Select(partition => partition.Registry.BatchOf(key.Key))];
        return new KnownBatches(
            entries,
            Array.TrueForAll(entries, static entry => entry is null)
                && partitions[FramePartitioner.HomeOf(key.Key.Name, partitions.Count)].Registry.IsForgotten(key.Key));
    }
}
