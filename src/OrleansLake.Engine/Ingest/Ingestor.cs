using System.Diagnostics;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;
using OrleansLake.Storage;

namespace OrleansLake.Engine.Ingest;

/// <summary>
/// Takes one source into bronze: blocks are parsed side by side, appended in the source's order, made durable
/// together, and only then acknowledged. What a frame took of its file stands in the frame, so a file that was cut
/// off goes on exactly behind what is durable: of each partition, which may have more of it than another.
/// </summary>
internal sealed class Ingestor
{
    // Appended bytes that one fsync serves at most: a bound for what waits for its acknowledgement.
    private const int FlushBytesMax = 8 * 1024 * 1024;

    private readonly LakePartitions _partitions;
    private readonly LakeTimeZone _zone;
    private readonly ParallelWork _work;
    private readonly Pacemaker? _pace;
    private readonly IngestOptions _options;
    private readonly IProgress<IngestProgress>? _progress;
    private readonly CancellationToken _cancellation;

    private readonly Dictionary<RejectionReason, long> _byReason = [];
    private readonly Dictionary<RejectionReason, Rejection> _first = [];
    private readonly List<string> _unreadable = [];
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

    // By partition: up to where (a byte of a text, a row of a Parquet file) it has the source from before.
    private long[] _taken;

    internal Ingestor(
        LakePartitions partitions, LakeTimeZone zone, ParallelWork work, Pacemaker? pace,
        IngestOptions options, IProgress<IngestProgress>? progress, CancellationToken cancellation)
    {
        _partitions = partitions;
        _taken = new long[partitions.Count];
        _zone = zone;
        _work = work;
        _pace = pace;
        _options = options;
        _progress = progress;
        _cancellation = cancellation;
    }

    internal IngestSummary Ingest(IngestSource source)
    {
        switch (source)
        {
            case IngestFile file:
                TakeFile(file.Path, SourceName.Of(file.Path));
                break;
            case IngestFolder folder:
                TakeFolder(folder.Path);
                break;
            case IngestInput input:
                TakeInput(input.Stream);
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
        };
    }

    private void TakeFolder(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(folder, f).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(f => !f.Split('/').Any(part => part[0] is '_' or '.'))
            .Order(StringComparer.Ordinal)];
        if (files.Length == 0)
        {
            _unreadable.Add($"{folder}: there are no Parquet files in the folder.");
            return;
        }

        _bytesTotal = files.Sum(f => new FileInfo(Path.Combine(folder, f)).Length);
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

