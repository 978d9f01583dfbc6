using OrleansLake.Core;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Core.Time;
using OrleansLake.Engine.External;
using OrleansLake.Engine.Gold;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Publishing;
using OrleansLake.Engine.Reading;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Snapshots;

namespace OrleansLake.Engine.Rebuilding;

/// <summary>
/// Rebuilds silver, gold and the state from bronze, in bronze order, under names that no reader by folder sees, and
/// swaps them in by one manifest. Every Parquet file under silver and gold goes then, whichever program wrote it.
/// </summary>
/// <remarks>
/// Of a lake of many partitions each is replayed; the first of them removes what no partition wrote. The rows of another
/// program's bronze file that is not what it was are copied from the silver that is replaced.
/// </remarks>
internal sealed class Replay(
    ILakeStore store, PartitionStore partition, PartitionRange lake, LakeTimeZone zone, CountryTable countries, AddedData added, ReportCatalog reports, LakeCodec codec,
    ParallelWork work, int pendingRowsMax, ExternalBoard external)
{
    private readonly LakeState _state = new(reports);
    private readonly PendingRows _pending = new(pendingRowsMax);
    private readonly List<NewDataFile> _published = [];
    private readonly List<NewDataFile> _silver = [];
    private long _rejectedCount = partition.Ledger.Total.Rejected;

    /// <summary>Gets the number of messages to be replayed.</summary>
    internal long Total => partition.End.Offset;

    /// <summary>Rebuilds everything, beside what there is.</summary>
    /// <param name="progress">Told how many messages of the partition are done.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="CorruptDataException">Bronze is damaged; the lake stays what it was.</exception>
    internal void Rebuild(Action<long>? progress, CancellationToken cancellation)
    {
        var applier = new BatchApplier(_state, zone, work);
        foreach ((long offset, bool isInBronze, MessageBatch batch) in Bronze())
        {
            cancellation.ThrowIfCancellationRequested();
            _pending.Add(applier.Apply(batch, offset, isInBronze));
            if (_pending.IsFull)
            {
                WriteFiles();
                progress?.Invoke(offset + batch.Count);
            }
        }

        WriteFiles();
        progress?.Invoke(Total);
    }

    /// <summary>Removes what was made: it is not wanted any more.</summary>
    internal void Discard() => partition.Discard(_published.Concat(_silver));

    // All rows in the order of their offsets: bronze files of ours and of others, then what is in the log only.
    private IEnumerable<(long Offset, bool IsInBronze, MessageBatch Batch)> Bronze()
    {
        long applied = partition.Current.Applied.Offset;
        var taken = new ExternalFileRows(store, new PartitionSlice(partition.Partition.Value - lake.First, lake.Count), zone, reports.Ids, work);
        var silver = new SilverRows(store, partition.Current, partition.Files.Values, zone, reports.Ids);
        var files = partition.Files.Values.Where(f => f.Kind == DataKind.Bronze)
            .Select(f => (First: f.FirstOffset, f.Rows, f.Path, Batches: ExternalBronze.Reread(store, f.Path, f.Length, f.Crc32C, zone, reports.Ids, work)))
            .Concat(partition.Registry.ExternalFileRegistry
                .Where(f => f.File.Refused is null && f.File.Rows > 0 && f.FirstOffset < applied)
                .Select(f => (First: f.FirstOffset, f.File.Rows, Path: f.File.Name, Batches: taken.Read(f, silver, applied, external.Lose))))
            .OrderBy(f => f.First);
        long next = -1;
        foreach ((long first, long rows, string path, IEnumerable<MessageBatch> batches) in files)
        {
            if (next >= 0 && first != next)
            {
                throw new CorruptDataException(LakePaths.BronzeData, -1, $"the rows from offset {next} to {first - 1} are in no file", "Restore the missing bronze file.");
            }

            long offset = first;
            foreach (MessageBatch batch in batches)
            {
                yield return (offset, true, batch);
                offset += batch.Count;
            }

            if (offset != first + rows)
            {
                throw new CorruptDataException(path, -1, $"it has {Counted.Of(offset - first, "row")}, and {rows} were written", "Restore the file.");
            }

            next = offset;
        }

        foreach (LogFrame frame in partition.ReadUnapplied())
        {
            _pending.Add(frame.Start.Sequence, frame.WrittenAt, frame.RejectedSource, frame.Rejections);
            _rejectedCount += frame.Rejections.Count;
            var file = frame.SourceProgress as SourceProgress.ExternalBronzeFile;
            long offset = frame.FirstOffset;
            foreach (MessageBatch batch in file is { Refused: null } ? taken.Read(new ExternalFileEntry(file, offset), silver, applied, external.Lose)
                : frame.Rows is { } rows ? [rows] : Array.Empty<MessageBatch>())
            {
                // Of an external file that a commit came in the middle of, the first rows were replayed already.
                if (offset >= Math.Max(next, 0))
                {
                    yield return (offset, file is not null, batch);
                }

                offset += batch.Count;
            }

            next = Math.Max(next, offset);
        }
    }

    private void WriteFiles()
    {
        if (_pending.IsEmpty)
        {
            return;
        }

        var files = new CommitFiles(store, partition, countries, reports.Ids, added, codec, work);
        foreach (NewDataFile file in files.Write(_pending.Batches, _pending.Rejected))
        {
            (file.File.Kind is DataKind.Messages or DataKind.MessagesCorrupted ? _silver : _published).Add(file);
        }

        _pending.Clear();
    }

    /// <summary>Swaps in what was made. The gold of many partitions is written by the host that has them all.</summary>
    internal void Commit()
    {
        using SnapshotWriter snapshot = partition.CreateSnapshot(isBase: true);
        _state.ExportAll(snapshot);
        string[] named = [.. partition.Files.Values.Where(f => f.Kind is DataKind.Messages or DataKind.MessagesCorrupted).Select(f => f.Path)];
        HashSet<string> gold = [.. GoldFiles.Names(reports).Select(LakePaths.GoldFile)];
        string[] others = partition.Partition.Value != lake.First ? []
            : [.. store.List(LakePaths.Silver, recursive: true).Concat(store.List(LakePaths.Gold, recursive: true))
                .Select(f => f.Path)
                .Where(p => IsParquetOrItsChecksum(p) && !gold.Contains(p) && !IsOfOtherPartition(p))
                .Except(named)];
        ReportTable[] tables = lake.Count == 1 ? [.. reports.Select(_state.Report)] : [];
        IReadOnlyList<ReportNames> kept = partition.Current.Columns;
        partition.Commit(new CommitDraft
        {
            Columns = tables.Length == 0 ? null : GoldNames.With(kept.Count > 0 ? kept : GoldNames.OfGold(store, tables), tables),
            Applied = partition.End,
            Ledger = _state.Ledger.WithRejected(_rejectedCount),
            Files = _published,
            LinkedFiles = _silver,
            Removed = named,
            RemovedExternal = others,
            Snapshot = snapshot.Complete(),
        });
        if (lake.Count == 1)
        {
            GoldPublisher.Publish(partition, tables, work);
        }
    }

    private bool IsOfOtherPartition(string path) =>
        DataFileName.TryParse(path, out DataFileName name, out _) && name.Partition != partition.Partition && lake.Contains(name.Partition);

    // Spark puts a checksum file, .NAME.parquet.crc, beside each of its files: without the file it says nothing.
    private static bool IsParquetOrItsChecksum(string path) =>
        path.EndsWith(DataFileName.Extension, StringComparison.Ordinal)
        || path.EndsWith(DataFileName.Extension + ".crc", StringComparison.Ordinal);
}
