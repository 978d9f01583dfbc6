using System.Numerics;

namespace OrleansLake.Parquet.Internal.Encodings;

/// <summary>Definition levels of a column that is not nested: one bit a row, which is the row's validity.</summary>
internal static class LevelDecoder
{
    /// <summary>
    /// Decodes the levels of rows into their bits of a bitmap and returns how many are null. All bits of the rows are
    /// written.
    /// </summary>
    public static int Decode(ReadOnlySpan<byte> from, Span<ulong> validity, int start, int count)
    {
        int at = 0;
        int valid = 0;
        int end = start + count;
        while (start < end)
        {
            bool isRun = HybridDecoder.ReadRun(from, ref at, 1, out int length, out int value);
            length = Math.Min(length, end - start);
            if (isRun)
            {
                if (value > 1)
                {
                    throw ParquetException.Corrupt("A page has a definition level above the schema's.");
                }

                Fill(validity, start, length, value != 0);
                valid += value * length;
            }
            else
            {
                valid += CopyBits(HybridDecoder.IngestRowGroups(from, ref at, 1, ref length), validity, start, length);
            }

            start += length;
        }

        return count - valid;
    }

    /// <summary>Sets or clears bits.</summary>
    public static void Fill(Span<ulong> words, int start, int count, bool value)
    {
        int end = start + count;
        while (start < end)
        {
            int bits = Math.Min(64 - (start & 63), end - start);
            ulong mask = (bits == 64 ? ulong.MaxValue : (1UL << bits) - 1) << (start & 63);
            ref ulong word = ref words[start >> 6];
            word = value ? word | mask : word & ~mask;
            start += bits;
        }
    }

    private static int CopyBits(ReadOnlySpan<byte> from, Span<ulong> words, int start, int count)
    {
        int valid = 0;
        int at = 0;
        while (count > 0)
        {
            int bits = Math.Min(8, count);
            ulong part = from[at++] & ((1UL << bits) - 1);
            valid += BitOperations.PopCount(part);
            int shift = start & 63;
            ulong mask = (1UL << bits) - 1;
            ref ulong word = ref words[start >> 6];
            word = (word & ~(mask << shift)) | part << shift;
            if (shift + bits > 64)
            {
                ref ulong next = ref words[(start >> 6) + 1];
                next = (next & ~(mask >> (64 - shift))) | part >> (64 - shift);
            }

            start += bits;
            count -= bits;
        }

        return valid;
    }
}
