using System.Buffers;

namespace OrleansLake.Core.Parsing;

/// <summary>
/// Finds where JSON values end in a stream of them that comes in pieces: pretty-printed or not, with line ends, commas,
/// record separators (RFC 7464) or nothing between them, or as the elements of an array. It goes by brackets and quotes
/// alone: whether a value is JSON is for its reader to say. Every byte of the stream is shown to it once, in order.
/// </summary>
/// <remarks>
/// A value that is broken is to spoil no other. Within an object, <c>{</c> can only follow a colon, so elsewhere it begins
/// the next value; so does a record separator; and behind a string that its line does not close, the first line that
/// begins with <c>{</c>.
/// </remarks>
public struct JsonValueScanner
{
    private const byte RecordSeparator = 0x1E;

    private static readonly SearchValues<byte> Structure = SearchValues.Create([.. "{}[]\":,"u8, RecordSeparator]);

    private readonly bool _opensArrays;
    private State _state;
    private int _depth;

    // Of the innermost 64 brackets, which are an object's; the innermost is the lowest bit.
    private ulong _objects;
    private byte _last;
    private bool _isPastStart;
    private bool _isLineStart;

    /// <param name="opensArrays">Whether a <c>[</c> between values is the array's that they are elements of, and not a value.</param>
    /// <param name="isInside">Whether the stream begins behind a value.</param>
    /// <param name="isArrayOpen">Whether it begins within an array that values are the elements of.</param>
    public JsonValueScanner(bool opensArrays, bool isInside = false, bool isArrayOpen = false)
    {
        _opensArrays = opensArrays;
        _isPastStart = isInside;
        IsInArray = opensArrays && isArrayOpen;
    }

    private static ReadOnlySpan<byte> StringEnds => [(byte)'"', (byte)'\\', (byte)'\n', RecordSeparator];

    private static ReadOnlySpan<byte> ScalarEnds => [(byte)'\n', (byte)',', (byte)']', (byte)'{', RecordSeparator];

    private enum State : byte
    {
        Between,
        Container,
        String,
        Escape,
        TopString,
        TopEscape,
        Scalar,
        Broken,
    }

    /// <summary>Gets a value indicating whether a value has begun and not ended.</summary>
    public readonly bool HasBegun => _state != State.Between;

    /// <summary>Gets a value indicating whether the array is open that values are the elements of.</summary>
    public bool IsInArray { get; private set; }

    /// <summary>Gets a value indicating whether the last value that ended was closed, and not given up for the next one.</summary>
    public bool WasClosed { get; private set; }

    /// <summary>Reads up to the first end of a value.</summary>
    /// <param name="piece">The stream's next piece, from behind the end that was found last.</param>
    /// <param name="start">Where a value begins in the piece; -1 if none does.</param>
    /// <param name="end">Where the value ends: 0 if it is one of an earlier piece that what begins here gives up.</param>
    /// <returns>Whether a value ends in the piece.</returns>
    public bool TryNext(ReadOnlySpan<byte> piece, out int start, out int end)
    {
        start = -1;
        end = 0;
        for (int at = 0; at < piece.Length;)
        {
            switch (_state)
            {
                case State.Between:
                    Begin(piece[at], ref start, at);
                    at++;
                    break;
                case State.Container:
                    if (PassStructure(piece, ref at))
                    {
                        end = at;
                        return true;
                    }

                    break;
                case State.Escape or State.TopEscape:
                    _state = _state == State.Escape ? State.String : State.TopString;
                    at++;
                    break;
                case State.String or State.TopString:
                    if (PassString(piece, ref at))
                    {
                        end = at;
                        return true;
                    }

                    break;
                case State.Scalar:
                    int length = piece[at..].IndexOfAny(ScalarEnds);
                    if (length >= 0)
                    {
                        end = at + length;
                        return End(isClosed: true);
                    }

                    at = piece.Length;
                    break;
                default:
                    if (PassBroken(piece, ref at))
                    {
                        end = at;
                        return End(isClosed: false);
                    }

                    break;
            }
        }

        return false;
    }

    private static bool IsMark(byte value) => value is 0xEF or 0xBB or 0xBF;

    private void Begin(byte value, ref int start, int at)
    {
        switch (value)
        {
            case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',' or RecordSeparator:
                return;
            case (byte)'[' when _opensArrays && !IsInArray:
                IsInArray = true;
                _isPastStart = true;
                return;
            case (byte)']' when _opensArrays:
                IsInArray = false;
                return;
            case (byte)'{' or (byte)'[':
                _state = State.Container;
                _depth = 1;
                _objects = value == '{' ? 1u : 0u;
                _last = value;
                break;
            case (byte)'"':
                _state = State.TopString;
                break;
            default:
                if (!_isPastStart && IsMark(value))
                {
                    return;
                }

                _state = State.Scalar;
                break;
        }

        start = at;
        _isPastStart = true;
    }

    // True if the value ends before the place that it moves on to.
    private bool PassStructure(ReadOnlySpan<byte> piece, ref int at)
    {
        int length = piece[at..].IndexOfAny(Structure);
        ReadOnlySpan<byte> passed = length < 0 ? piece[at..] : piece.Slice(at, length);
        if (_last == ':' && passed.ContainsAnyExcept(" \t\r\n"u8))
        {
            // A number or a word is what the colon was for.
            _last = 0;
        }

        at += passed.Length;
        if (length < 0)
        {
            return false;
        }

        byte value = piece[at];
        switch (value)
        {
            case RecordSeparator:
                return End(isClosed: false);
            case (byte)'"':
                _state = State.String;
                break;
            case (byte)'{' when (_objects & 1) != 0 && _last != ':':
                return End(isClosed: false);
            case (byte)'{' or (byte)'[':
                _depth++;
                _objects = (_objects << 1) | (value == '{' ? 1u : 0u);
                break;
            case (byte)'}' or (byte)']':
                _objects >>= 1;
                if (--_depth == 0)
                {
                    at++;
                    return End(isClosed: true);
                }

                break;
            default:
                break;
        }

        _last = value;
        at++;
        return false;
    }

    private bool PassString(ReadOnlySpan<byte> piece, ref int at)
    {
        int length = piece[at..].IndexOfAny(StringEnds);
        if (length < 0)
        {
            at = piece.Length;
            return false;
        }

        at += length;
        bool isTop = _state == State.TopString;
        switch (piece[at])
        {
            case RecordSeparator:
                return End(isClosed: false);
            case (byte)'\n' when isTop:
                return End(isClosed: false);
            case (byte)'\n':
                // No string holds a line end.
                _state = State.Broken;
                _isLineStart = false;
                return false;
            case (byte)'\\':
                _state = isTop ? State.TopEscape : State.Escape;
                break;
            default:
                if (isTop)
                {
                    at++;
                    return End(isClosed: true);
                }

                _state = State.Container;
                break;
        }

        at++;
        return false;
    }

    private bool PassBroken(ReadOnlySpan<byte> piece, ref int at)
    {
        for (; at < piece.Length; at++)
        {
            byte value = piece[at];
            if (value == RecordSeparator || (_isLineStart && value == '{'))
            {
                return true;
            }

            _isLineStart = value == '\n' || (_isLineStart && value is ((byte)' ' or (byte)'\t' or (byte)'\r'));
        }

        return false;
    }

    private bool End(bool isClosed)
    {
        _state = State.Between;
        WasClosed = isClosed;
        return true;
    }
}
