using System.Buffers.Binary;

namespace OrleansLake.Core.Messages;

/// <summary>
/// The lake's fixed hash. It decides which partition and which shard a message belongs to, so it never changes
/// within a format version: 64-bit multiply-and-fold (as wyhash and rapidhash have it) over 16-byte pieces.
/// </summary>
public static class StableHash
{
    private const ulong K0 = 0x9E3779B97F4A7C15;
    private const ulong K1 = 0xA0761D6478BD642F;
    private const ulong K2 = 0xE7037ED1A0B428DB;

    /// <summary>Returns the hash of 16 bytes, such as a UUID's.</summary>
    public static ulong OfBits(ulong high, ulong low) => Fold(Fold(high ^ K0, low ^ K1), 16 ^ K2);

    /// <summary>Returns the hash of a text's UTF-8 bytes.</summary>
    public static ulong OfText(ReadOnlySpan<byte> utf8)
    {
        ulong state = K2;
        ReadOnlySpan<byte> rest = utf8;
        while (rest.Length >= 16)
        {
            state = Fold(
                BinaryPrimitives.ReadUInt64LittleEndian(rest) ^ K0 ^ state,
                BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]) ^ K1);
            rest = rest[16..];
        }

        ulong a = 0;
        ulong b = 0;
        if (rest.Length >= 8)
        {
            a = BinaryPrimitives.ReadUInt64LittleEndian(rest);
            b = BinaryPrimitives.ReadUInt64LittleEndian(rest[^8..]);
        }
        else if (rest.Length >= 4)
        {
            a = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            b = BinaryPrimitives.ReadUInt32LittleEndian(rest[^4..]);
        }
        else if (rest.Length > 0)
        {
            a = ((ulong)rest[0] << 16) | ((ulong)rest[rest.Length >> 1] << 8) | rest[^1];
        }

        return Fold(Fold(a ^ K0 ^ state, b ^ K1), (ulong)utf8.Length ^ K2);
    }

    private static ulong Fold(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }
}
