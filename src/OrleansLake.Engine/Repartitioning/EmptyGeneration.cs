using OrleansLake.Core.Countries;
using OrleansLake.Core.Time;
using OrleansLake.Storage;

namespace OrleansLake.Engine.Repartitioning;

/// <summary>
/// Starts a lake of many partitions empty: the next generation, with nothing in it, takes the place of this one at once, by
/// replacing <c>lake.json</c>. The lake's lock must be held, and nobody own a partition.
/// </summary>
internal sealed class EmptyGeneration(ILakeStore store, LakeTimeZone zone, CountryTable countries, ParallelWork work, LakeOptions options)
{
    internal void Start()
    {
        LakeDescription from = LakeDescription.Read(store);
        LakeDescription to = from.NextGeneration(from.Partitions);
        GenerationSwitch.Discard(store, from.Range);
        long generation = from.PartitionIds.Max(id => PartitionReader.ReadLatest(store, id)?.Manifest.Generation ?? 0) + 1;
        var staged = new StagedStore(store);
        foreach (PartitionId id in to.PartitionIds)
        {
            // Each begins with a manifest of the new generation.
            new LakePartition(
                staged, PartitionStore.Open(staged, id, options.Partition with { FirstGeneration = generation }), zone, countries, work, options.PendingRowsMax, options.Clock).Dispose();
        }

        to.Replace(store);
        GenerationSwitch.Complete(store, work);
        foreach (FileEntry foreign in store.ListWanted(LakePaths.BronzeData, ForeignFiles.IsForeign))
        {
            store.Delete(foreign.Path);
        }
    }
}
