using System.Runtime.CompilerServices;

namespace OrleansLake.Parquet.Internal.Encodings;

/// <summary>
/// Differences of integers in bit-packed blocks
/// (https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTAENC).
/// </summary>
internal static class DeltaDecoder
{
    private const int BlockValuesMax = 1 << 16;

    /// <summary>Decodes exactly as many values as fit, and returns where they end in the input.</summary>
    /// <typeparam name="T"><see cref="int"/> or <see cref="long"/>; sums wrap around, as the encoding specifies.</typeparam>
    public static void Decode<T>(ReadOnlySpan<byte> from, ref int at, Span<T> into)
        where T : unmanaged
    {
        uint blockValues = VarintDecoder.ReadUInt32(from, ref at);
        uint miniBlocks = VarintDecoder.ReadUInt32(from, ref at);
        uint count = VarintDecoder.ReadUInt32(from, ref at);
        long value = VarintDecoder.ReadZigZag(from, ref at);
        if (miniBlocks == 0 || blockValues is 0 or > BlockValuesMax || blockValues % miniBlocks != 0 || blockValues / miniBlocks % 8 != 0)
        {
            throw ParquetException.Corrupt($"A page has delta blocks of {blockValues} values in {miniBlocks} parts.");
        }

        if (count != into.Length)
        {
            throw ParquetException.Corrupt($"A page has {count} delta-encoded values where {into.Length} are expected.");
        }

        if (into.Length == 0)
        {
            return;
        }

        Store(into, 0, value);
        int done = 1;
        int miniValues = (int)(blockValues / miniBlocks);
        Span<ulong> deltas = stackalloc ulong[64];
        while (done < into.Length)
        {
            long minDelta = VarintDecoder.ReadZigZag(from, ref at);
            if (miniBlocks > from.Length - at)
            {
                throw Short();
            }

            ReadOnlySpan<byte> widths = from.Slice(at, (int)miniBlocks);
            at += (int)miniBlocks;
            for (int mini = 0; mini < widths.Length && done < into.Length; mini++)
            {
                int width = widths[mini];
                long bytes = (long)miniValues * width >> 3;
                if (width > 64)
                {
                    throw ParquetException.Corrupt($"A page has differences of {width} bits.");
                }

                if (bytes > from.Length - at)
                {
                    throw Short();
                }

                ReadOnlySpan<byte> packed = from.Slice(at, (int)bytes);
                at += (int)bytes;
                int wanted = Math.Min(miniValues, into.Length - done);
                for (int part = 0; part < wanted; part += deltas.Length)
                {
                    Span<ulong> some = deltas[..Math.Min(deltas.Length, wanted - part)];
                    BitUnpacker.Unpack(packed[(int)((long)part * width >> 3)..], width, some);
                    value = AddUp(some, minDelta, value, into.Slice(done + part, some.Length));
                }

                done += wanted;
            }
        }
    }

    private static long AddUp<T>(ReadOnlySpan<ulong> deltas, long minDelta, long value, Span<T> into)
        where T : unmanaged
    {
        for (int i = 0; i < deltas.Length; i++)
        {
            value = unchecked(value + minDelta + (long)deltas[i]);
            Store(into, i, value);
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(Span<T> into, int index, long value)
        where T : unmanaged
    {
        if (typeof(T) == typeof(int))
        {
            into[index] = (T)(object)(int)value;
        }
        else
        {
            into[index] = (T)(object)value;
        }
    }

    private static ParquetException Short() => ParquetException.Corrupt("A page's differences end too early.");
}
