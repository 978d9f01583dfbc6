using OrleansLake.Storage.Checksums;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Log;

/// <summary>Goes through the frames of one segment, checking each against the place where it must be.</summary>
/// <remarks>
/// What is bad is read once more before it counts as bad: of the last group of frames no later one shows that it was
/// durable, so a read that went wrong on its way would cut off what was acknowledged.
/// </remarks>
internal sealed class SegmentCursor : IDisposable
{
    private readonly IRandomReader _reader;
    private readonly PartitionId _partition;
    private readonly Epoch _epoch;
    private readonly long _number;
    private readonly byte[] _headerBytes = new byte[FrameHeader.Bytes];
    private byte[] _payload = [];

    public SegmentCursor(IRandomReader reader, PartitionId partition, Epoch epoch, long number)
    {
        _reader = reader;
        _partition = partition;
        _epoch = epoch;
        _number = number;
        Position = SegmentHeader.Bytes;
    }

    /// <summary>Gets the segment's path.</summary>
    public string Path => _reader.Path;

    /// <summary>Gets the byte at which the next frame starts.</summary>
    public long Position { get; private set; }

    /// <summary>Gets the byte at which the frame that was read starts.</summary>
    public long FramePosition { get; private set; }

    /// <summary>Returns the segment's own header; null if it is not whole, or another segment's.</summary>
    public SegmentHeader? ReadHeader() => ReadHeaderOnce() ?? ReadHeaderOnce();

    /// <summary>
    /// Reads the frame that must be here; false if it does not, whatever does. Then the cursor stays.
    /// </summary>
    /// <param name="expected">The frame's place in the log.</param>
    /// <param name="wanted">Frames before this place are passed over without reading their payload.</param>
    /// <param name="header">The frame's header.</param>
    /// <param name="payload">The frame's payload; valid until the next call.</param>
    public bool TryRead(
        LogPosition expected, LogPosition wanted, out FrameHeader header, out ReadOnlyMemory<byte> payload) =>
        TryReadOnce(expected, wanted, out header, out payload) || TryReadOnce(expected, wanted, out header, out payload);

    /// <summary>
    /// Returns the greatest place that any whole header from here to the segment's end says was durable when it was written:
    /// it distinguishes a torn tail from damage.
    /// </summary>
    public LogPosition DurableByLaterFrames()
    {
        int block = (int)Math.Clamp((_reader.Length - Position + 7) & ~7, 8, 1 << 20);
        byte[] bytes = new byte[block + FrameHeader.Bytes];
        LogPosition durable = default;
        // Frames start at multiples of 8 bytes; the first bytes of a header are its magic.
        for (long at = Position; at < _reader.Length; at += block)
        {
            int read = _reader.Read(bytes, at);
            ReadOnlySpan<byte> rest = bytes.AsSpan(0, read);
            for (int i = 0; i + FrameHeader.Bytes <= rest.Length && i < block; i += 8)
            {
                int next = rest[i..].IndexOfAnyExcept((byte)0);
                if (next < 0)
                {
                    break;
                }

                i += next & ~7;
                if (i < block && FrameHeader.TryRead(rest[i..], out FrameHeader header) && IsOfThisSegment(header)
                    && header.Durable > durable)
                {
                    durable = header.Durable;
                }
            }
        }

        return durable;
    }

    public void Dispose() => _reader.Dispose();

    private SegmentHeader? ReadHeaderOnce()
    {
        Span<byte> bytes = stackalloc byte[SegmentHeader.Bytes];
        int read = _reader.Read(bytes, 0);
        return SegmentHeader.TryRead(bytes[..read], out SegmentHeader header)
            && header.Partition == _partition && header.Epoch == _epoch && header.Number == _number
                ? header
                : null;
    }

    private bool TryReadOnce(
        LogPosition expected, LogPosition wanted, out FrameHeader header, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        FramePosition = Position;
        int read = _reader.Read(_headerBytes, Position);
        if (!FrameHeader.TryRead(_headerBytes.AsSpan(0, read), out header) || !IsOfThisSegment(header)
            || header.Start != expected || Position + FrameHeader.Bytes + header.PayloadBytes > _reader.Length)
        {
            return false;
        }

        if (header.Start >= wanted)
        {
            if (_payload.Length < header.PayloadBytes)
            {
                _payload = GC.AllocateUninitializedArray<byte>(
                    (int)Math.Min(Array.MaxLength, Math.Max(header.PayloadBytes, 2L * _payload.Length)));
            }

            Span<byte> bytes = _payload.AsSpan(0, header.PayloadBytes);
            if (_reader.Read(bytes, Position + FrameHeader.Bytes) != bytes.Length
                || Crc32C.Of(bytes) != header.PayloadCrc)
            {
                return false;
            }

            payload = _payload.AsMemory(0, header.PayloadBytes);
        }

        Position += header.Stride;
        return true;
    }

    private bool IsOfThisSegment(in FrameHeader header) =>
        header.Partition == _partition && header.Epoch == _epoch && header.Segment == _number;
}
