using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Input;
using OrleansLake.Engine.Mappings;
using OrleansLake.Engine.Partitions;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Ingest;

/// <summary>
/// Takes one source into bronze: blocks are parsed side by side, appended in the source's order, made durable
/// together, and only then acknowledged. What a frame took of its file is recorded in the frame, so a file that was cut
/// off continues exactly behind what is durable: of each partition, which may have more of it than another.
/// </summary>
internal sealed partial class Ingestor
{
    // Appended bytes that one fsync serves at most: a bound for what waits for its acknowledgement.
    private const int FlushBytesMax = 8 * 1024 * 1024;

    private readonly LakePartitions _partitions;
    private readonly LakeTimeZone _zone;
    private readonly ParallelWork _work;
    private readonly CommitScheduler? _pace;
    private readonly IngestOptions _options;
    private readonly RecordRules _rules;
    private readonly IProgress<IngestProgress>? _progress;
    private readonly CancellationToken _cancellation;

    private readonly Dictionary<RejectionReason, long> _byReason = [];
    private readonly Dictionary<RejectionReason, Rejection> _first = [];
    private readonly List<string> _unreadable = [];
    private readonly List<string> _notes = [];
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _accepted;
    private long _acknowledged;
    private long _acknowledgedBefore;
    private long _rejected;
    private long _bytes;
    private long? _bytesTotal;
    private long _resumedFrom;
    private long _unflushedBytes;
    private string? _skippedBecause;

    // Whether all that was read of the source so far was stored before.
    private bool _isBefore = true;

    // By partition: up to where (a byte of a text, a row of a Parquet file) it has the source from before.
    private long[] _taken;

    internal Ingestor(
        LakePartitions partitions, LakeTimeZone zone, ParallelWork work, CommitScheduler? pace,
        IngestOptions options, LakeOptions lake, IProgress<IngestProgress>? progress, CancellationToken cancellation)
    {
        _partitions = partitions;
        _taken = new long[partitions.Count];
        _zone = zone;
        _work = work;
        _pace = pace;
        _options = options;
        _rules = new RecordRules(zone, options.TimestampFormat, options.Mapping, lake.Clock) { Keep = lake.Keep ?? KeptFields.None, Ids = lake.Ids };
        _progress = progress;
        _cancellation = cancellation;
    }

    /// <summary>Gets the function that sends rejected records of the lake again.¶</summary>
    internal required Func<QuarantineReplayOptions, RecordReading?, CancellationToken, QuarantineReplaySummary> ReplayQuarantine { get; init; }

    internal IngestSummary Ingest(IngestSource source)
    {
        switch (source)
        {
            case IngestFile file:
                TakeNamed(SystemPath.Of(file.Path));
                break;
            case IngestFolder folder:
                TakeFolder(SystemPath.Of(folder.Path));
                break;
            case IngestInput input:
                TakeInput(input.Stream, input.Name);
                break;
            default:
                throw new ArgumentException("no such kind of source", nameof(source));
        }

        return new IngestSummary
        {
            Accepted = _accepted,
            Rejected = _rejected,
            RejectedByReason = _byReason,
            FirstRejections = _first,
            Skipped = _skippedBecause is not null,
            SkippedBecause = _skippedBecause,
            ResumedFrom = _resumedFrom,
            Bytes = _bytes,
            Elapsed = Stopwatch.GetElapsedTime(_started),
            UnreadableFiles = _unreadable,
            Notes = [.. _notes, .. MissingNotes(), .. LeftOutNotes()],
            LeftOut = _leftOut ?? [],
            MissingColumns = _missing,
        };
    }

    private void TakeNamed(string path)
    {
        if (_options.Files?.IsKnown(path, out string? first) ?? false)
        {
            _skippedBecause = $"{path} is the same file as {first}";
            return;
        }

        TakeFile(path, SourceName.Of(path));
    }

