using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansLake.Parquet.Internal.Encodings;

/// <summary>Packs values bit by bit, least significant first. A last, partial byte is filled with zero bits.</summary>
internal static class BitPacker
{
    /// <summary>Returns the bits that a number takes.</summary>
    public static int WidthOf(ulong value) => 64 - System.Numerics.BitOperations.LeadingZeroCount(value);

    /// <summary>Returns the bytes that values take.</summary>
    public static int BytesFor(long count, int width) => checked((int)(((count * width) + 7) >> 3));

    /// <summary>Packs values that fit 1 to 32 bits; there are 8 bytes of room behind what is written.</summary>
    public static void Pack(ReadOnlySpan<int> values, int width, Span<byte> into)
    {
        ref byte at = ref MemoryMarshal.GetReference(into);
        ulong word = 0;
        int bits = 0;
        foreach (int value in values)
        {
            word |= (ulong)(uint)value << bits;
            bits += width;
            if (bits >= 32)
            {
                Unsafe.WriteUnaligned(ref at, (uint)word);
                at = ref Unsafe.Add(ref at, 4);
                word >>= 32;
                bits -= 32;
            }
        }

        Unsafe.WriteUnaligned(ref at, word);
    }

    /// <summary>Packs values that fit 1 to 64 bits; there are 8 bytes of room behind what is written.</summary>
    public static void Pack(ReadOnlySpan<ulong> values, int width, Span<byte> into)
    {
        ref byte at = ref MemoryMarshal.GetReference(into);
        ulong word = 0;
        int bits = 0;
        foreach (ulong value in values)
        {
            word |= value << bits;
            bits += width;
            if (bits >= 64)
            {
                Unsafe.WriteUnaligned(ref at, word);
                at = ref Unsafe.Add(ref at, 8);
                bits -= 64;

                // What did not fit: the upper bits of the value (a shift by 64 would be one by 0).
                word = bits == 0 ? 0 : value >> (width - bits);
            }
        }

        Unsafe.WriteUnaligned(ref at, word);
    }
}
