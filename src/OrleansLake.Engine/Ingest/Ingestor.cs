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
/// off goes on exactly behind what is durable.
/// </summary>
internal sealed class Ingestor
{
    // Appended bytes that one fsync serves at most: a bound for what waits for its acknowledgement.
    private const int FlushBytesMax = 8 * 1024 * 1024;

    private readonly LakePartition _partition;
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

    internal Ingestor(
        LakePartition partition, LakeTimeZone zone, ParallelWork work, Pacemaker? pace,
        IngestOptions options, IProgress<IngestProgress>? progress, CancellationToken cancellation)
    {
        _partition = partition;
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
                TakeFile(file.Path, Path.GetFileName(file.Path));
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
            TakeFile(Path.Combine(folder, file), file);
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

    private void TakeFile(string path, string name)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan);
        _bytesTotal ??= file.Length;
        Span<byte> magic = stackalloc byte[4];
        int read = file.ReadAtLeast(magic, 4, throwOnEndOfStream: false);
        file.Position = 0;
        try
        {
            if (magic[..read].SequenceEqual("PAR1"u8) || magic[..read].SequenceEqual("PARE"u8))
            {
                if (_options.Key is not null)
                {
                    throw new LakeException(LakeFailure.Usage, $"{name} is a Parquet file: these are recognised by name, size and checksum, and have no batch number.");
                }

                TakeParquet(file, path, name);
            }
            else
            {
                TakeText(file, name, magic[..read]);
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
        var raw = new ChecksumStream(stream);
        byte[] magic = new byte[2];
        int read = raw.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        if (_options.Key is { } key)
        {
            TakeBatch(key, new PrefixedStream(magic.AsMemory(0, read), raw), magic.AsSpan(0, read), "stdin", [], eager: true);
            return;
        }

        Stream unpacked = TextSource.Unpack(new PrefixedStream(magic.AsMemory(0, read), raw), magic.AsSpan(0, read));
        var blocks = new TextBlockReader(unpacked, isCsv: false, eager: true);
        using var source = new TextSource(blocks, isCsv: false, _zone, _work.Threads, _options.ReadsInline, _cancellation);
        var consumed = new Consumed.Stream("stdin");
        try
        {
            while (source.Next() is { } block)
            {
                Append(block, "stdin", consumed, raw.BytesRead);
                FlushUnlessMoreIsReady(source);
            }
        }
        catch (InvalidDataException e)
        {
            _unreadable.Add($"stdin: {e.Message}");
        }

        Flush();
    }

    private void TakeText(FileStream file, string name, ReadOnlySpan<byte> magic)
    {
        bool isCsv = IsCsv(name);
        if (_options.Key is { } key)
        {
            TakeBatch(key, file, magic, name, isCsv ? StartOf(file, magic) : [], eager: false);
            return;
        }

        long size = file.Length;
        Registry registry = _partition.Registry;
        int take = 1;
        if (registry.MayBeCompleted(name, size) && registry.CompletedOf(name, size, ChecksumOf(file)) is { } completed)
        {
            if (!_options.Again)
            {
                Skip(name);
                return;
            }

            take = completed.Take + 1;
        }

        var raw = new ChecksumStream(file);
        Stream unpacked = TextSource.Unpack(raw, magic);
        var blocks = new TextBlockReader(unpacked, isCsv, eager: false);
        using var source = new TextSource(blocks, isCsv, _zone, _work.Threads, _options.ReadsInline, _cancellation);
        if (registry.ProgressOf(name) is { EndPosition: > 0 } progress && StartsLike(file, magic, isCsv, progress, out byte[] start))
        {
            take = progress.Take;
            blocks.Skip(progress.EndPosition, progress.EndRecord - 1);
            source.TakeHeader(start);
            _resumedFrom = progress.EndRecord - 1;
        }

        long before = _bytes;
        long end = blocks.Position;
        long endRecord = blocks.Records + 1;
        uint prefix = blocks.PrefixCrc32C;
        while (source.Next() is { } block)
        {
            Append(block, name, new Consumed.FileProgress(name, size, block.PrefixCrc32C, block.EndPosition, block.EndRecord, false, null, take), before + raw.BytesRead);
            (end, endRecord, prefix) = (block.EndPosition, block.EndRecord, block.PrefixCrc32C);
            FlushUnlessMoreIsReady(source);
        }

        uint whole = raw.DrainAndChecksum();
        _bytes = before + raw.BytesRead;
        _partition.Accept(new FrameContent { Consumed = new Consumed.FileProgress(name, size, prefix, end, endRecord, true, whole, take) });
        Flush();
    }

    // A text that goes by its key. Its bytes up to a frame's end are compared by their checksum when it comes again.
    private void TakeBatch(SendKey key, Stream stream, ReadOnlySpan<byte> magic, string name, byte[] csvStart, bool eager)
    {
        bool isCsv = csvStart.Length > 0;
        BatchEntry? before = _partition.Registry.BatchOf(key.Key);
        if (before is null && _partition.Registry.IsForgotten(key.Key))
        {
            throw new LakeException(LakeFailure.Failed, $"{key} lies below the numbers that are remembered of the producer, so it may have been taken in; numbers go up.");
        }

        var raw = new ChecksumStream(stream);
        var blocks = new TextBlockReader(TextSource.Unpack(raw, magic), isCsv, eager);
        using var source = new TextSource(blocks, isCsv, _zone, _work.Threads, _options.ReadsInline, _cancellation);
        long accepted = 0;
        long rejected = 0;
        if (before?.Batch is { } batch)
        {
            bool isSame = blocks.Skip(batch.EndPosition, batch.EndRecord - 1) && blocks.PrefixCrc32C == batch.PrefixCrc32C;
            source.TakeHeader(csvStart);
            if (!isSame || (batch.Completed && source.Next() is not null))
            {
                throw new LakeException(LakeFailure.Failed, $"Something else than {name} was taken in as {key}; nothing was stored. Give the batch a number of its own.");
            }

            (accepted, rejected) = (batch.Accepted, batch.Rejected);
            _acknowledgedBefore = accepted;
            if (batch.Completed)
            {
                Flush();
                _options.Acknowledged?.Invoke(accepted);
                _skippedBecause = $"{key} was taken in already: {accepted} messages accepted, {rejected} records rejected";
                return;
            }

            _resumedFrom = batch.EndRecord - 1;
        }

        var last = new Consumed.ProducerBatch(key.Key, blocks.PrefixCrc32C, blocks.Position, blocks.Records + 1, accepted, rejected, false);
        while (source.Next() is { } block)
        {
            last = last with
            {
                PrefixCrc32C = block.PrefixCrc32C,
                EndPosition = block.EndPosition,
                EndRecord = block.EndRecord,
                Accepted = last.Accepted + block.Batch.Count,
                Rejected = last.Rejected + block.Rejections.Count,
            };
            Append(block, name, last, raw.BytesRead);
            FlushUnlessMoreIsReady(source);
        }

        _partition.Accept(new FrameContent { Consumed = last with { Completed = true } });
        Flush();
    }

    private static byte[] StartOf(FileStream file, ReadOnlySpan<byte> magic)
    {
        using var again = new FileStream(file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using InputBlock? first = new TextBlockReader(TextSource.Unpack(again, magic), isCsv: true, eager: false).Read();
        return first is null ? [] : first.Bytes.ToArray();
    }

    // Whether a file starts with what was taken in before it was cut off: then it goes on behind that. Otherwise it
    // is another file of the same name.
    private static bool StartsLike(FileStream file, ReadOnlySpan<byte> magic, bool isCsv, Consumed.FileProgress progress, out byte[] start)
    {
        start = isCsv ? StartOf(file, magic) : [];
        using var again = new FileStream(file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var whole = new TextBlockReader(TextSource.Unpack(again, magic), isCsv, eager: false);
        return whole.Skip(progress.EndPosition, progress.EndRecord - 1) && whole.PrefixCrc32C == progress.PrefixCrc32C;
    }

    private void TakeParquet(FileStream file, string path, string name)
    {
        long size = file.Length;
        uint whole = ChecksumOf(file);
        Registry registry = _partition.Registry;
        int take = 1;
        long done = 0;
        if (registry.CompletedOf(name, size, whole) is { } completed)
        {
            if (!_options.Again)
            {
                Skip(name);
                return;
            }

            take = completed.Take + 1;
        }

        if (registry.ProgressOf(name) is { } progress && progress.Size == size && progress.WholeCrc32C == whole)
        {
            take = progress.Take;
            done = progress.EndRecord - 1;
            _resumedFrom = done;
        }

        using ParquetReader reader = ParquetReader.Open(path);
        var messages = new ParquetMessages(reader, name, _zone);
        long before = _bytes;
        long rows = 0;
        foreach (MessageBatch batch in messages.Batches(_work))
        {
            _cancellation.ThrowIfCancellationRequested();
            long first = rows;
            rows += batch.Count;
            if (rows <= done)
            {
                continue;
            }

            var rejections = new List<Rejection>();
            MessageBatch valid = RowValidation.Keep(batch, first + 1, _zone, rejections);
            long position = size * rows / Math.Max(1, reader.Facts.RowCount);
            _bytes = before + position;
            Append(
                valid, rejections, name,
                new Consumed.FileProgress(name, size, whole, position, rows + 1, false, whole, take),
                batch.Count * 100);
            if (_unflushedBytes >= FlushBytesMax)
            {
                Flush();
            }
        }

        _bytes = before + size;
        _partition.Accept(new FrameContent { Consumed = new Consumed.FileProgress(name, size, whole, size, rows + 1, true, whole, take) });
        Flush();
    }

    private void Append(ParsedBlock block, string source, Consumed consumed, long bytesRead)
    {
        _bytes = bytesRead;
        Append(block.Batch, block.Rejections, source, consumed, block.Batch.Values.Bytes.Length + (64L * block.Batch.Count));
    }

    private void Append(MessageBatch batch, List<Rejection> rejections, string source, Consumed consumed, long bytes)
    {
        _partition.Accept(new FrameContent { Rows = batch, Consumed = consumed, RejectedSource = source, Rejections = rejections });
        _accepted += batch.Count;
        _rejected += rejections.Count;
        foreach (Rejection rejection in rejections)
        {
            _byReason[rejection.Reason] = _byReason.GetValueOrDefault(rejection.Reason) + 1;
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
        _partition.Flush();
        _unflushedBytes = 0;
        if (_accepted > _acknowledged)
        {
            _acknowledged = _accepted;
            _options.Acknowledged?.Invoke(_acknowledgedBefore + _accepted);
        }

        _progress?.Report(new IngestProgress(_accepted, _rejected, _bytes, _bytesTotal));
        _pace?.Follow();
    }

    private void Skip(string name) =>
        _skippedBecause = $"{name} was taken in already (same name, size and checksum); --again takes it once more";

    private static uint ChecksumOf(FileStream file)
    {
        uint crc = new ChecksumStream(file).DrainAndChecksum();
        file.Position = 0;
        return crc;
    }

    private static bool IsCsv(string name) =>
        name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase);
}
