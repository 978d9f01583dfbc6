using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansLake.Parquet.Internal.Encodings;

/// <summary>Reads values that were packed bit by bit, least significant first. The caller has checked that they are there.</summary>
internal static class BitUnpacker
{
    /// <summary>Unpacks values of 0 to 32 bits.</summary>
    public static void Unpack(ReadOnlySpan<byte> packed, int width, Span<int> into)
    {
        if (width == 0)
        {
            into.Clear();
            return;
        }

        ulong mask = (1UL << width) - 1;
        ref byte start = ref MemoryMarshal.GetReference(packed);

        // A whole word may be read at every value that starts 8 bytes before the end.
        int fast = packed.Length < 8 ? 0 : (int)Math.Min(into.Length, (((long)packed.Length - 8) * 8 / width) + 1);
        long bit = 0;
        for (int i = 0; i < fast; i++, bit += width)
        {
            ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, (nint)(bit >> 3)));
            into[i] = (int)(word >> (int)(bit & 7) & mask);
        }

        for (int i = fast; i < into.Length; i++, bit += width)
        {
            into[i] = (int)(ReadTail(packed, (int)(bit >> 3)) >> (int)(bit & 7) & mask);
        }
    }

    /// <summary>Unpacks values of 0 to 64 bits.</summary>
    public static void Unpack(ReadOnlySpan<byte> packed, int width, Span<ulong> into)
    {
        if (width == 0)
        {
            into.Clear();
            return;
        }

        ulong mask = ulong.MaxValue >> (64 - width);
        long bit = 0;
        for (int i = 0; i < into.Length; i++, bit += width)
        {
            int at = (int)(bit >> 3);
            int shift = (int)(bit & 7);
            ulong word = packed.Length - at >= 8 ? BinaryPrimitives.ReadUInt64LittleEndian(packed[at..]) : ReadTail(packed, at);
            ulong value = word >> shift;
            if (shift + width > 64)
            {
                value |= (ulong)packed[at + 8] << (64 - shift);
            }

            into[i] = value & mask;
        }
    }

    private static ulong ReadTail(ReadOnlySpan<byte> packed, int at)
    {
        ulong word = 0;
        for (int i = Math.Min(packed.Length, at + 8) - 1; i >= at; i--)
        {
            word = word << 8 | packed[i];
        }

        return word;
    }
}
