namespace OrleansLake.Parquet.Internal.Encodings;

/// <summary>
/// Differences of integers in bit-packed blocks
/// (https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTAENC): blocks of 128 in 4 parts of 32, the
/// sizes that parquet-java writes and every reader has met.
/// </summary>
internal static class DeltaEncoder
{
    public const int BlockValues = 128;
    private const int MiniBlocks = 4;
    private const int MiniValues = BlockValues / MiniBlocks;

    /// <summary>Appends int64 values.</summary>
    public static void Encode(ReadOnlySpan<long> values, OutputBuffer output)
    {
        Begin(values.Length, values.IsEmpty ? 0 : values[0], output);
        Span<ulong> deltas = stackalloc ulong[BlockValues];
        for (int start = 1; start < values.Length; start += BlockValues)
        {
            int count = Math.Min(BlockValues, values.Length - start);
            long min = Differences(values.Slice(start - 1, count + 1), deltas);
            WriteBlock(deltas, count, min, output);
        }
    }

    /// <summary>Appends int32 values, whose differences wrap around at 32 bits.</summary>
    public static void Encode(ReadOnlySpan<int> values, OutputBuffer output)
    {
        Begin(values.Length, values.IsEmpty ? 0 : values[0], output);
        Span<ulong> deltas = stackalloc ulong[BlockValues];
        for (int start = 1; start < values.Length; start += BlockValues)
        {
            int count = Math.Min(BlockValues, values.Length - start);
            long min = Differences(values.Slice(start - 1, count + 1), deltas);
            WriteBlock(deltas, count, min, output);
        }
    }

    /// <summary>Returns the bits that a block of values takes per value, heads aside; what an encoder weighs before it chooses.</summary>
    public static int WidthOf<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Span<ulong> deltas = stackalloc ulong[BlockValues];
        values = values[..Math.Min(values.Length, BlockValues + 1)];
        if (values.Length < 2)
        {
            return 0;
        }

        if (typeof(T) == typeof(int))
        {
            Differences(System.Runtime.InteropServices.MemoryMarshal.Cast<T, int>(values), deltas);
        }
        else
        {
            Differences(System.Runtime.InteropServices.MemoryMarshal.Cast<T, long>(values), deltas);
        }

        ulong all = 0;
        foreach (ulong delta in deltas[..(values.Length - 1)])
        {
            all |= delta;
        }

        return BitPacker.WidthOf(all);
    }

    private static void Begin(int count, long first, OutputBuffer output)
    {
        output.WriteVarint(BlockValues);
        output.WriteVarint(MiniBlocks);
        output.WriteVarint((ulong)count);
        output.WriteZigZag(first);
    }

    // The differences less the least of them, which is returned.
    private static long Differences(ReadOnlySpan<long> values, Span<ulong> into)
    {
        long min = long.MaxValue;
        for (int i = 1; i < values.Length; i++)
        {
            long delta = unchecked(values[i] - values[i - 1]);
            into[i - 1] = (ulong)delta;
            min = Math.Min(min, delta);
        }

        for (int i = 0; i < values.Length - 1; i++)
        {
            into[i] = unchecked(into[i] - (ulong)min);
        }

        return min;
    }

    private static long Differences(ReadOnlySpan<int> values, Span<ulong> into)
    {
        int min = int.MaxValue;
        for (int i = 1; i < values.Length; i++)
        {
            int delta = unchecked(values[i] - values[i - 1]);
            into[i - 1] = (uint)delta;
            min = Math.Min(min, delta);
        }

        for (int i = 0; i < values.Length - 1; i++)
        {
            into[i] = unchecked((uint)into[i] - (uint)min);
        }

        return min;
    }

    private static void WriteBlock(Span<ulong> deltas, int count, long min, OutputBuffer output)
    {
        deltas[count..].Clear();
        output.WriteZigZag(min);
        Span<byte> room = output.Reserve(MiniBlocks + (BlockValues * sizeof(ulong)) + sizeof(ulong));
        int at = MiniBlocks;
        for (int mini = 0; mini < MiniBlocks; mini++)
        {
            ReadOnlySpan<ulong> part = deltas.Slice(mini * MiniValues, MiniValues);
            ulong all = 0;
            foreach (ulong delta in part)
            {
                all |= delta;
            }

            // Parts behind the last value have width 0 and no bytes, which is what zeros give.
            int width = BitPacker.WidthOf(all);
            room[mini] = (byte)width;
            if (width != 0)
            {
                BitPacker.Pack(part, width, room[at..]);
                at += MiniValues / 8 * width;
            }
        }

        output.Advance(at);
    }
}
