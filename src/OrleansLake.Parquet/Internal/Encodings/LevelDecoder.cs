using System.Buffers.Binary;
using System.Numerics;

namespace OrleansLake.Parquet.Internal.Encodings;

/// <summary>
/// Levels. Repetition levels say where a row, or a list in it, begins. Definition levels: of a column that is in no group, one bit a row, which is the row's validity; of others, how far of the column and the
/// groups around it there is a value.
/// </summary>
internal static class LevelDecoder
{
    // Whole bytes of levels of any width.
    private const int PieceLevels = 64;

    /// <summary>Decodes the levels of rows behind those that a buffer has, and returns how many of them are null.</summary>
    /// <param name="from">The levels.</param>
    /// <param name="max">The level of a value that is there.</param>
    /// <param name="into">Gets the validity, and the levels where there are more than one.</param>
    /// <param name="count">The number of rows.</param>
    public static int Decode(ReadOnlySpan<byte> from, int max, ColumnBuffer into, int count)
    {
        Span<ulong> validity = into.ReserveValidity(into.Count + count);
        return max == 1 ? Decode(from, validity, into.Count, count)
            : Decode(from, max, into.ReserveLevels(into.Count + count).Slice(into.Count, count), validity, into.Count);
    }

    /// <summary>Decodes the repetition levels of values behind those that a buffer has.</summary>
    /// <param name="from">The levels.</param>
    /// <param name="max">The highest that there may be.</param>
    /// <param name="into">Gets them.</param>
    /// <param name="count">The number of values.</param>
    public static void DecodeRepetitions(ReadOnlySpan<byte> from, int max, ColumnBuffer into, int count) =>
        Decode(from, max, into.ReserveRepetitions(into.Count + count).Slice(into.Count, count));

    /// <summary>Cuts levels, which have their length before them, off the bytes of a page.</summary>
    /// <param name="page">The page's bytes; ends as what follows the levels.</param>
    /// <param name="encoding">Their encoding.</param>
    public static ReadOnlySpan<byte> Cut(ref ReadOnlySpan<byte> page, PageEncoding encoding)
    {
        if (encoding != PageEncoding.Rle)
        {
            throw ParquetException.Unsupported($"A page's levels are encoded as {encoding}.");
        }

        int length = page.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(page);
        if (length < 0 || length > page.Length - 4)
        {
            throw ParquetException.Corrupt("A page's levels end too early.");
        }

        ReadOnlySpan<byte> levels = page.Slice(4, length);
        page = page[(4 + length)..];
        return levels;
    }

    /// <summary>Notes that no row behind those that a buffer has is null.</summary>
    public static void FillValid(int max, ColumnBuffer into, int count)
    {
        Fill(into.ReserveValidity(into.Count + count), into.Count, count, true);
        if (max > 1)
        {
            into.ReserveLevels(into.Count + count).Slice(into.Count, count).Fill((byte)max);
        }
    }

    private static int Decode(ReadOnlySpan<byte> from, int max, Span<byte> levels, Span<ulong> validity, int start)
    {
        Decode(from, max, levels);
        int nulls = 0;
        for (int i = 0; i < levels.Length; i++)
        {
            ref ulong word = ref validity[(start + i) >> 6];
            ulong bit = 1UL << ((start + i) & 63);
            word = levels[i] == max ? word | bit : word & ~bit;
            nulls += levels[i] == max ? 0 : 1;
        }

        return nulls;
    }

    /// <summary>Decodes levels of any kind.</summary>
    /// <param name="from">The levels.</param>
    /// <param name="max">The highest that there may be.</param>
    /// <param name="levels">Gets them.</param>
    public static void Decode(ReadOnlySpan<byte> from, int max, Span<byte> levels)
    {
        int width = 32 - BitOperations.LeadingZeroCount((uint)max);
        int at = 0;
        Span<int> piece = stackalloc int[PieceLevels];
        for (Span<byte> left = levels; left.Length > 0;)
        {
            bool isRun = HybridDecoder.ReadRun(from, ref at, width, out int length, out int value);
            length = Math.Min(length, left.Length);
            if (isRun)
            {
                CheckLevel(value, max);
                left[..length].Fill((byte)value);
            }
            else
            {
                ReadOnlySpan<byte> packed = HybridDecoder.IngestRowGroups(from, ref at, width, ref length);
                for (int first = 0; first < length; first += PieceLevels)
                {
                    Span<int> some = piece[..Math.Min(PieceLevels, length - first)];
                    BitUnpacker.Unpack(packed[(first / 8 * width)..], width, some);
                    for (int i = 0; i < some.Length; i++)
                    {
                        CheckLevel(some[i], max);
                        left[first + i] = (byte)some[i];
                    }
                }
            }

            left = left[length..];
        }
    }

    private static void CheckLevel(int level, int max)
    {
        if ((uint)level > (uint)max)
        {
            throw ParquetException.Corrupt("A page has a level above the schema's.");
        }
    }

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
                CheckLevel(value, 1);
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
