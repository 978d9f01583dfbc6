using System.Buffers.Binary;
using OrleansLake.Storage.Checksums;

namespace OrleansLake.Storage.Log;

/// <summary>The head of a frame; it has a checksum of its own, so that its lengths can be trusted.</summary>
/// <remarks><code>
///  0 magic "OLFR" u32 | version u16 | header's length u16
///  8 payload's length u32 | CRC32C of the payload u32
/// 16 partition i32 | flags i32 (1: the payload has rows)
/// 24 epoch i64
/// 32 segment i64
/// 40 sequence number i64
/// 48 offset of the first row i64
/// 56 count of rows i64
/// 64 durable when written: sequence number i64, offset i64
/// 80 when it was written, in microseconds since 1970 UTC; 0 if nobody said i64
/// 88 reserved, 4 bytes of 0
/// 92 CRC32C of the 92 bytes before u32
/// </code>All numbers are little-endian. The payload follows, and zeros up to a multiple of 8 bytes.</remarks>
internal readonly record struct FrameHeader(
    int PayloadBytes,
    uint PayloadCrc,
    PartitionId Partition,
    bool HasRows,
    Epoch Epoch,
    long Segment,
    LogPosition Start,
    long RowCount,
    LogPosition Durable,
    long WrittenAt = 0,
    bool HasKept = false,
    bool HasNamedIds = false)
{
    public const uint Magic = 0x5246_4C4F;
    /// <summary>The newest version that is read: that of frames whose rows have ids that are not numbers of 32 bits.</summary>
    public const ushort Version = 3;

    /// <summary>The version of frames whose rows have what is kept beside messages, and no such ids. Others are of version 1.</summary>
    public const ushort KeptVersion = 2;
    public const int Bytes = 96;

    public LogPosition End => new(Start.Sequence + 1, Start.Offset + RowCount);

    /// <summary>Gets the bytes from this frame's start to the next one's.</summary>
    public long Stride => Align(Bytes + (long)PayloadBytes);

    public static long Align(long bytes) => (bytes + 7) & ~7L;

    public void Write(Span<byte> to)
    {
        to = to[..Bytes];
        to.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(to, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(to[4..], HasNamedIds ? Version : HasKept ? KeptVersion : (ushort)1);
        BinaryPrimitives.WriteUInt16LittleEndian(to[6..], Bytes);
        BinaryPrimitives.WriteInt32LittleEndian(to[8..], PayloadBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(to[12..], PayloadCrc);
        BinaryPrimitives.WriteInt32LittleEndian(to[16..], Partition.Value);
        BinaryPrimitives.WriteInt32LittleEndian(to[20..], HasRows ? 1 : 0);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], Epoch.Value);
        BinaryPrimitives.WriteInt64LittleEndian(to[32..], Segment);
        BinaryPrimitives.WriteInt64LittleEndian(to[40..], Start.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(to[48..], Start.Offset);
        BinaryPrimitives.WriteInt64LittleEndian(to[56..], RowCount);
        BinaryPrimitives.WriteInt64LittleEndian(to[64..], Durable.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(to[72..], Durable.Offset);
        BinaryPrimitives.WriteInt64LittleEndian(to[80..], WrittenAt);
        BinaryPrimitives.WriteUInt32LittleEndian(to[92..], Crc32C.Of(to[..92]));
    }

    /// <summary>Reads a header whose checksum holds; false for anything else.</summary>
    /// <exception cref="LakeRefusedException">A newer version wrote it.</exception>
    public static bool TryRead(ReadOnlySpan<byte> from, out FrameHeader header)
    {
        header = default;
        if (from.Length < Bytes || BinaryPrimitives.ReadUInt32LittleEndian(from) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(from[92..]) != Crc32C.Of(from[..92]))
        {
            return false;
        }

        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(from[4..]);
        if (version > Version)
        {
            throw new LakeRefusedException(
                $"the log has frames of version {version}; this version reads up to {Version}: use a newer one");
        }

        header = new FrameHeader(
            BinaryPrimitives.ReadInt32LittleEndian(from[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[12..]),
            new PartitionId(BinaryPrimitives.ReadInt32LittleEndian(from[16..])),
            BinaryPrimitives.ReadInt32LittleEndian(from[20..]) != 0,
            new Epoch(BinaryPrimitives.ReadInt64LittleEndian(from[24..])),
            BinaryPrimitives.ReadInt64LittleEndian(from[32..]),
            new LogPosition(
                BinaryPrimitives.ReadInt64LittleEndian(from[40..]),
                BinaryPrimitives.ReadInt64LittleEndian(from[48..])),
            BinaryPrimitives.ReadInt64LittleEndian(from[56..]),
            new LogPosition(
                BinaryPrimitives.ReadInt64LittleEndian(from[64..]),
                BinaryPrimitives.ReadInt64LittleEndian(from[72..])),
            BinaryPrimitives.ReadInt64LittleEndian(from[80..]));
        return header.PayloadBytes >= 0 && header.RowCount >= 0 && header.Start.Offset >= 0 && header.Start.Sequence >= 0;
    }
}
