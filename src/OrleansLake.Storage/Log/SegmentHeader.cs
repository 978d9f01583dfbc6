using System.Buffers.Binary;
using OrleansLake.Storage.Checksums;

namespace OrleansLake.Storage.Log;

/// <summary>The head of a segment of the log.</summary>
/// <remarks><code>
///  0 magic "OLAKELOG" u64
///  8 version u16 | header's length u16 | partition i32
/// 16 epoch i64
/// 24 number i64
/// 32 the first frame's sequence number i64, and the offset of its first row i64: all before it was durable
/// 48 reserved, 12 bytes of 0
/// 60 CRC32C of the 60 bytes before u32
/// </code>All numbers are little-endian.</remarks>
internal readonly record struct SegmentHeader(PartitionId Partition, Epoch Epoch, long Number, LogPosition Start)
{
    public const ulong Magic = 0x474F_4C45_4B41_4C4F;
    public const ushort Version = 1;
    public const int Bytes = 64;

    public void Write(Span<byte> to)
    {
        to = to[..Bytes];
        to.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(to, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(to[8..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(to[10..], Bytes);
        BinaryPrimitives.WriteInt32LittleEndian(to[12..], Partition.Value);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], Epoch.Value);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(to[32..], Start.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(to[40..], Start.Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(to[60..], Crc32C.Of(to[..60]));
    }

    /// <summary>Reads a header whose checksum holds; false for anything else.</summary>
    /// <exception cref="LakeRefusedException">A newer version wrote it.</exception>
    public static bool TryRead(ReadOnlySpan<byte> from, out SegmentHeader header)
    {
        header = default;
        if (from.Length < Bytes || BinaryPrimitives.ReadUInt64LittleEndian(from) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(from[60..]) != Crc32C.Of(from[..60]))
        {
            return false;
        }

        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(from[8..]);
        if (version > Version)
        {
            throw new LakeRefusedException(
                $"the log has segments of version {version}; this version reads up to {Version}: use a newer one");
        }

        header = new SegmentHeader(
            new PartitionId(BinaryPrimitives.ReadInt32LittleEndian(from[12..])),
            new Epoch(BinaryPrimitives.ReadInt64LittleEndian(from[16..])),
            BinaryPrimitives.ReadInt64LittleEndian(from[24..]),
            new LogPosition(
                BinaryPrimitives.ReadInt64LittleEndian(from[32..]),
                BinaryPrimitives.ReadInt64LittleEndian(from[40..])));
        return true;
    }
}
