using System.Globalization;
using OrleansLake.Core;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Gold;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Publishing;
using OrleansLake.Engine.Quarantine;
using OrleansLake.Engine.Reading;
using OrleansLake.Storage.External;
using OrleansLake.Storage.Lakes;

namespace OrleansLake.Engine.Rebuilding;

/// <summary>
/// Makes the next generation of a lake from the bronze of this one, with another number of partitions, and switches to
/// it by replacing <c>lake.json</c>: before that the lake is what it was, after it it is the new one.
/// </summary>
/// <remarks>
/// Rows keep the order that they have in their old partition, and those of a partition with a lower number come first:
/// all copies of a message were in one old partition and are in one new one, so ties are decided as before.
/// </remarks>
internal sealed class Repartitioner(
    ILakeStore store, LakeDescription from, LakeTimeZone zone, CountryTable countries, ParallelWork work, LakeOptions options)
{
    private const int RejectionsPerFrame = 1000;

    // Files that a message names.
    private const int NamesMax = 50;

    // What does not fit a column was reported when it came.
    private readonly AddedData _added = new(from.Added, zone, static _ => { });

    private readonly List<ManifestView> _old = [];
    private Registry[] _registries = [];

    /// <exception cref="LakeException">The lake cannot be repartitioned, or a silo has taken one of its partitions meanwhile.</exception>
    /// <exception cref="CorruptDataException">Bronze is damaged; the lake stays what it was.</exception>
    internal void Run(int partitions, IProgress<ReplayProgress>? progress, CancellationToken cancellation)
    {
        LakeDescription to = from.NextGeneration(partitions);
        GenerationSwitch.Discard(store, from.Range);
        ThrowIfExternal();
        foreach (PartitionId id in from.PartitionIds)
        {
            _old.Add(CatchUp(id));
        }

        _registries = [.. _old.Select(view => PartitionReader.ReadRegistry(store, view.Manifest))];
        ThrowIfUnsettled();
        ThrowIfHalfTaken();
        ThrowIfHalfRead();
        Ledger before = Ledger.Sum(_old.Select(view => view.Ledger));
        Ledger after = Build(to, before.Total.Bronze, progress, cancellation);
        if (after.Total != before.Total)
        {
            throw new InvalidOperationException($"the new generation counts {after.Total}, the old one {before.Total}");
        }

        if (!_old.TrueForAll(view => PartitionReader.IsNewest(store, view.Manifest)))
        {
            throw new LakeException(LakeFailure.Failed, "A silo has taken a partition of the lake meanwhile; the lake is what it was. Stop the silos first.");
        }

        to.Replace(store);
        GenerationSwitch.Complete(store, options.Reports, work);
    }

    private void ThrowIfExternal()
    {
        FolderSurvey look = store.Survey(LakePaths.BronzeData, ExternalFileRegistry.IsExternal);
        string[] names = [.. look.Files.Select(file => file.Path).Concat(look.LeftOut.Where(one => one.IsUnreadable).Select(one => one.Path)).Order(StringComparer.Ordinal)];
        if (names.Length > 0)
        {
            // All that is to be settled is reported at once.
            List<Registry> registries = [.. from.PartitionIds.Select(id => PartitionReader.ReadLatest(store, id)).OfType<ManifestView>()
                .Select(view => PartitionReader.ReadRegistry(store, view.Manifest))];
            var files = ExternalBronze.Registry(store);
            string known = string.Concat(ExternalFile.Known([.. registries.Select(registry => files.Scan(registry, look))])
                .Select(file => $" {file.Path} only has to be moved: its {file.Reason}."));
            string gone = string.Concat(Unsettled(registries).Where(file => !names.Contains(file.Path, StringComparer.Ordinal)).Select(file => $" {file.Describe()}"));
            throw new LakeException(
                LakeFailure.Failed,
                $"{Listed(names)} {(names.Length == 1 ? "is" : "are")} of other programs: while bronze holds such files the lake cannot be repartitioned. "
                + $"Move them out of it, `lake bronze accept` those that were ingested (their rows stay), then repartition; the lake is what it was.{known}{gone}");
        }
    }

    // None of these files is there: what repartitioning makes of their rows is bronze of our own.
    private void ThrowIfUnsettled()
    {
        ExternalFile[] gone = Unsettled(_registries);
        if (gone.Length == 1)
        {
            throw new LakeException(LakeFailure.Failed, $"{gone[0].Describe()} The lake is what it was.");
        }

        if (gone.Length > 1)
        {
            string rows = Counted.Of(gone.Sum(file => file.Rows), "row");
            throw new LakeException(
                LakeFailure.Failed,
                $"{Listed([.. gone.Select(file => file.Path)])} are gone since they were ingested; their {rows} {(rows == "1 row" ? "is" : "are")} in silver and {(rows == "1 row" ? "stays" : "stay")}. "
                + "Put them back as they were, or run `lake bronze accept` for each. The lake is what it was.");
        }
    }

    private static ExternalFile[] Unsettled(IEnumerable<Registry> registries) =>
    [
        .. registries.SelectMany(registry => registry.ExternalFileRegistry).Where(file => file is { File.Refused: null, IsAccepted: false })
            .GroupBy(file => file.File.Name, StringComparer.Ordinal)
            .Select(shares => new ExternalFile(shares.Key, ExternalFileState.Gone) { Rows = shares.Sum(share => share.File.Rows) })
            .OrderBy(file => file.Path, StringComparer.Ordinal),
    ];

    private static string Listed(string[] names)
    {
        string[] shown = names.Length > NamesMax ? [.. names.Take(NamesMax), string.Create(CultureInfo.InvariantCulture, $"{names.Length - NamesMax:N0} more (`lake bronze list`)")] : names;
        return shown.Length == 1 ? shown[0] : $"{string.Join(", ", shown[..^1])} and {shown[^1]}";
    }

    // All that is durable is in bronze Parquet then, and earlier owners of the partition are fenced off.
    private ManifestView CatchUp(PartitionId id)
    {
        using LakePartition partition = Open(store, id, options.Partition, options.PendingRowsMax);
        if (partition.OpenedAt != partition.Applied)
        {
            partition.StartApplying(CancellationToken.None);
            partition.Commit();
        }

        return PartitionReader.ReadLatest(store, id)!;
    }

    private Ledger Build(LakeDescription to, long total, IProgress<ReplayProgress>? progress, CancellationToken cancellation)
    {
        var staged = new StagedStore(store);
        PartitionStoreOptions sizes = options.Partition with
        {
            FirstGeneration = _old.Max(view => view.Manifest.Generation) + 1,
            FirstSequence = _old.Max(view => view.Manifest.Durable.Sequence),
        };
        var next = new List<LakePartition>();
        try
        {
            foreach (PartitionId id in to.PartitionIds)
            {
                LakePartition partition = Open(staged, id, sizes, Math.Max(1, options.PendingRowsMax / to.Partitions));
                next.Add(partition);
                partition.StartApplying(cancellation);
            }

            long done = 0;
            foreach (MessageBatch batch in _old.SelectMany(Bronze))
            {
                cancellation.ThrowIfCancellationRequested();
                MessageBatch?[] parts = PartitionedMessages.Split(batch, next.Count);
                for (int i = 0; i < parts.Length; i++)
                {
                    if (parts[i] is { } rows)
                    {
                        next[i].Accept(new FrameContent { Rows = rows });
                        next[i].Flush();
                        next[i].ApplyDurable();
                    }
                }

                progress?.Report(new ReplayProgress(done += batch.Count, total));
            }

            KeepQuarantine(next[0]);
            KeepSources(next);
            KeepAccepted(next);
            foreach (LakePartition partition in next)
            {
                partition.Flush();
                partition.ApplyDurable();
                partition.Commit();
            }

            KeepNames(next);
            return Ledger.Sum(next.Select(partition => partition.Committed!.Ledger));
        }
        finally
        {
            next.ForEach(partition => partition.Dispose());
        }
    }

    private IEnumerable<MessageBatch> Bronze(ManifestView view)
    {
        long rows = 0;
        var silver = new SilverRows(store, view.Manifest, view.Files.Values, zone, options.Ids);
        Registry registry = _registries[_old.IndexOf(view)];
        var sources = view.Files.Values.Where(file => file.Kind == DataKind.Bronze)
            .Select(file => (file.FirstOffset, Batches: ExternalBronze.Reread(store, file.Path, file.Length, file.Crc32C, zone, options.Ids, work)))
            .Concat(registry.ExternalFileRegistry.Where(file => file.File.Rows > 0)
                .Select(file => (file.FirstOffset, Batches: silver.Read(file.FirstOffset, file.EndOffset, file.File.Name))))
            .OrderBy(source => source.FirstOffset);
        foreach (MessageBatch batch in sources.SelectMany(source => source.Batches))
        {
            rows += batch.Count;
            yield return batch;
        }

        if (rows != view.Ledger.Total.Bronze)
        {
            throw new CorruptDataException(LakePaths.BronzeData, -1, $"partition {view.Manifest.Partition} has {Counted.Of(rows, "row")} there, and {view.Ledger.Total.Bronze} were written", "Restore the missing bronze file.");
        }
    }

    // Rejected records get other identities; which of them were replayed or dismissed stays.
    private void KeepQuarantine(LakePartition into)
    {
        var mended = new List<QuarantineId>();
        var dismissed = new List<(QuarantineId Id, string Reason)>();
        for (int place = 0; place < _old.Count; place++)
        {
            var frame = new List<QuarantineEntry>();
            foreach (QuarantineEntry entry in QuarantineReader.Read(
                store, place, _old[place].Files.Values, [QuarantineRange.All], id => QuarantineSettlement.Of(id, _registries)))
            {
                if (frame.Count == RejectionsPerFrame || (frame.Count > 0 && (frame[0].Source != entry.Source || frame[0].RejectedAt != entry.RejectedAt)))
                {
                    Append(frame);
                }

                frame.Add(entry);
            }

            Append(frame);
        }

        foreach (QuarantineId[] ids in mended.Chunk(SourceProgress.Replayed.IdsMax))
        {
            into.Accept(new FrameContent { SourceProgress = new SourceProgress.Replayed(ids) });
        }

        foreach (IGrouping<string, QuarantineId> because in dismissed.GroupBy(one => one.Reason, one => one.Id, StringComparer.Ordinal))
        {
            foreach (QuarantineId[] ids in because.Chunk(SourceProgress.Replayed.IdsMax))
            {
                into.Accept(new FrameContent { SourceProgress = new SourceProgress.Dismissed(ids, because.Key) });
            }
        }

        void Append(List<QuarantineEntry> frame)
        {
            if (frame.Count == 0)
            {
                return;
            }

            AppendedFrame appended = into.Accept(new FrameContent
            {
                RejectedSource = frame[0].Source,
                Rejections = [.. frame.Select(entry => entry.Rejection)],
                WrittenAt = frame[0].RejectedAt is { } at ? (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond : 0,
            });
            for (int i = 0; i < frame.Count; i++)
            {
                var id = new QuarantineId(appended.Start.Sequence, i);
                QuarantineSettlement settlement = frame[i].Settlement;
                if (settlement.IsReplayed)
                {
                    mended.Add(id);
                }
                else if (settlement.DismissedBecause is { } reason)
                {
                    dismissed.Add((id, reason));
                }
            }

            frame.Clear();
        }
    }

    // Which files were ingested, and which batches need no storing again: those that every old partition has whole.
    private void KeepSources(List<LakePartition> next)
    {
        foreach (SourceProgress.FileProgress file in _registries.SelectMany(registry => registry.Sources).OfType<SourceProgress.FileProgress>().Distinct())
        {
            next.ForEach(partition => partition.Accept(new FrameContent { SourceProgress = file }));
        }

        foreach (SourceProgress source in _registries[0].Sources)
        {
            if (source is SourceProgress.ProducerBatch { Completed: true } batch
                && Array.TrueForAll(_registries, registry => registry.BatchOf(batch.Key) is { Batch.Completed: true }))
            {
                // Its counts are there once, so that they add up.
                IEnumerable<SourceProgress.ProducerBatch> parts = _registries.Select(registry => registry.BatchOf(batch.Key)!.Batch);
                SourceProgress whole = batch with { Accepted = parts.Sum(part => part.Accepted), Rejected = parts.Sum(part => part.Rejected) };
                SourceProgress none = batch with { Accepted = 0, Rejected = 0 };
                next.ForEach(partition => partition.Accept(new FrameContent { SourceProgress = partition == next[0] ? whole : none }));
            }
        }

        foreach (((string topic, int partition), long position) in TopicPositions.Of([.. _registries.Select(static registry => registry.Topics)]))
        {
            next[0].Accept(new FrameContent { SourceProgress = new SourceProgress.TopicProgress(topic, partition, position, position) });
        }
    }

    // Columns are called in the next generation what they were called in this one.
    private void KeepNames(List<LakePartition> next)
    {
        ReportTable[] tables = [.. options.Reports.Select((report, i) => ReportPart.Sum(report, [.. next.Select(partition => partition.Committed!.Parts[i])]))];
        IReadOnlyList<ReportNames> kept = _old[0].Manifest.Columns;
        next[0].KeepNames(tables, kept.Count > 0 ? kept : GoldNames.OfGold(store, tables));
    }

    // So that a file that comes back is known. Its rows are bronze of our own by now.
    private void KeepAccepted(List<LakePartition> next)
    {
        foreach (SourceProgress.ExternalBronzeFile file in _registries.SelectMany(registry => registry.ExternalFileRegistry)
            .Where(entry => entry.IsAccepted).Select(entry => entry.File with { Rows = 0 }).DistinctBy(file => (file.Name, file.Size, file.Crc32C)))
        {
            foreach (LakePartition partition in next)
            {
                partition.Accept(new FrameContent { SourceProgress = file });
                partition.Accept(new FrameContent { SourceProgress = new SourceProgress.ExternalAccepted(file.Name, file.Size, file.Crc32C) });
            }
        }
    }

    // A file of which one partition has more than another would be ingested twice or not at all when it continues.
    private void ThrowIfHalfTaken()
    {
        foreach (SourceProgress.FileProgress file in _registries.SelectMany(registry => registry.Sources).OfType<SourceProgress.FileProgress>().Where(file => !file.Completed))
        {
            if (!Array.TrueForAll(_registries, registry => registry.ProgressOf(file.Name) == file))
            {
                throw new LakeException(LakeFailure.Failed, $"{file.Name} was ingested up to its middle, and of some partitions further than of others; `lake ingest` it again to its end, then repartition. The lake is what it was.");
            }
        }
    }

    // What one partition has of a batch is not found in the partitions that follow.
    private void ThrowIfHalfRead()
    {
        foreach (((string topic, int partition), long position) in TopicPositions.Of([.. _registries.Select(static registry => registry.Topics)]))
        {
            if (_registries.Max(registry => registry.ProgressOf(topic, partition)?.NextOffset ?? 0) > position)
            {
                throw new LakeException(LakeFailure.Failed, $"Records of {topic}, partition {partition}, are in some partitions of the lake and not in others, as a process left them that was killed. Read on from it (`lake serve --source ...`), stop that, then repartition. The lake is what it was.");
            }
        }
    }

    private LakePartition Open(ILakeStore where, PartitionId id, PartitionStoreOptions sizes, int pendingRowsMax) => new(
        where, PartitionStore.Open(where, id, sizes), new PartitionSettings
        {
            Zone = zone,
            Countries = countries,
            Work = work,
            PendingRowsMax = pendingRowsMax,
            Clock = options.Clock,
            Reports = options.Reports,
            Added = _added,
            Codec = options.Codec,
            PublishesGold = false,
        });
}
