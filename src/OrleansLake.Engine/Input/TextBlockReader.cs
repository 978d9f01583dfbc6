using System.Buffers;
using System.Runtime.ExceptionServices;
using OrleansLake.Core.Parsing;
using OrleansLake.Storage.Checksums;

namespace OrleansLake.Engine.Input;

/// <summary>
/// Cuts a text source into blocks of whole records, which can then be parsed side by side. Memory is bounded: a
/// record longer than <see cref="KeptBytesMax"/> is handed over with its first bytes only.
/// </summary>
/// <remarks>
/// The buffer that is being filled is left to the garbage collector: a source that is given up may have a read under
/// way that still writes into it, so the pool must not hand it to anyone else.
/// </remarks>
internal sealed class TextBlockReader
{
    /// <summary>A record's bytes that are kept at most: past the parser's limit it is rejected anyway, up to here with all its bytes.</summary>
    internal const int KeptBytesMax = 128 * 1024 * 1024;

    /// <summary>The smallest size of a block unless another one is specified: some thousand messages.</summary>
    internal const int DefaultBlockBytes = 1024 * 1024;

    private readonly Stream _stream;
    private readonly int _blockBytes;
    private readonly int _keptBytesMax;
    private readonly byte[] _start;
    private int _startBytes;
    private byte[] _buffer;
    private int _filled;
    private int _scanned;
    private bool _ended;
    private ExceptionDispatchInfo? _failure;
    private CsvRecordScanner _csv;
    private JsonValueScanner _values;

    // Behind what was handed over.
    private bool _isArrayOpen;

    /// <param name="stream">The unpacked source.</param>
    /// <param name="layout">Where records end.</param>
    /// <param name="eager">Hand over what has arrived instead of waiting for a full block (a pipe).</param>
    /// <param name="blockBytes">The number of bytes that a block has at least, unless the source ends.</param>
    /// <param name="keptBytesMax">How many bytes of a record are kept at most.</param>
    internal TextBlockReader(Stream stream, TextLayout layout, bool eager, int blockBytes = DefaultBlockBytes, int keptBytesMax = KeptBytesMax)
    {
        _blockBytes = blockBytes;
        _keptBytesMax = keptBytesMax;
        _buffer = ArrayPool<byte>.Shared.Rent(blockBytes);
        _stream = stream;
        Layout = layout;
        _csv = new CsvRecordScanner(layout.Separator);
        _values = new JsonValueScanner(layout.Kind == TextKind.Elements);
        IsEager = eager;
        _start = eager ? new byte[TextGuess.LookedAtBytes] : [];
    }

    /// <summary>
    /// Gets or sets the places where a block must end, in their order, each with the number of the record that comes next: a partition has the
    /// source up to there from before, and another has not.
    /// </summary>
    internal IReadOnlyList<(long Position, long Record)> Cuts { get; set; } = [];