        if (skipped.Count == files.Length)
        {
            _skippedBecause = $"all {files.Length} files were taken in already";
        }
    }

    private void TakeFile(string path, SourceName source)
    {
        string name = source.Name;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan);
        _bytesTotal ??= file.Length;
        Span<byte> magic = stackalloc byte[4];
        int read = file.ReadAtLeast(magic, 4, throwOnEndOfStream: false);
        file.Position = 0;
        try
        {
            bool isParquet = magic[..read].SequenceEqual("PAR1"u8) || magic[..read].SequenceEqual("PARE"u8)
                || name.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);
            if (_options.Format is { } said ? said == IngestFormat.Parquet : isParquet)
            {
                if (_options.Key is not null)
                {
                    throw new LakeException(LakeFailure.Usage, $"{name} is a Parquet file: these are recognised by name, size and checksum, and have no batch number.");
                }

                TakeParquet(file, path, source);
            }
            else
            {
                TakeText(file, source.NameBefore, magic[..read].ToArray());
            }
        }
        catch (Exception e) when (e is ParquetException or InvalidDataException)
        {
            // What was read before it is durable and stays; the file does not count as taken in.
            Flush();
            _unreadable.Add(e is ParquetException ? e.Message : $"{name}: {e.Message}");
        }
    }

    private void TakeInput(Stream stream)
    {
        _taken = new long[_partitions.Count];
        var raw = new ChecksumStream(stream);
        byte[] magic = new byte[2];
        int read = raw.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        if (_options.Key is { } key)
        {
            TakeBatch(key, new PrefixedStream(magic.AsMemory(0, read), raw), magic[..read], "stdin", LayoutOf("stdin"), [], eager: true);
            return;
        }

        Stream unpacked = TextSource.Unpack(new PrefixedStream(magic.AsMemory(0, read), raw), magic.AsSpan(0, read));
        var blocks = new TextBlockReader(unpacked, LayoutOf("stdin"), eager: true, _options.BlockBytes);
        using var source = new TextSource(blocks, _zone, _work.Threads, _options, _cancellation);
        var consumed = new Consumed.Stream("stdin");
        try
        {
            while (source.Next() is { } block)
            {
                Append(block, "stdin", (_, _) => consumed, raw.BytesRead);
                FlushUnlessMoreIsReady(source);
            }
        }
        catch (InvalidDataException e)
        {
            _unreadable.Add($"stdin: {e.Message}");
        }

        Flush();
    }

    private void TakeText(FileStream file, string name, byte[] magic)
    {
        TextLayout layout = LayoutOf(name);
        if (_options.Key is { } key)
        {
            TakeBatch(key, file, magic, name, layout, layout.IsTable ? StartOf(file, magic, layout) : [], eager: false);
            return;
        }

        long size = file.Length;
        int take = 1;
        if (_partitions.All.Any(partition => partition.Registry.MayBeCompleted(name, size)) && CompletedOf(name, size, ChecksumOf(file)) is { } completed)
        {
            if (!_options.Again)
            {
                Skip(completed);
                return;
            }

            take = completed.Take + 1;
        }

        var raw = new ChecksumStream(file);
        Stream unpacked = TextSource.Unpack(raw, magic);
        var blocks = new TextBlockReader(unpacked, layout, eager: false, _options.BlockBytes);
        using var source = new TextSource(blocks, _zone, _work.Threads, _options, _cancellation);
        Consumed.FileProgress?[] before = [.. _partitions.All.Select(partition =>
            partition.Registry.ProgressOf(name) is { EndPosition: > 0 } progress && progress.Take >= take && StartsLike(file, magic, layout, progress) ? progress : null)];
        _taken = [.. before.Select(static progress => progress?.EndPosition ?? 0)];
        take = before.Max(static progress => progress?.Take) ?? take;
        Resume(blocks, source, layout.IsTable && _taken.Min() > 0 ? StartOf(file, magic, layout) : [], [.. before.Select(static progress => (progress?.EndPosition ?? 0, progress?.EndRecord ?? 1))]);
        long bytesBefore = _bytes;
        long end = blocks.Position;
        long endRecord = blocks.Records + 1;
        uint prefix = blocks.PrefixCrc32C;
        while (source.Next() is { } block)
        {
            var progress = new Consumed.FileProgress(name, size, block.PrefixCrc32C, block.EndPosition, block.EndRecord, false, null, take);
            Append(block, name, (_, _) => progress, bytesBefore + raw.BytesRead);
            (end, endRecord, prefix) = (block.EndPosition, block.EndRecord, block.PrefixCrc32C);
            FlushUnlessMoreIsReady(source);
        }

        uint whole = raw.DrainAndChecksum();
        _bytes = bytesBefore + raw.BytesRead;
        Complete(new Consumed.FileProgress(name, size, prefix, end, endRecord, true, whole, take));
    }

    // Goes on where the first of the partitions stopped. The others' places end blocks, of which they take none before.
    private void Resume(TextBlockReader blocks, TextSource source, byte[] csvStart, (long Position, long Record)[] places)
    {
        (long position, long record) = places.Min();
        if (position > 0)
        {
            blocks.Skip(position, record - 1);
            source.TakeHeader(csvStart);
            _resumedFrom = record - 1;
        }

        blocks.Cuts = [.. places.Where(place => place.Position > position).Distinct().Order()];
    }

    // Behind all that it took: whoever finds it complete in one partition takes it for complete in all.
    private void Complete(Consumed.FileProgress completed)
    {
        if (_partitions.Count > 1)
        {
            Flush();
        }

        foreach (LakePartition partition in _partitions.All)
        {
            partition.Accept(new FrameContent { Consumed = completed });
        }

        Flush();
    }

    private Consumed.FileProgress? CompletedOf(string name, long size, uint crc32C) =>
        _partitions.All.Select(partition => partition.Registry.CompletedOf(name, size, crc32C)).MaxBy(completed => completed?.Take ?? 0);

    // A text that goes by its key. Its bytes up to a frame's end are compared by their checksum when it comes again.
    private void TakeBatch(SendKey key, Stream stream, byte[] magic, string name, TextLayout layout, byte[] csvStart, bool eager)
    {
        BatchEntry?[] before = [.. _partitions.All.Select(partition => partition.Registry.BatchOf(key.Key))];
        int home = DividedFrames.HomeOf(key.Key.Name, _partitions.Count);
        bool isKnown = Array.Exists(before, static entry => entry is not null);
        if (!isKnown && _partitions.All[home].Registry.IsForgotten(key.Key))
        {
            throw new LakeException(LakeFailure.Failed, $"{key} lies below the numbers that are remembered of the producer, so it may have been taken in; numbers go up.");
        }

        // What one partition has is compared before another is given any: of many, the source is read twice.
        using Stream? kept = isKnown && _partitions.Count > 1 ? Keep(stream) : null;
        if (kept is not null && !Array.TrueForAll(before, entry => entry is null || IsStartOf(kept, magic, layout, entry.Batch)))
        {
            throw Other(key, name);
        }

        var raw = new ChecksumStream(kept ?? stream);
        var blocks = new TextBlockReader(TextSource.Unpack(raw, magic), layout, eager, _options.BlockBytes);
        using var source = new TextSource(blocks, _zone, _work.Threads, _options, _cancellation);
        Resume(blocks, source, csvStart, [.. before.Select(static entry => (entry?.Batch.EndPosition ?? 0, entry?.Batch.EndRecord ?? 1))]);
        _taken = [.. before.Select(static entry => entry is null ? 0 : entry.Batch.Completed ? long.MaxValue : entry.Batch.EndPosition)];
        _acknowledgedBefore = before.Sum(static entry => entry?.Batch.Accepted ?? 0);
        if (before is [{ } only])
        {
            if (blocks.Position != only.Batch.EndPosition || blocks.PrefixCrc32C != only.Batch.PrefixCrc32C || (only.Batch.Completed && source.Next() is not null))
            {
                throw Other(key, name);
            }

            if (only.Batch.Completed)
            {
                SkipBatch(key, before);
                return;
            }
        }

        var last = new Consumed.ProducerBatch(key.Key, blocks.PrefixCrc32C, blocks.Position, blocks.Records + 1, 0, 0, false);
        long[] accepted = [.. before.Select(static entry => entry?.Batch.Accepted ?? 0)];
        long[] rejected = [.. before.Select(static entry => entry?.Batch.Rejected ?? 0)];
        bool[] isBegun = [.. before.Select((entry, i) => entry is not null || i == home)];
        while (source.Next() is { } block)
        {
            last = last with { PrefixCrc32C = block.PrefixCrc32C, EndPosition = block.EndPosition, EndRecord = block.EndRecord };
            Append(
                block, name,
                (i, part) =>
                {
                    isBegun[i] = true;
                    return last with { Accepted = accepted[i] += part.RowCount, Rejected = rejected[i] += part.Rejections.Count };
                },
                raw.BytesRead);
            FlushUnlessMoreIsReady(source);
        }

        bool isStored = true;
        for (int i = 0; i < before.Length; i++)
        {
            if (isBegun[i] && before[i] is not { Batch.Completed: true })
            {
                isStored = false;
                _partitions.All[i].Accept(new FrameContent { Consumed = last with { Accepted = accepted[i], Rejected = rejected[i], Completed = true } });
            }
        }

        if (isStored)
        {
            SkipBatch(key, before);
            return;
        }

        Flush();
    }

    private void SkipBatch(SendKey key, BatchEntry?[] before)
    {
        Flush();
        _resumedFrom = 0;
        _options.Acknowledged?.Invoke(_acknowledgedBefore);
        _skippedBecause = $"{key} was taken in already: {_acknowledgedBefore} messages accepted, {before.Sum(static entry => entry?.Batch.Rejected ?? 0)} records rejected";
    }

    private static LakeException Other(SendKey key, string name) =>
        new(LakeFailure.Failed, $"Something else than {name} was taken in as {key}; nothing was stored. Give the batch a number of its own.");

    // A source that can be read twice.
    private static FileStream Keep(Stream stream)
    {
        if (stream is FileStream file)
        {
            return new FileStream(file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }

        var kept = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        stream.CopyTo(kept);
        kept.Position = 0;
        return kept;
    }

    private static bool IsStartOf(Stream kept, byte[] magic, TextLayout layout, Consumed.ProducerBatch batch)
    {
        kept.Position = 0;
        var whole = new TextBlockReader(TextSource.Unpack(kept, magic), layout, eager: false);
        bool isSame = whole.Skip(batch.EndPosition, batch.EndRecord - 1) && whole.PrefixCrc32C == batch.PrefixCrc32C && (!batch.Completed || whole.Read() is null);
        kept.Position = 0;
        return isSame;
    }

    private static byte[] StartOf(FileStream file, ReadOnlySpan<byte> magic, TextLayout layout)
    {
        using var again = new FileStream(file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using InputBlock? first = new TextBlockReader(TextSource.Unpack(again, magic), layout, eager: false).Read();
        return first is null ? [] : first.Bytes.ToArray();
    }

    // Whether a file starts with what was taken in before it was cut off: then it goes on behind that. Otherwise it
    // is another file of the same name.
    private static bool StartsLike(FileStream file, byte[] magic, TextLayout layout, Consumed.FileProgress progress)
    {
        using var again = new FileStream(file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var whole = new TextBlockReader(TextSource.Unpack(again, magic), layout, eager: false);
        return whole.Skip(progress.EndPosition, progress.EndRecord - 1) && whole.PrefixCrc32C == progress.PrefixCrc32C;
    }

    private void TakeParquet(FileStream file, string path, SourceName source)
    {
        string name = source.Name;
        long size = file.Length;
        uint whole = ChecksumOf(file);
        int take = 1;
        if ((CompletedOf(name, size, whole) ?? CompletedBefore(source, size, whole)) is { } completed)
        {
            if (!_options.Again)
            {
                Skip(completed with { Name = name });
                return;
            }

            take = completed.Take + 1;
        }

        bool isUnderWayAsBefore = source.NameBefore != name && _partitions.All.Any(partition =>
            partition.Registry.ProgressOf(source.NameBefore) is { } progress && progress.Size == size && progress.PrefixCrc32C == whole);
        name = isUnderWayAsBefore ? source.NameBefore : name;
        uint mark = isUnderWayAsBefore ? whole : source.Mark;
        Consumed.FileProgress?[] before = [.. _partitions.All.Select(partition =>
            partition.Registry.ProgressOf(name) is { } progress && progress.Take >= take && progress.Size == size && progress.WholeCrc32C == whole ? progress : null)];
        _taken = [.. before.Select(static progress => progress is null ? 0 : progress.EndRecord - 1)];
        take = before.Max(static progress => progress?.Take) ?? take;
        _resumedFrom = _taken.Min() is > 0 and var least ? least : _resumedFrom;
        using ParquetReader reader = ParquetReader.Open(path);
        var messages = new ParquetMessages(reader, source.Name, _zone, _options.TimestampFormat);
        long bytesBefore = _bytes;
        long rows = 0;
        foreach (MessageRows read in messages.Rows(_work))
        {
            _cancellation.ThrowIfCancellationRequested();
            rows += read.Batch.Count;
            if (rows <= _taken.Min())
            {
                continue;
            }

            var rejections = new List<Rejection>();
            MessageBatch valid = RowValidation.Keep(read, _zone, rejections);
            long position = size * rows / Math.Max(1, reader.Facts.RowCount);
            _bytes = bytesBefore + position;
            var progress = new Consumed.FileProgress(name, size, mark, position, rows + 1, false, whole, take);
            Append(valid, rejections, source.Name, rows, (_, _) => progress, read.Batch.Count * 100);
            if (_unflushedBytes >= FlushBytesMax)
            {
                Flush();
            }
        }

        _bytes = bytesBefore + size;
        Complete(new Consumed.FileProgress(name, size, mark, size, rows + 1, true, whole, take));
        if (isUnderWayAsBefore)
        {
            Complete(new Consumed.FileProgress(source.Name, size, source.Mark, size, rows + 1, true, whole, take));
        }
    }

    // Earlier versions knew a file without its folders: what they took is that of the first file that can be meant.
    private Consumed.FileProgress? CompletedBefore(SourceName source, long size, uint whole) =>
        source.NameBefore != source.Name && CompletedOf(source.NameBefore, size, whole) is { } before && before.PrefixCrc32C == whole
        && !_partitions.All.Any(partition => partition.Registry.NamesOf(size, whole).Any(source.IsNamesake))
            ? before with { PrefixCrc32C = source.Mark } : null;

    private void Append(ParsedBlock block, string source, Func<int, FramePart, Consumed> consumed, long bytesRead)
    {
        _bytes = bytesRead;
        Append(block.Batch, block.Rejections, source, block.EndPosition, consumed, block.Batch.Values.Bytes.Length + (64L * block.Batch.Count));
    }

    // Each partition's part, with what it has of the source then.
    private void Append(MessageBatch batch, List<Rejection> rejections, string source, long end, Func<int, FramePart, Consumed> consumed, long bytes)
    {
        FramePart[] parts = DividedFrames.Divide(batch, rejections, _partitions.Count);
        for (int i = 0; i < parts.Length; i++)
        {
            FramePart part = parts[i];
            if (end <= _taken[i] || (part.IsEmpty && parts.Length > 1))
            {
                continue;
            }

            _partitions.All[i].Accept(new FrameContent { Rows = part.Rows, Consumed = consumed(i, part), RejectedSource = source, Rejections = part.Rejections });
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

    private void FlushUnlessMoreIsReady(TextSource source)
    {
        if (_unflushedBytes >= FlushBytesMax || !source.IsNextReady)
        {
            Flush();
            _cancellation.ThrowIfCancellationRequested();
        }
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

    private void Skip(Consumed.FileProgress completed)
    {
        // A crash may have left it unfinished in some partitions, though all that it took is there.
        bool isCompleted = true;
        foreach (LakePartition partition in _partitions.All)
        {
            if ((partition.Registry.CompletedOf(completed.Name, completed.Size, completed.WholeCrc32C ?? completed.PrefixCrc32C)?.Take ?? 0) < completed.Take)
            {
                isCompleted = false;
                partition.Accept(new FrameContent { Consumed = completed });
            }
        }

        if (!isCompleted)
        {
            Flush();
        }

        _skippedBecause = $"{completed.Name} was taken in already (same name, size and checksum); --again takes it once more";
    }

    private static uint ChecksumOf(FileStream file)
    {
        uint crc = new ChecksumStream(file).DrainAndChecksum();
        file.Position = 0;
        return crc;
    }

    private TextLayout LayoutOf(string name) => _options.Format switch
    {
        IngestFormat.Csv => TextLayout.Csv,
        IngestFormat.Tsv => TextLayout.Tsv,
        null when name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase) => TextLayout.Csv,
        _ => TextLayout.Lines,
    };
}
