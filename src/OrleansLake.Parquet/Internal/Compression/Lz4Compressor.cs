using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansLake.Parquet.Internal.Compression;

/// <summary>
/// Writes the LZ4 block format (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md): greedy, with one place
/// remembered for every hash of four bytes, as in the reference's fast compressor.
/// </summary>
internal static class Lz4Compressor
{
    private const int MatchLengthMin = 4;
    private const int DistanceMax = 65_535;

    // "End of block conditions": the last 5 bytes are literals, and no match starts within the last 12.
    private const int LastLiterals = 5;
    private const int LastMatchStart = 12;

    // 16 KiB of places: on the stack, and in a core's first cache.
    private const int HashBits = 12;

    // After 2^6 places without a match every second one is looked at, then every third, and so on.
    private const int SkipBits = 6;

    /// <summary>Returns the most bytes that compressed ones take.</summary>
    public static int BytesMax(int length) => checked(length + (length / 255) + 16);

    /// <summary>Compresses into a span of <see cref="BytesMax"/> bytes at least; returns how many were written.</summary>
    public static int Compress(ReadOnlySpan<byte> from, Span<byte> into)
    {
        Span<int> places = stackalloc int[1 << HashBits];
        places.Clear();
        ref byte first = ref MemoryMarshal.GetReference(from);
        int written = 0;
        int literals = 0;
        int end = from.Length - LastMatchStart;
        int at = 1;
        int misses = 1 << SkipBits;
        while (at <= end)
        {
            uint four = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, at));
            ref int place = ref places[(int)((four * 2_654_435_761U) >> (32 - HashBits))];
            int match = place;
            place = at;
            if (at - match > DistanceMax || Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, match)) != four)
            {
                at += misses++ >> SkipBits;
                continue;
            }

            while (at > literals && match > 0 && from[at - 1] == from[match - 1])
            {
                at--;
                match--;
            }

            int length = MatchLengthMin + CommonLength(from[(match + MatchLengthMin)..], from[(at + MatchLengthMin)..^LastLiterals]);
            WriteSequence(from[literals..at], at - match, length, into, ref written);
            at += length;
            literals = at;
            misses = 1 << SkipBits;
            if (at <= end)
            {
                // The place before the next one is likely to be met again too.
                uint before = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, at - 2));
                places[(int)((before * 2_654_435_761U) >> (32 - HashBits))] = at - 2;
            }
        }

        WriteLiterals(from[literals..], 0, into, ref written);
        return written;
    }

    private static void WriteSequence(ReadOnlySpan<byte> literals, int distance, int length, Span<byte> into, ref int written)
    {
        length -= MatchLengthMin;
        WriteLiterals(literals, Math.Min(15, length), into, ref written);
        into[written++] = (byte)distance;
        into[written++] = (byte)(distance >> 8);
        WriteLength(length, into, ref written);
    }

    private static void WriteLiterals(ReadOnlySpan<byte> literals, int token, Span<byte> into, ref int written)
    {
        into[written++] = (byte)(token | Math.Min(15, literals.Length) << 4);
        WriteLength(literals.Length, into, ref written);
        literals.CopyTo(into[written..]);
        written += literals.Length;
    }

    // What is beyond the 15 of the token, in bytes of 255 and a last one that is less.
    private static void WriteLength(int length, Span<byte> into, ref int written)
    {
        if (length < 15)
        {
            return;
        }

        for (length -= 15; length >= 255; length -= 255)
        {
            into[written++] = 255;
        }

        into[written++] = (byte)length;
    }

    private static int CommonLength(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        ref byte left = ref MemoryMarshal.GetReference(a);
        ref byte right = ref MemoryMarshal.GetReference(b);
        int count = Math.Min(a.Length, b.Length);
        int at = 0;
        for (; at + sizeof(ulong) <= count; at += sizeof(ulong))
        {
            ulong different = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref left, at)) ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref right, at));
            if (different != 0)
            {
                // The first byte that differs is the lowest one that is not 0 (the format and all our machines are little-endian).
                return at + (BitOperations.TrailingZeroCount(different) >> 3);
            }
        }

        while (at < count && a[at] == b[at])
        {
            at++;
        }

        return at;
    }
}
