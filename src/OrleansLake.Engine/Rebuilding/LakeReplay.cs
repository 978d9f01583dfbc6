using OrleansLake.Core.Countries;
using OrleansLake.Core.Time;
using OrleansLake.Engine.External;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Publishing;
using OrleansLake.Engine.Running;
using OrleansLake.Storage.Lakes;

namespace OrleansLake.Engine.Rebuilding;

/// <summary>The replay of all partitions of a lake.</summary>
internal sealed class LakeReplay(
    ILakeStore store, OwnedPartitions owned, LakeTimeZone zone, CountryTable countries, ParallelWork work, LakeOptions options, ExternalBoard external)
{
    /// <summary>Rebuilds silver, gold and the state from bronze.</summary>
    internal void Run(IProgress<ReplayProgress>? progress, CancellationToken cancellationToken)
    {
        // External files that are not ingested yet are part of bronze: they go into the log, and a new
        // owner, whose file names are free, replays from there.
        LakePartitions partitions = owned.Open();
        new ExternalFileIngestor(store, partitions, zone, work, options, external).IngestNewFiles(null, cancellationToken);
        owned.Suspend();
        partitions.Close();
        try
        {
            Rebuild(progress, cancellationToken);
        }
        finally
        {
            owned.Resume();
        }

        if (owned.All.Count > 1)
        {
            LakePartitions replayed = owned.Open();
            replayed.StartApplying(CancellationToken.None);
            replayed.Commit();
        }
    }

    // All of them, before any is swapped in: damage that is found in one leaves the others what they are, too.
    private void Rebuild(IProgress<ReplayProgress>? progress, CancellationToken cancellationToken)
    {
        LakeDescription lake = LakeDescription.Read(store);
        var added = new AddedData(lake.Added, zone, external.Tell);
        var stores = new List<PartitionStore>();
        var replays = new List<Replay>();
        try
        {
            foreach (PartitionId id in lake.PartitionIds)
            {
                stores.Add(PartitionStore.Open(store, id, options.Partition));
                replays.Add(new Replay(store, stores[^1], lake.Range, zone, countries, added, options.Reports, options.Codec, work, options.PendingRowsMaxOf(lake.Partitions), external));
            }

            long total = replays.Sum(replay => replay.Total);
            long before = 0;
            try
            {
                foreach (Replay replay in replays)
                {
                    replay.Rebuild(done => progress?.Report(new ReplayProgress(before + done, total)), cancellationToken);
                    before += replay.Total;
                }
            }
            catch
            {
                replays.ForEach(replay => replay.Discard());
                throw;
            }

            replays.ForEach(replay => replay.Commit());
        }
        finally
        {
            stores.ForEach(store => store.Dispose());
        }
    }
}
