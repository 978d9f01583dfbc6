using OrleansLake.Core;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;
using OrleansLake.Storage;

namespace OrleansLake.Engine;

/// <summary>
/// Takes in the Parquet files that other programs add to the bronze folder: each whole file once, in order of
/// modification time and name. One that cannot be read is refused when it has not changed over two triggers (until
/// then it may still be being copied).
/// </summary>
/// <remarks>
/// Of many partitions each takes its own rows. A crash between two fsyncs leaves a file with those that have it; the others
/// take it the next time.
/// </remarks>
/// <param name="store">Where the lake is.</param>
/// <param name="partitions">Those that this process takes in for: all of the lake's, or one.</param>
/// <param name="zone">The lake's time zone.</param>
/// <param name="work">What reads.</param>
/// <param name="options">The lake's options.</param>
/// <param name="accept">How a host appends a frame, if not as the engine does: its rows are read again when it applies the frame.</param>
internal sealed class BronzeWatch(
    ILakeStore store, LakePartitions partitions, LakeTimeZone zone, ParallelWork work, LakeOptions options, Action<LakePartition, FrameContent>? accept = null)
{
    private readonly int _shares = partitions.All[0].Share.Partitions;
    private readonly ForeignFiles _files = new(store);
    private readonly Dictionary<string, (FileEntry Entry, long Seen)> _doubtful = new(StringComparer.Ordinal);
    private readonly List<string> _refused = [];

    /// <summary>Files that were refused, each with the reason.</summary>
    internal IReadOnlyList<string> Refused => _refused;

    /// <summary>Takes in what is new. False while a file may still be being copied: ask again at the next trigger.</summary>
    /// <exception cref="CorruptDataException">A file that was taken in is gone or has changed.</exception>
    internal bool TakeIn(IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        ForeignScan[] scans = [.. partitions.All.Select(partition => _files.Scan(partition.Registry))];
        string[] missing = [.. scans.SelectMany(scan => scan.Missing).Distinct()];
        string[] changed = [.. scans.SelectMany(scan => scan.Changed).Distinct()];
        if (missing.Length + changed.Length > 0)
        {
            string what = missing.Length > 0 ? $"{missing[0]} is gone" : $"{changed[0]} has changed";
            throw new CorruptDataException(
                $"The bronze file {what} since it was taken in ({missing.Length} gone, {changed.Length} changed). Put the files back, or start anew with `lake produce --to ... --overwrite`.");
        }

        bool isSettled = true;
        HashSet<FileEntry>[] fresh = [.. scans.Select(scan => scan.New.ToHashSet())];
        foreach (FileEntry file in ForeignScan.InOrder(fresh.SelectMany(files => files).Distinct()))
        {
            if (cancellation.IsCancellationRequested)
            {
                return isSettled;
            }

            LakePartition[] takers = [.. partitions.All.Where((_, i) => fresh[i].Contains(file))];
            try
            {
                Take(takers, file);
                _doubtful.Remove(file.Path);
            }
            catch (FileNotFoundException)
            {
                // It went while we looked at it: it was never taken in.
                _doubtful.Remove(file.Path);
            }
            catch (ParquetException e)
            {
                isSettled &= Refuse(takers, file, e.Message, progress);
            }
        }

        return isSettled;
    }

    private void Take(LakePartition[] takers, FileEntry file)
    {
        // Whole or not at all: every row is read before the file counts as taken in. A large one is read again when
        // it is applied, so that memory stays bounded.
        using ParquetReader reader = ForeignBronze.Open(store, file.Path);
        bool isKept = accept is null && reader.Facts.RowCount <= options.PendingRowsMax;
        var batches = new List<MessageBatch>[_shares];
        long[] rows = new long[_shares];

        // Beside the reading of rows, which leaves threads idle at each row group's end. Whether the file stayed the
        // same is looked at after both.
        Task<CompletedFile>? beside = work.Threads == 1 ? null : Task.Run(() => store.Checksum(file.Path));
        try
        {
            foreach (MessageBatch batch in ForeignBronze.Read(reader, file.Path, zone, work))
            {
                MessageBatch?[] parts = PartitionedMessages.Split(batch, _shares);
                for (int i = 0; i < parts.Length; i++)
                {
                    rows[i] += parts[i]?.Count ?? 0;
                    if (isKept && parts[i] is { } part)
                    {
                        (batches[i] ??= []).Add(part);
                    }
                }
            }
        }
        finally
        {
            if (beside is not null)
            {
                // Without its error, which counts only if the rows could be read.
                Task.WaitAny(beside);
            }
        }

        CompletedFile bytes = beside is null ? store.Checksum(file.Path) : beside.GetAwaiter().GetResult();
        if (store.Find(file.Path) != file)
        {
            throw new ParquetException($"{file.Path}: it changed while it was read.");
        }

        foreach (LakePartition taker in takers)
        {
            int place = taker.Share.Place;
            Accept(taker, new Consumed.ForeignFile(file.Path, bytes.Length, bytes.Crc32C, rows[place], file.ModifiedUtcTicks), isKept ? batches[place] ?? [] : null);
        }

        Settle();
    }

    private void Accept(LakePartition taker, Consumed.ForeignFile file, List<MessageBatch>? rows)
    {
        var content = new FrameContent { Consumed = file };
        if (accept is null)
        {
            taker.Accept(content, rows);
        }
        else
        {
            accept(taker, content);
        }
    }

    private void Settle()
    {
        partitions.Flush();
        if (accept is null)
        {
            partitions.ApplyDurable();
        }
    }

    private bool Refuse(LakePartition[] takers, FileEntry file, string reason, IProgress<RunProgress>? progress)
    {
        long now = options.Clock.GetTimestamp();
        if (!_doubtful.TryGetValue(file.Path, out (FileEntry Entry, long Seen) seen) || seen.Entry != file)
        {
            _doubtful[file.Path] = (file, now);
            return false;
        }

        if (options.Clock.GetElapsedTime(seen.Seen, now) < options.Trigger * 0.9)
        {
            return false;
        }

        _doubtful.Remove(file.Path);
        uint crc = store.Checksum(file.Path).Crc32C;
        foreach (LakePartition taker in takers)
        {
            Accept(taker, new Consumed.ForeignFile(file.Path, file.Length, crc, 0, file.ModifiedUtcTicks, reason), null);
        }

        Settle();
        _refused.Add(reason);
        progress?.Report(new RunProgress($"refused: {reason}"));
        return true;
    }
}