    private void TakeFolder(string folder)
    {
        int unreadableBefore = _unreadable.Count;
        var found = SourceFolder.Read(folder, _options.Files ?? new NamedFiles(), _unreadable);
        IReadOnlyList<string> files = found.Files;
        _notes.AddRange(found.Notes);
        if (files.Count == 0 && found.IsAllKnown)
        {
            _skippedBecause = $"all files of {folder} were named before";
            return;
        }

        if (files.Count == 0)
        {
            // Of what may not be read nobody knows what is in it.
            if (_unreadable.Count > unreadableBefore)
            {
                return;
            }

            _unreadable.Add($"{folder}: there are no Parquet files in the folder; name other files to ingest them.");
            return;
        }

        _bytesTotal = files.Sum(f => SizeOf(Path.Combine(folder, f)));
        var skipped = new List<string>();
        foreach (string file in files)
        {
            TakeFile(Path.Combine(folder, file), SourceName.Of(folder, file));
            if (_skippedBecause is not null)
            {
                skipped.Add(_skippedBecause);
                _skippedBecause = null;
            }
        }

        if (skipped.Count == files.Count)
        {
            _skippedBecause = files.Count == 1 ? $"the only file of {folder} was ingested before" : $"all {files.Count} files of {folder} were ingested before";
        }
    }

