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
/// <remarks>Only a lake of one partition has them: a file's rows have one place in one log. Of any other they are left alone, which is told once.</remarks>
internal sealed class BronzeWatch(ILakeStore store, LakePartitions partitions, LakeTimeZone zone, ParallelWork work, LakeOptions options)
{
    private readonly LakePartition? _only = partitions.Count == 1 ? partitions.All[0] : null;
    private bool _isTold;

    private readonly ForeignFiles _files = new(store);
    private readonly Dictionary<string, (FileEntry Entry, long Seen)> _doubtful = new(StringComparer.Ordinal);
    private readonly List<string> _refused = [];

    /// <summary>Files that were refused, each with the reason.</summary>
    internal IReadOnlyList<string> Refused => _refused;

    /// <summary>Takes in what is new. False while a file may still be being copied: ask again at the next trigger.</summary>
    /// <exception cref="CorruptDataException">A file that was taken in is gone or has changed.</exception>
    internal bool TakeIn(IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        if (_only is not { } partition)
        {
            TellOfOthers(progress);
            return true;
        }

        ForeignScan scan = _files.Scan(partition.Registry);
        if (scan.Missing.Count + scan.Changed.Count > 0)
        {
            string what = scan.Missing.Count > 0 ? $"{scan.Missing[0]} is gone" : $"{scan.Changed[0]} has changed";
            throw new CorruptDataException(
                $"The bronze file {what} since it was taken in ({scan.Missing.Count} gone, {scan.Changed.Count} changed). Put the files back, or start anew with `lake produce --to ... --overwrite`.");
        }

        bool isSettled = true;
        foreach (FileEntry file in scan.New)
        {
            if (cancellation.IsCancellationRequested)
            {
                return isSettled;
            }

            try
            {
                Take(partition, file);
                _doubtful.Remove(file.Path);
            }
            catch (FileNotFoundException)
            {
                // It went while we looked at it: it was never taken in.
                _doubtful.Remove(file.Path);
            }
            catch (ParquetException e)
            {
                isSettled &= Refuse(partition, file, e.Message, progress);
            }
        }

        return isSettled;
    }

    private void TellOfOthers(IProgress<RunProgress>? progress)
    {
        if (!_isTold && store.ListWanted(LakePaths.BronzeData, ForeignFiles.IsForeign) is [{ Path: { } first }, ..])
        {
            _isTold = true;
            progress?.Report(new RunProgress($"{first} is another program's and is left alone: a lake of {partitions.Count} partitions takes such files by `lake ingest`, one of 1 (`lake repartition 1`) by itself"));
        }
    }

    private void Take(LakePartition partition, FileEntry file)
    {
        // Whole or not at all: every row is read before the file counts as taken in. A large one is read again when
        // it is applied, so that memory stays bounded.
        using ParquetReader reader = ForeignBronze.Open(store, file.Path);
        bool isKept = reader.Facts.RowCount <= options.PendingRowsMax;
        var batches = new List<MessageBatch>();
        long rows = 0;

        // Beside the reading of rows, which leaves threads idle at each row group's end. Whether the file stayed the
        // same is looked at after both.
        Task<CompletedFile>? beside = work.Threads == 1 ? null : Task.Run(() => store.Checksum(file.Path));
        try
        {
            foreach (MessageBatch batch in ForeignBronze.Read(reader, file.Path, zone, work))
            {
                rows += batch.Count;
                if (isKept)
                {
                    batches.Add(batch);
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

        partition.Accept(
            new FrameContent { Consumed = new Consumed.ForeignFile(file.Path, bytes.Length, bytes.Crc32C, rows, file.ModifiedUtcTicks) },
            isKept ? batches : null);
        partition.Flush();
        partition.ApplyDurable();
    }

    private bool Refuse(LakePartition partition, FileEntry file, string reason, IProgress<RunProgress>? progress)
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
        partition.Accept(new FrameContent { Consumed = new Consumed.ForeignFile(file.Path, file.Length, crc, 0, file.ModifiedUtcTicks, reason) });
        partition.Flush();
        partition.ApplyDurable();
        _refused.Add(reason);
        progress?.Report(new RunProgress($"refused: {reason}"));
        return true;
    }
}
