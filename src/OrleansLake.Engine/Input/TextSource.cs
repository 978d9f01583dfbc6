using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;

namespace OrleansLake.Engine.Input;

/// <summary>
/// Parses a text source's blocks side by side and hands them over in the source's order. One thread reads, so that a
/// pipe that pauses holds up nothing that has arrived; at most as many blocks as twice the threads wait to be taken,
/// which bounds the memory. Inline, the caller's thread does all of it, block by block: then what happens follows from
/// the calls alone, which is what a simulation needs.
/// </summary>
internal sealed class TextSource : IDisposable
{
    private readonly TextBlockReader _blocks;
    private readonly TextLayout _layout;
    private readonly RecordRules _rules;
    private readonly bool _isInline;
    private readonly BlockingCollection<Task<ParsedBlock>> _queue;
    private readonly CancellationTokenSource _stop;
    private Task<ParsedBlock>? _next;
    private Task? _reading;
    private CsvParser? _csv;
    private byte[] _csvHeader = [];

    internal TextSource(TextBlockReader blocks, RecordRules rules, int threads, bool readsInline, CancellationToken cancellationToken)
    {
        _blocks = blocks;
        _layout = blocks.Layout;
        _rules = rules;
        _isInline = readsInline;
        _queue = new BlockingCollection<Task<ParsedBlock>>(2 * threads);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Gets a value indicating whether the next block is parsed already, so that taking it costs no wait.</summary>
    internal bool IsNextReady
    {
        get
        {
            if (_next is null)
            {
                _queue.TryTake(out _next);
            }

            return _next is { IsCompleted: true };
        }
    }

    /// <summary>Returns the next block; null at the source's end.</summary>
    /// <exception cref="InvalidDataException">The source is not a CSV of messages, or its compression is damaged.</exception>
    internal ParsedBlock? Next()
    {
        if (_isInline)
        {
            _stop.Token.ThrowIfCancellationRequested();
            return _blocks.Read() is { } block ? Parser(block)() : null;
        }

        _reading ??= Task.Factory.StartNew(Read, _stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task<ParsedBlock>? next = _next;
        _next = null;
        if (next is null && !_queue.TryTake(out next, Timeout.Infinite, _stop.Token))
        {
            // The source has ended, or reading it failed.
            _reading.GetAwaiter().GetResult();
            return null;
        }

        return next!.GetAwaiter().GetResult();
    }

    /// <summary>
    /// Gives up what is not taken, and the file when the read under way has ended; one that waits for its pipe is left to
    /// end with the process.
    /// </summary>
    public void Dispose()
    {
        _stop.Cancel();
        if (!_blocks.IsEager && _reading is not null)
        {
            // How it ended was reported to the reader of the last block, or nobody asked.
            Task.WaitAny(_reading);
        }
    }

    private void Read()
    {
        try
        {
            while (_blocks.Read() is { } block)
            {
                _queue.Add(Task.Run(Parser(block)), _stop.Token);
            }
        }
        finally
        {
            _queue.CompleteAdding();
        }
    }

    /// <summary>Reads the header of a CSV source that is taken up in its middle.</summary>
    internal void TakeHeader(ReadOnlySpan<byte> start) => _csvHeader = start.ToArray();

    /// <summary>Parses a block of this source that somebody else has read.</summary>
    internal ParsedBlock Parse(InputBlock block) => Parser(block)();

    private Func<ParsedBlock> Parser(InputBlock block)
    {
        if (!_layout.IsTable)
        {
            return () => ParseJson(block);
        }

        int skip = 0;
        if (_csv is null)
        {
            _csvHeader = _csvHeader.Length == 0 ? block.Bytes.ToArray() : _csvHeader;
            _csv = OpenCsv();
            skip = block.FirstPosition == 0 ? _csv.HeaderBytes : 0;
            _csvHeader = _csvHeader[.._csv.HeaderBytes];
        }

        return () => ParseCsv(block, skip);
    }

    private CsvParser OpenCsv() => _rules.NewCsvParser(_csvHeader, _layout.Separator);

    private ParsedBlock ParseJson(InputBlock block)
    {
        using (block)
        {
            var parsed = new ParsedBlock(block);
            if (!RejectOverlong(block, parsed))
            {
                var parser = _rules.NewJsonParser();
                if (_layout.IsJsonText)
                {
                    parser.ParseValues(
                        block.Bytes, _layout.Kind == TextKind.Elements, block.IsArrayOpen, block.FirstRecord, block.FirstPosition, parsed.Batch, parsed.Rejections);
                }
                else if (_layout.Kind == TextKind.Forms)
                {
                    FormLines.Parse(block, parser, parsed);
                }
                else
                {
                    parser.Parse(block.Bytes, block.FirstRecord, block.FirstPosition, parsed.Batch, parsed.Rejections);
                }

                parsed.Columns = parser.Columns;
                parsed.LeftOut = parser.TakeLeftOut();
            }

            return parsed;
        }
    }

    private ParsedBlock ParseCsv(InputBlock block, int skip)
    {
        using (block)
        {
            var parsed = new ParsedBlock(block);
            if (!RejectOverlong(block, parsed))
            {
                // A parser serves one thread: each block has its own, made from the same header.
                CsvParser parser = OpenCsv();
                parsed.Columns = parser.Columns;
                parser.Parse(
                    block.Bytes[skip..], block.FirstRecord + (skip > 0 ? parser.HeaderRecords : 0), block.FirstPosition + skip, parsed.Batch, parsed.Rejections);
                parsed.LeftOut = parser.TakeLeftOut();
            }

            return parsed;
        }
    }

    private static bool RejectOverlong(InputBlock block, ParsedBlock parsed)
    {
        if (block.OverlongBytes == 0)
        {
            return false;
        }

        parsed.Rejections.Add(new Rejection(
            RejectionReason.TooLong,
            $"The record has {block.OverlongBytes} bytes, but at most {NdjsonParser.LineBytesMax} are allowed; the first {block.Bytes.Length} are kept here.",
            block.FirstRecord,
            block.FirstPosition,
            block.Bytes.ToArray()));
        return true;
    }

    /// <summary>Returns whether data that begin so are unpacked.</summary>
    internal static bool IsPacked(ReadOnlySpan<byte> firstBytes) => KnownBytes.KindWithin(firstBytes) is not (null or KnownBytes.Parquet);

    /// <summary>The message about packed data that are cut off, or followed by something else.</summary>
    internal const string BeforeCut = "whole records before that place were stored";

    /// <summary>The message about packed data that are not what their checksum says: where they are wrong is unknown.</summary>
    internal const string BeforeDamage = BeforeCut + ", and any of them may hold wrong values: compare them with a whole copy of the source";

    /// <summary>Returns the words for packed data that cannot be unpacked up to the end of a first record.</summary>
    internal static string WithNothingBefore(string fault) => fault
        .Replace(BeforeDamage, NothingBefore, StringComparison.Ordinal).Replace(BeforeCut, NothingBefore, StringComparison.Ordinal);

    private const string NothingBefore = "no record before that place is whole, so nothing was stored";

    /// <summary>Unpacks gzip and zstd; other streams are handed through.</summary>
    internal static Stream Unpack(Stream raw, ReadOnlySpan<byte> firstBytes) =>
        IsPacked(firstBytes) ? Unpacked(raw, firstBytes) : raw;

    // Apart, so that what is not packed loads no decompressor.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Stream Unpacked(Stream raw, ReadOnlySpan<byte> firstBytes) =>
        firstBytes is [0x1F, 0x8B, ..] ? new GzipText(raw, BeforeCut, BeforeDamage) : new ZstdText(raw);
}
