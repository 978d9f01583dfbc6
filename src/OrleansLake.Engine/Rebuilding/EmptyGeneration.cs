using OrleansLake.Core.Countries;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Partitions;
using OrleansLake.Storage.External;
using OrleansLake.Storage.Lakes;

namespace OrleansLake.Engine.Rebuilding;

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
        Manifest[] before = [.. from.PartitionIds.Select(id => PartitionReader.ReadLatest(store, id)?.Manifest).OfType<Manifest>()];
        long generation = before.Select(static manifest => manifest.Generation).DefaultIfEmpty().Max() + 1;
        long sequence = before.Select(static manifest => manifest.Durable.Sequence).DefaultIfEmpty().Max();
        var staged = new StagedStore(store);

        // A folder that may not be read stops it: what is in there could not be removed either.
        FileEntry[] others = [.. store.List(LakePaths.BronzeData, recursive: true).Where(file => ExternalFileRegistry.IsExternal(file.Path))];
        foreach (PartitionId id in to.PartitionIds)
        {
            // Each begins with a manifest of the new generation. What other programs had put there is not of it, even if it
            // is still there because this was cut off.
            using var partition = new LakePartition(
                staged, PartitionStore.Open(staged, id, options.Partition with { FirstGeneration = generation, FirstSequence = sequence }),
                new PartitionSettings { Zone = zone, Countries = countries, Work = work, PendingRowsMax = options.PendingRowsMax, Clock = options.Clock, Reports = options.Reports });
            foreach (FileEntry other in others)
            {
                partition.Accept(new FrameContent { SourceProgress = new SourceProgress.ExternalBronzeFile(other.Path, other.Length, 0, 0, other.ModifiedUtcTicks, ExternalFile.StartedEmpty) });
            }

            partition.Flush();
        }

        to.Replace(store);
        GenerationSwitch.Complete(store, options.Reports, work);
        foreach (FileEntry other in others)
        {
            store.Delete(other.Path);
        }
    }
}
