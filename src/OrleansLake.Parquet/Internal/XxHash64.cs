using System.Buffers.Binary;
using System.Numerics;

namespace OrleansLake.Parquet.Internal;

/// <summary>XXH64 with seed 0 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md), as bloom filters and zstd frames have it.</summary>
internal static class XxHash64
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;

    public static ulong Compute(ReadOnlySpan<byte> from)
    {
        ulong hash = Prime5;
        ulong length = (ulong)from.Length;
        if (from.Length >= 32)
        {
            ulong a = unchecked(Prime1 + Prime2);
            ulong b = Prime2;
            ulong c = 0;
            ulong d = unchecked(0 - Prime1);
            for (; from.Length >= 32; from = from[32..])
            {
                a = Round(a, BinaryPrimitives.ReadUInt64LittleEndian(from));
                b = Round(b, BinaryPrimitives.ReadUInt64LittleEndian(from[8..]));
                c = Round(c, BinaryPrimitives.ReadUInt64LittleEndian(from[16..]));
                d = Round(d, BinaryPrimitives.ReadUInt64LittleEndian(from[24..]));
            }

            hash = BitOperations.RotateLeft(a, 1) + BitOperations.RotateLeft(b, 7) + BitOperations.RotateLeft(c, 12) + BitOperations.RotateLeft(d, 18);
            hash = Merge(Merge(Merge(Merge(hash, a), b), c), d);
        }

        hash += length;
        for (; from.Length >= 8; from = from[8..])
        {
            hash = (BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(from)), 27) * Prime1) + Prime4;
        }

        if (from.Length >= 4)
        {
            hash = (BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(from) * Prime1), 23) * Prime2) + Prime3;
            from = from[4..];
        }

        foreach (byte last in from)
        {
            hash = BitOperations.RotateLeft(hash ^ (last * Prime5), 11) * Prime1;
        }

        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    private static ulong Round(ulong lane, ulong input) => BitOperations.RotateLeft(lane + (input * Prime2), 31) * Prime1;

    private static ulong Merge(ulong hash, ulong lane) => ((hash ^ Round(0, lane)) * Prime1) + Prime4;
}
