using OrleansLake.Core;
using OrleansLake.Core.Messages;
using OrleansLake.Engine.Input;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Sending;

namespace OrleansLake.Engine.Ingest;

/// <content>Text that is recognised by its key when it is sent again.</content>
internal sealed partial class Ingestor
{
    // A text that goes by its key. Its bytes up to a frame's end are compared by their checksum when it comes again.
    private void TakeBatch(SendKey key, Stream stream, byte[] magic, string name, TextStart start, bool eager)
    {
        TextLayout layout = start.Layout;
        KnownBatches known = KnownBatches.Of(_partitions.All, key);
        BatchEntry?[] before = known.Entries;
        if (known.IsForgotten)
        {
            throw new LakeException(LakeFailure.Failed, $"{key} is below the numbers that are remembered of the producer, so it may have been stored before; numbers go up.");
        }

        // What one partition has is compared before another is given any: of many, the source is read twice.
        using Stream? kept = _partitions.Count > 1 && Array.Exists(before, static entry => entry is not null) ? Keep(stream) : null;
        if (kept is not null && !Array.TrueForAll(before, entry => entry is null || IsStartOf(kept, magic, layout, entry.Batch)))
        {
            throw Other(key, name);
        }

        var raw = new ChecksumStream(kept ?? stream);
        var blocks = new TextBlockReader(TextSource.Unpack(raw, magic), layout, eager, _options.BlockBytes);
        using var source = new TextSource(blocks, _rules with { Source = name }, _work.Threads, _options.ReadsInline, _cancellation);
        Resume(blocks, source, layout.IsTable ? start.Bytes : [], [.. before.Select(static entry => (entry?.Batch.EndPosition ?? 0, entry?.Batch.EndRecord ?? 1, (entry?.Batch.EndRecord ?? 1) - 1))]);
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
                ReplayRejected(stream, magic, layout, name);
                return;
            }
        }

        var progress = new BatchProgress(key.Key, before);
        (uint Crc32C, long Position, long Record) end = (blocks.PrefixCrc32C, blocks.Position, blocks.Records + 1);
        int home = FramePartitioner.HomeOf(key.Key.Name, before.Length);
        bool[] isBegun = [.. before.Select((entry, i) => entry is not null || i == home)];
        KnownColumns columns = KnownColumns.None;
        while (source.Next() is { } block)
        {
            columns |= block.Columns;
            end = (block.PrefixCrc32C, block.EndPosition, block.EndRecord);
            Append(
                block, name,
                (i, part) =>
                {
                    isBegun[i] = true;
                    return progress.Next(i, part, end.Crc32C, end.Position, end.Record, completed: false);
                },
                raw.BytesRead);
            FlushUnlessMoreIsReady(source);
        }

        NoteColumns(name, start, blocks, columns);
        NoteTimes(name);
        NoteEncoding(name, magic);
        if (blocks.IsArrayOpen)
        {
            throw new InvalidDataException(UnclosedArray(blocks));
        }

        NoteEmpty(name, blocks);
        bool isStored = true;
        for (int i = 0; i < before.Length; i++)
        {
            if (isBegun[i] && before[i] is not { Batch.Completed: true })
            {
                isStored = false;
                _partitions.All[i].Accept(new FrameContent { SourceProgress = progress.Next(i, new FramePart(null, []), end.Crc32C, end.Position, end.Record, completed: true) });
            }
        }

        if (isStored)
        {
            SkipBatch(key, before);
            ReplayRejected(stream, magic, layout, name);
            return;
        }

        Flush();
    }

    private void SkipBatch(SendKey key, BatchEntry?[] before)
    {
        Flush();
        _resumedFrom = 0;
        _options.Acknowledged?.Invoke(_acknowledgedBefore);
        _skippedBecause = $"{key} was stored before: {Counted.Of(_acknowledgedBefore, "message")} accepted, {Counted.Of(before.Sum(static entry => entry?.Batch.Rejected ?? 0), "record")} rejected";
    }

    private static LakeException Other(SendKey key, string name) =>
        new(LakeFailure.Failed, $"Another content was stored as {key} before; nothing of {name} was stored. Give the batch a number of its own.");

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

    private static bool IsStartOf(Stream kept, byte[] magic, TextLayout layout, SourceProgress.ProducerBatch batch)
    {
        kept.Position = 0;
        var whole = new TextBlockReader(TextSource.Unpack(kept, magic), layout, eager: false);
        bool isSame = whole.Skip(batch.EndPosition, batch.EndRecord - 1) && whole.PrefixCrc32C == batch.PrefixCrc32C && (!batch.Completed || whole.Read() is null);
        kept.Position = 0;
        return isSame;
    }
}
