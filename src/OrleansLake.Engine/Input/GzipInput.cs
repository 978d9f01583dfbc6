using OrleansLake.Core;

namespace OrleansLake.Engine.Input;

/// <summary>
/// Packed bytes as the platform's gzip reader is given them: zeros that may be padding, which are those before a
/// member's first bytes and those at the end, come one at a time, and so it is known how many of them a member took.
/// The source stays open.
/// </summary>
internal sealed class GzipInput(Stream source) : ReadOnlyStream
{
    private const int BufferBytes = 64 * 1024;

    private static ReadOnlySpan<byte> BeforeMember => [0x00, 0x1F, 0x8B];

    private readonly byte[] _buffer = new byte[BufferBytes];
    private ReadOnlyMemory<byte> _mark;
    private int _at;
    private int _end;

    // Up to the first nothing is padding, from there to the second zeros that may be; behind it nothing is known yet.
    private int _plainEnd;
    private int _zerosEnd;
    private bool _hasMark;
    private bool _isFirst = true;

    /// <summary>Gets a value indicating whether a reader was given the end of the source.</summary>
    internal bool IsEnded { get; private set; }

    /// <summary>Gets a value indicating whether the last byte given is one zero that may be padding.</summary>
    internal bool IsAtPadding { get; private set; }

    /// <summary>Gets a value indicating whether it began with other bytes than a member does.</summary>
    internal bool IsOther { get; private set; }

    /// <summary>Appends these bytes behind the source's end.</summary>
    internal void Append(ReadOnlyMemory<byte> mark)
    {
        _mark = mark;
        _hasMark = true;
    }

    /// <summary>Skips zeros. False if nothing follows them.</summary>
    internal bool SkipPadding()
    {
        do
        {
            int other = _buffer.AsSpan(_at, _end - _at).IndexOfAnyExcept((byte)0);
            if (other >= 0)
            {
                _at += other;
                _plainEnd = _at;
                _zerosEnd = _at;
                return true;
            }

            _at = _end;
        }
        while (Fill());
        return false;
    }

    public override int Read(Span<byte> buffer)
    {
        if (_hasMark)
        {
            int marked = Math.Min(buffer.Length, _mark.Length);
            _mark.Span[..marked].CopyTo(buffer);
            _mark = _mark[marked..];
            return marked;
        }

        if (_at == _end && !Fill())
        {
            IsEnded = true;
            return 0;
        }

        int given = Math.Min(buffer.Length, BytesThatAreNoPadding());
        IsAtPadding = given == 0;
        given = Math.Max(given, 1);
        _buffer.AsSpan(_at, given).CopyTo(buffer);
        _at += given;
        return given;
    }

    private bool Fill()
    {
        _at = 0;
        _plainEnd = 0;
        _zerosEnd = 0;
        _end = source.Read(_buffer);
        IsOther |= _isFirst && _end > 1 && !_buffer.AsSpan(0, _end).StartsWith(BeforeMember[1..]);
        _isFirst = false;
        return _end > 0;
    }

    // 0 at a zero that may be padding.
    private int BytesThatAreNoPadding()
    {
        if (_at >= _plainEnd && _at >= _zerosEnd)
        {
            FindPadding();
        }

        return Math.Max(_plainEnd - _at, 0);
    }

    private void FindPadding()
    {
        ReadOnlySpan<byte> left = _buffer.AsSpan(_at, _end - _at);
        int member = left.IndexOf(BeforeMember);

        // Where the buffer ends, what follows is not known.
        int zerosEnd = member >= 0 ? member + 1 : left[^1] == 0x1F ? left.Length - 1 : left.Length;
        int zeros = left[..zerosEnd].LastIndexOfAnyExcept((byte)0) + 1;
        bool isNone = zeros == zerosEnd;
        _plainEnd = _at + (isNone ? left.Length : zeros);
        _zerosEnd = isNone ? _plainEnd : _at + zerosEnd;
    }
}