    // A link's own length is none. What cannot be opened is reported when it is its turn.
    private static long SizeOf(string path)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is null)
        {
            return file.Length;
        }

        try
        {
            using SafeFileHandle target = File.OpenHandle(path, share: FileShare.ReadWrite);
            return RandomAccess.GetLength(target);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return 0;
        }
    }

    private void TakeFile(string path, SourceName source)
    {
        string name = source.Name;
        _isBefore = true;
        using FileStream? file = TryOpen(path, name);
        if (file is null)
        {
            return;
        }

        if (!file.CanSeek)
        {
            // A pipe with a name.
            TakeInput(file, path);
            return;
        }

        _bytesTotal ??= file.Length;
        Span<byte> magic = stackalloc byte[4];
        int read = file.ReadAtLeast(magic, 4, throwOnEndOfStream: false);
        file.Position = 0;
        try
        {
            bool isParquet = magic[..read].SequenceEqual("PAR1"u8) || magic[..read].SequenceEqual("PARE"u8)
                || name.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);
            string? within = KnownBytes.KindWithin(magic[..read]);
            bool isPacked = within is not (null or KnownBytes.Parquet);
            if (_options.Format is { } said ? said == IngestFormat.Parquet : isParquet && !isPacked)
            {
                if (isPacked)
                {
                    throw new InvalidDataException($"it is packed with {within} and not Parquet as it is; unpack it, since Parquet is packed in itself");
                }

                if (_options.Key is not null)
                {
                    throw new LakeException(LakeFailure.Usage, $"{name} is a Parquet file: these are recognised by name, size and checksum, and have no batch number.");
                }

                IngestParquet(file, path, source);
            }
            else
            {
                NotePath(source);
                TakeText(file, source.NameBefore, magic[..read].ToArray());
            }
        }
        catch (Exception e) when (e is ParquetException or InvalidDataException)
        {
            // What was read before it is durable and stays; the file does not count as ingested.
            Flush();
            _unreadable.Add(e is ParquetException ? e.Message : $"{name}: {Told(e.Message)}");
        }
    }

    // Of packed data that end before a record does, or cannot be unpacked so far, nothing was stored.
    private string Told(string fault) => _accepted + _rejected + _resumedFrom + _acknowledgedBefore > 0 ? fault : TextSource.WithNothingBefore(fault);

    // Behind all that it took: one that is complete in one partition counts as complete in all.
    private void Complete(SourceProgress.FileProgress completed)
    {
        if (_partitions.Count > 1)
        {
            Flush();
        }

        foreach (LakePartition partition in _partitions.All)
        {
            partition.Accept(new FrameContent { SourceProgress = completed });
        }

        Flush();
    }

    private SourceProgress.FileProgress? CompletedOf(string name, long size, uint crc32C) =>
        _partitions.All.Select(partition => partition.Registry.CompletedOf(name, size, crc32C)).MaxBy(completed => completed?.Take ?? 0);

    private FileStream? TryOpen(string path, string name)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan);
        }
        catch (UnauthorizedAccessException)
        {
            _unreadable.Add($"{name}: the file cannot be read ({ExternalFile.Denied}); let this user read it.");
            return null;
        }
    }

    // Each partition's part, with what it has of the source then.
    private void Append(MessageBatch batch, List<Rejection> rejections, string source, long end, long records, Func<int, FramePart, SourceProgress> consumed, long bytes)
    {
        FramePart[] parts = FramePartitioner.Divide(batch, rejections, _partitions.Count);
        (_times ??= new CountedTimes(_rules)).Add(batch);
        PassBefore(parts, end, records);
        for (int i = 0; i < parts.Length; i++)
        {
            FramePart part = parts[i];
            if (end <= _taken[i] || (part.IsEmpty && parts.Length > 1))
            {
                continue;
            }

            _partitions.All[i].Accept(new FrameContent { Rows = part.Rows, SourceProgress = consumed(i, part), RejectedSource = source, Rejections = LakeMappings.Named(part.Rejections, _options.MappingName) });
            _accepted += part.RowCount;
            _rejected += part.Rejections.Count;
            foreach (Rejection rejection in part.Rejections)
            {
                _byReason[rejection.Reason] = _byReason.GetValueOrDefault(rejection.Reason) + 1;
            }
        }

        // In the order of the source, whichever partition keeps it.
        foreach (Rejection rejection in rejections.Where(rejection => _byReason.ContainsKey(rejection.Reason)))
        {
            _first.TryAdd(rejection.Reason, rejection);
        }

        _unflushedBytes += bytes;
    }

    // A partition that got nothing of the source's start does not know of it: what the others have of it was stored before.
    private void PassBefore(FramePart[] parts, long end, long records)
    {
        if (!_isBefore)
        {
            return;
        }

        _isBefore = MostIngested() >= end && !parts.Where((part, i) => end > _taken[i] && !part.IsEmpty).Any();
        _resumedFrom = _isBefore ? records : _resumedFrom;
    }

    // Loops: .NET's own over numbers are compiled for the processor at each start.
    private long LeastIngested()
    {
        long least = long.MaxValue;
        foreach (long taken in _taken)
        {
            least = Math.Min(least, taken);
        }

        return least;
    }

    private long MostIngested()
    {
        long most = 0;
        foreach (long taken in _taken)
        {
            most = Math.Max(most, taken);
        }

        return most;
    }

    private void Flush()
    {
        _partitions.Flush();
        _unflushedBytes = 0;
        if (_accepted > _acknowledged)
        {
            _acknowledged = _accepted;
            _options.Acknowledged?.Invoke(_acknowledgedBefore + _accepted);
        }

        _progress?.Report(new IngestProgress(_accepted, _rejected, _bytes, _bytesTotal));
        _pace?.Follow();
    }

    private void Skip(SourceProgress.FileProgress completed)
    {
        // A crash may have left it unfinished in some partitions, though all that it took is there.
        bool isCompleted = true;
        foreach (LakePartition partition in _partitions.All)
        {
            if ((partition.Registry.CompletedOf(completed.Name, completed.Size, completed.WholeCrc32C ?? completed.PrefixCrc32C)?.Take ?? 0) < completed.Take)
            {
                isCompleted = false;
                partition.Accept(new FrameContent { SourceProgress = completed });
            }
        }

        if (!isCompleted)
        {
            Flush();
        }

        _skippedBecause = $"{completed.Name} was ingested before (same name, size and checksum); --again ingests it once more";
    }

    private static uint ChecksumOf(FileStream file)
    {
        uint crc = new ChecksumStream(file).DrainAndChecksum();
        file.Position = 0;
        return crc;
    }
}
