using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine.External;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;
using OrleansLake.Storage.External;

namespace OrleansLake.Engine.Running;

/// <summary>
/// Ingests the Parquet files that other programs add to the bronze folder: each whole file once, in order of
/// modification time and name. One that cannot be read is refused when it has not changed over two triggers (until
/// then it may still be being copied).
/// </summary>
/// <remarks>
/// Of many partitions each takes its own rows. A crash between two fsyncs leaves a file with those that have it; the others
/// take it the next time.
/// </remarks>
/// <param name="store">The lake's location.</param>
/// <param name="partitions">Those that this process ingests for: all of the lake's, or one.</param>
/// <param name="zone">The lake's time zone.</param>
/// <param name="work">What reads.</param>
/// <param name="options">The lake's options.</param>
/// <param name="external">The notices about files that are not what they were, and of those that cannot be read.</param>
/// <param name="accept">How a host appends a frame, if not as the engine does: its rows are read again when it applies the frame.</param>
internal sealed class ExternalFileIngestor(
    ILakeStore store, LakePartitions partitions, LakeTimeZone zone, ParallelWork work, LakeOptions options, ExternalBoard external, Action<LakePartition, FrameContent>? accept = null)
{
    private readonly int _shares = partitions.All[0].Share.Partitions;
    private readonly ExternalFileRegistry _files = ExternalBronze.Registry(store);
    private readonly Dictionary<string, (FileEntry Entry, long Seen)> _doubtful = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal);
    private IReadOnlyList<string> _unreadable = [];
    private readonly HashSet<string> _lookAlikes = new(StringComparer.Ordinal);

    /// <summary>Gets the files that were refused, now or before, and those that could not be read, as of the last look, each with the reason.</summary>
    internal IReadOnlyList<string> Refused => [.. RefusedNames.Select(name => _refused[name]), .. _unreadable];

    // In the order of the folder. Mostly there are none: what sorts them is compiled only where there are.
    private string[] RefusedNames => _refused.Count == 0 ? [] : [.. _refused.Keys.Order(StringComparer.Ordinal)];

    /// <summary>
    /// Ingests what is new, and checks whether what was ingested is what it was: if not, its rows stay, and it is reported.
    /// False while a file may still be being copied: ask again at the next trigger.
    /// </summary>
    internal bool IngestNewFiles(IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        FolderSurvey look = _files.Look();
        ExternalScan[] scans = [.. partitions.All.Select(partition => _files.Scan(partition.Registry, look))];
        List<ExternalFile> seen = ExternalFile.Open(scans);
        external.Show([.. seen.Where(file => file.IsUnsettled)]);
        ForgetRefusals(scans);
        var unreadable = seen.Where(file => file.IsUnknown).ToList();
        _refused.Clear();
        foreach (SourceProgress.ExternalBronzeFile file in scans.SelectMany(scan => scan.Refused).Select(static entry => entry.File))
        {
            if (file.Refused is { } reason && reason != ExternalFile.StartedEmpty)
            {
                _refused[file.Name] = reason;
            }
        }

        bool isSettled = true;
        HashSet<FileEntry>[] fresh = [.. scans.Select(scan => scan.New.ToHashSet())];

        // What some partitions have accepted and others have not is settled by accepting it again, and taken whole then.
        HashSet<string> open = [.. scans.SelectMany(scan => scan.Faults).Select(fault => fault.Found?.Path).OfType<string>()];
        foreach (FileEntry file in ExternalScan.InOrder(fresh.SelectMany(files => files).Where(file => !open.Contains(file.Path)).Distinct()))
        {
            if (cancellation.IsCancellationRequested)
            {
                break;
            }

            LakePartition[] takers = [.. partitions.All.Where((_, i) => fresh[i].Contains(file))];
            try
            {
                string? lookAlikes = Take(takers, file);
                _doubtful.Remove(file.Path);
                if (lookAlikes is not null && _lookAlikes.Add(lookAlikes))
                {
                    external.Tell($"{file.Path} was ingested without what it may mean by other names: {lookAlikes}.");
                }
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // It went while we looked at it: it was never ingested.
                _doubtful.Remove(file.Path);
            }
            catch (UnauthorizedAccessException)
            {
                // A change of permissions changes neither its time nor its length: it is looked at again every time.
                unreadable.Add(ExternalFile.Of(new LeftOutEntry(file.Path, ExternalFile.Denied, IsUnreadable: true, file)));
            }
            catch (IOException) when (store.Find(file.Path) != file)
            {
                // It changed while it was read: it may still be being copied.
                isSettled = false;
            }
            catch (ParquetException e)
            {
                isSettled &= Refuse(takers, file, e.Message);
            }
        }

        _unreadable = [.. unreadable.Select(file => $"{file.Path}: {file.Reason}")];
        external.Tell([.. unreadable.Select(file => file.Describe())], "cannot be read");
        external.Tell([.. scans[0].LeftOut.Where(left => !left.IsUnreadable).Select(left => ExternalFile.Of(left).Describe())], "are left out");
        external.Tell([.. ExternalFile.Known(scans).Where(file => !Array.Exists(fresh, files => Holds(files, file.Path))).Select(file => file.Describe())], "are known");
        external.Tell([.. RefusedNames.Select(name => ExternalFile.Refusal(name, _refused[name]))], "were refused");
        if (progress is not null)
        {
            foreach (string notice in external.Take())
            {
                progress.Report(new RunProgress(notice));
            }
        }

        return isSettled;
    }

    private static bool Holds(HashSet<FileEntry> files, string path)
    {
        foreach (FileEntry file in files)
        {
            if (file.Path == path)
            {
                return true;
            }
        }

        return false;
    }

    /// <returns>The columns that the file has under similar names only, as text.</returns>
    private string? Take(LakePartition[] takers, FileEntry file)
    {
        // Whole or not at all: every row is read before the file counts as ingested. A large one is read again when
        // it is applied, so that memory stays bounded.
        using ParquetReader reader = ExternalBronze.Open(store, file.Path);
        string? lookAlikes = ExternalBronze.LookAlikesOf(reader, file.Path, zone, options.Ids);
        bool isKept = accept is null && reader.Metadata.RowCount <= options.PendingRowsMax;
        var batches = new List<MessageBatch>[_shares];
        long[] rows = new long[_shares];

        // Beside the reading of rows, which leaves threads idle at each row group's end. Whether the file stayed the
        // same is looked at after both.
        Task<CompletedFile>? beside = work.Threads == 1 ? null : Task.Run(() => store.Checksum(file.Path));
        try
        {
            foreach (MessageBatch batch in ExternalBronze.Read(reader, file.Path, zone, options.Ids, work))
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
            Accept(taker, new SourceProgress.ExternalBronzeFile(file.Path, bytes.Length, bytes.Crc32C, rows[place], file.ModifiedUtcTicks), isKept ? batches[place] ?? [] : null);
        }

        Settle();
        return lookAlikes;
    }

    // Of a file that is gone, or holds bytes again that were ingested before, nothing was refused.
    private void ForgetRefusals(ExternalScan[] scans)
    {
        var told = new SortedSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < scans.Length; i++)
        {
            foreach (SourceProgress.ExternalBronzeFile file in scans[i].StaleRefusals.Select(static entry => entry.File))
            {
                Accept(partitions.All[i], new SourceProgress.ExternalAccepted(file.Name, file.Size, file.Crc32C), null);
                if (file.Refused != ExternalFile.StartedEmpty)
                {
                    told.Add(store.Find(file.Name) is null
                        ? $"{file.Name}, which was refused, is gone."
                        : $"{file.Name}, which was refused, holds bytes again that were ingested before, and adds nothing.");
                }

            }
        }

        if (Array.Exists(scans, static scan => scan.StaleRefusals.Count > 0))
        {
            Settle();
            external.Tell([.. told], "that were refused are gone or known");
        }
    }

    private void Accept(LakePartition taker, SourceProgress consumed, List<MessageBatch>? rows)
    {
        var content = new FrameContent { SourceProgress = consumed };
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

    private bool Refuse(LakePartition[] takers, FileEntry file, string reason)
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
        uint crc;
        try
        {
            crc = store.Checksum(file.Path).Crc32C;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // The next scan shows what it is.
            return true;
        }

        foreach (LakePartition taker in takers)
        {
            Accept(taker, new SourceProgress.ExternalBronzeFile(file.Path, file.Length, crc, 0, file.ModifiedUtcTicks, reason), null);
        }

        Settle();
        _refused[file.Path] = reason;
        return true;
    }
}