    private static ReadOnlySpan<byte> BlanksAndMark => [(byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', 0xEF, 0xBB, 0xBF];

    /// <summary>Gets the layout: where records end.</summary>
    internal TextLayout Layout { get; }

    /// <summary>Gets the number of bytes handed over so far.</summary>
    internal long Position { get; private set; }

    /// <summary>Gets a value indicating whether it hands over what has arrived: then a read may wait for its sender without a limit.</summary>
    internal bool IsEager { get; }

    /// <summary>
    /// Gets the first bytes, as far as they were handed over, up to <see cref="TextGuess.LookedAtBytes"/>. Only of what it hands over
    /// as it arrives: of that, nobody has seen more than the first piece before.
    /// </summary>
    internal ReadOnlySpan<byte> Start => _start.AsSpan(0, _startBytes);

    /// <summary>Gets a value indicating whether what was handed over opened an array and did not close it.</summary>
    internal bool IsArrayOpen => _values.IsInArray;

    /// <summary>Gets a value indicating whether the last record that was handed over lacks its end.</summary>
    internal bool IsUnterminated { get; private set; }

    /// <summary>Gets the number of records handed over so far.</summary>
    internal long Records { get; private set; }

    /// <summary>Gets the CRC32C of what was handed over so far.</summary>
    internal uint PrefixCrc32C { get; private set; }

    /// <summary>Skips what was ingested before. False if the source is shorter than that.</summary>
    internal bool Skip(long bytes, long records)
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(_blockBytes);
        try
        {
            uint crc = 0;
            long left = bytes;
            while (left > 0)
            {
                int read = _stream.Read(scratch, 0, (int)Math.Min(left, scratch.Length));
                if (read == 0)
                {
                    return false;
                }

                crc = Crc32C.Append(crc, scratch.AsSpan(0, read));
                left -= read;
                if (Layout.Kind == TextKind.Elements)
                {
                    // Whether what follows is in an array only what comes before it shows.
                    PassValues(ref _values, scratch.AsSpan(0, read));
                }
            }

            PrefixCrc32C = crc;
            Position = bytes;
            Records = records;
            _isArrayOpen = _values.IsInArray;
            RestartValues();
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    /// <summary>Returns the next block, or null at the source's end.</summary>
    /// <exception cref="InvalidDataException">The source is damaged behind the blocks that were handed over.</exception>
    internal InputBlock? Read()
    {
        while (true)
        {
            int end = FindRecordsEnd(out long records);
            if (_failure is not null && end == 0)
            {
                _failure.Throw();
            }

            bool full = end > 0 && (IsEager || _failure is not null || _filled >= _blockBytes);
            if (full || (_ended && _filled > 0))
            {
                // A last record that lacks its end comes alone where somebody waits for nothing: it may be half of one.
                bool isTail = end == 0 || (_ended && !full && (IsEager || end == _filled));
                if (!isTail)
                {
                    return TakeToCut(end, records);
                }

                bool isUnterminated = end < _filled && (!Layout.IsJsonText || _values.HasBegun);
                return TakeToCut(_filled, records + (isUnterminated ? 1 : 0), isUnterminated);
            }

            if (_ended)
            {
                return null;
            }

            if (_filled >= _keptBytesMax)
            {
                return TakeOverlong();
            }

            Fill();
        }
    }

    // Where the last whole record in the buffer ends (0: none does), and how many records end there. Bytes are
    // looked at once: what was scanned before is remembered.
    private int _recordsEnd;
    private long _recordsFound;
    private bool _isArrayOpenAtRecordsEnd;

    private int FindRecordsEnd(out long records)
    {
        ReadOnlySpan<byte> fresh = _buffer.AsSpan(_scanned, _filled - _scanned);
        if (Layout.IsTable)
        {
            if (fresh.EndsWith("\r"u8) && !_ended && _failure is null)
            {
                // A record's end, or half of one: the next byte shows.
                fresh = fresh[..^1];
            }

            int at = 0;
            int length;
            while ((length = _csv.NextRecordEnd(fresh[at..])) > 0)
            {
                at += length;
                _recordsEnd = _scanned + at;
                _recordsFound++;
            }
        }
        else if (Layout.IsJsonText)
        {
            int at = 0;
            while (_values.TryNext(fresh[at..], out _, out int length))
            {
                at += length;
                _recordsEnd = _scanned + at;
                _recordsFound++;
                _isArrayOpenAtRecordsEnd = _values.IsInArray;
            }
        }
        else
        {
            int last = fresh.LastIndexOf((byte)'\n');
            if (last >= 0)
            {
                _recordsEnd = _scanned + last + 1;
                _recordsFound += fresh.Count((byte)'\n');
            }
        }

        _scanned += fresh.Length;
        records = _recordsFound;

        // A table's first block has its header: blank lines alone are not one.
        return Layout.IsTable && Position == 0 && !_buffer.AsSpan(0, _recordsEnd).ContainsAnyExcept(BlanksAndMark) ? 0 : _recordsEnd;
    }

    private void Fill()
    {
        if (_filled == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(_keptBytesMax, _buffer.Length * 2));
            _buffer.AsSpan(0, _filled).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        try
        {
            int read = _stream.Read(_buffer, _filled, _buffer.Length - _filled);
            _filled += read;
            _ended = read == 0;
        }
        catch (InvalidDataException e)
        {
            // Whole records that were read before are handed over first.
            _failure = ExceptionDispatchInfo.Capture(e);
        }
    }

    private InputBlock TakeToCut(int end, long records, bool isUnterminated = false)
    {
        foreach ((long position, long record) in Cuts)
        {
            if (position > Position && position < Position + end)
            {
                InputBlock block = Take((int)(position - Position), record - 1 - Records, 0);

                // What is left was looked at, and holds whole records.
                _scanned = 0;
                _csv.Reset();
                RestartValues();
                return block;
            }
        }

        return Take(end, records, 0, isUnterminated);
    }

    // As behind a value: after one that was given up, or at a place where one ended before.
    private void RestartValues() => _values = new JsonValueScanner(Layout.Kind == TextKind.Elements, isInside: true, _isArrayOpen);

    // All that is in the buffer was looked at, so at most places the answer is known.
    private bool IsArrayOpenBehind(int length)
    {
        if (Layout.Kind != TextKind.Elements || length == _filled)
        {
            return _values.IsInArray;
        }

        if (length == _recordsEnd)
        {
            return _isArrayOpenAtRecordsEnd;
        }

        var scanner = new JsonValueScanner(opensArrays: true, isInside: Position > 0, _isArrayOpen);
        PassValues(ref scanner, _buffer.AsSpan(0, length));
        return scanner.IsInArray;
    }

    private static void PassValues(ref JsonValueScanner scanner, ReadOnlySpan<byte> text)
    {
        while (scanner.TryNext(text, out _, out int end))
        {
            text = text[end..];
        }
    }

    private InputBlock Take(int length, long records, long overlong, bool isUnterminated = false)
    {
        byte[] taken = _buffer;
        bool isArrayOpen = _isArrayOpen;
        _isArrayOpen = IsArrayOpenBehind(length);
        if (_startBytes < _start.Length)
        {
            int kept = Math.Min(length, _start.Length - _startBytes);
            taken.AsSpan(0, kept).CopyTo(_start.AsSpan(_startBytes));
            _startBytes += kept;
        }

        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(_blockBytes, _filled - length));
        taken.AsSpan(length, _filled - length).CopyTo(_buffer);
        if (overlong == 0)
        {
            PrefixCrc32C = Crc32C.Append(PrefixCrc32C, taken.AsSpan(0, length));
        }

        var block = new InputBlock(taken, length)
        {
            FirstRecord = Records + 1,
            Records = records,
            FirstPosition = Position,
            PrefixCrc32C = PrefixCrc32C,
            IsArrayOpen = isArrayOpen,
            OverlongBytes = overlong,
            IsUnterminated = isUnterminated,
        };
        _filled -= length;
        _scanned = Math.Max(0, _scanned - length);
        _recordsEnd = 0;
        _recordsFound = 0;
        Position = block.EndPosition;
        IsUnterminated = isUnterminated;
        Records += records;
        return block;
    }

    // Reads on to the record's end without keeping what is read.
    private InputBlock TakeOverlong()
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(_blockBytes);
        try
        {
            uint crc = Crc32C.Append(PrefixCrc32C, _buffer.AsSpan(0, _filled));
            long length = _filled;
            while (true)
            {
                int read = _stream.Read(scratch, 0, scratch.Length);
                if (read == 0)
                {
                    _ended = true;
                    break;
                }

                // Quotes no longer count: a record this long is beyond repair, and its first line end is its end.
                ReadOnlySpan<byte> more = scratch.AsSpan(0, read);
                int lineEnd = Layout.IsTable ? more.IndexOfAny((byte)'\n', (byte)'\r') : more.IndexOf((byte)'\n');
                lineEnd += lineEnd >= 0 && more[lineEnd..].StartsWith("\r\n"u8) ? 1 : 0;
                int mine = lineEnd < 0 ? read : lineEnd + 1;
                crc = Crc32C.Append(crc, scratch.AsSpan(0, mine));
                length += mine;
                if (lineEnd >= 0)
                {
                    PrefixCrc32C = crc;
                    InputBlock block = Take(_filled, 1, length);
                    scratch.AsSpan(mine, read - mine).CopyTo(_buffer);
                    _filled = read - mine;
                    _scanned = 0;
                    _csv.Reset();
                    RestartValues();
                    return block;
                }
            }

            PrefixCrc32C = crc;
            return Take(_filled, 1, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }
}
