using System.Buffers;

namespace OrleansLake.Engine.Input;

/// <summary>Whole records of a text source, in the order of the source. The buffer is returned by <see cref="Dispose"/>.</summary>
internal sealed class InputBlock : IDisposable
{
    private byte[]? _buffer;
    private readonly int _length;

    internal InputBlock(byte[] buffer, int length)
    {
        _buffer = buffer;
        _length = length;
    }

    /// <summary>Gets the records. Valid until <see cref="Dispose"/>.</summary>
    internal ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Gets the first record's number in the source, from 1.</summary>
    internal required long FirstRecord { get; init; }

    /// <summary>Gets the number of records (lines, with blank ones) in the block.</summary>
    internal required long Records { get; init; }

    /// <summary>Gets the first byte's position in the unpacked source.</summary>
    internal required long FirstPosition { get; init; }

    /// <summary>Gets the CRC32C of the unpacked source up to this block's end.</summary>
    internal required uint PrefixCrc32C { get; init; }

    /// <summary>Gets a value indicating whether an array is open where it begins, so that its first record is an element.</summary>
    internal bool IsArrayOpen { get; init; }

    /// <summary>Gets a record longer than the limit: the block holds its first bytes only, and nothing else.</summary>
    internal long OverlongBytes { get; init; }

    /// <summary>Gets a value indicating whether the source ends with this block, and the last record in it lacks its end.</summary>
    internal bool IsUnterminated { get; init; }

    /// <summary>Gets the position after the block.</summary>
    internal long EndPosition => FirstPosition + (OverlongBytes > 0 ? OverlongBytes : _length);

    public void Dispose()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
