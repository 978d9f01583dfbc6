namespace OrleansLake.Parquet.Internal.Encodings;

/// <summary>
/// Runs and bit-packed groups (https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE) of indices and
/// levels.
/// </summary>
internal static class HybridEncoder
{
    /// <summary>Appends values that fit 1 to 32 bits.</summary>
    public static void Encode(ReadOnlySpan<int> values, int width, OutputBuffer output)
    {
        // A run costs its head, its value and the head of the group after it: not worth it for fewer bits than that.
        int runMin = width <= 2 ? 32 : width <= 4 ? 16 : 8;
        int packedStart = 0;
        int at = 0;
        while (at < values.Length)
        {
            int run = RunLength(values[at..]);
            if (run < runMin)
            {
                at += 8;
                continue;
            }

            WritePacked(values[packedStart..at], width, output);
            WriteRun(values[at], run, width, output);
            at += run;
            packedStart = at;
        }

        WritePacked(values[packedStart..], width, output);
    }

    /// <summary>Appends a run.</summary>
    public static void WriteRun(int value, int count, int width, OutputBuffer output)
    {
        output.WriteVarint((ulong)count << 1);
        for (int bit = 0; bit < width; bit += 8)
        {
            output.WriteByte((byte)(value >> bit));
        }
    }

    /// <summary>Appends the validity of rows as their definition levels, of one bit.</summary>
    public static void EncodeLevels(ReadOnlySpan<ulong> validity, int start, int count, int nulls, OutputBuffer output)
    {
        if (nulls == 0 || nulls == count)
        {
            WriteRun(nulls == 0 ? 1 : 0, count, 1, output);
            return;
        }

        int groups = (count + 7) >> 3;
        output.WriteVarint(((ulong)groups << 1) | 1);
        Span<byte> room = output.Reserve(groups);
        for (int i = 0; i < groups; i++)
        {
            int bit = start + (8 * i);
            ulong bits = validity[bit >> 6] >> (bit & 63);
            if ((bit & 63) > 56 && (bit >> 6) + 1 < validity.Length)
            {
                bits |= validity[(bit >> 6) + 1] << (64 - (bit & 63));
            }

            int left = count - (8 * i);
            room[i] = (byte)(left >= 8 ? bits : bits & ((1UL << left) - 1));
        }

        output.Advance(groups);
    }

    private static int RunLength(ReadOnlySpan<int> values)
    {
        int first = values[0];
        if (values.Length < 8 || values[1] != first || values[2] != first)
        {
            return 1;
        }

        int end = values.IndexOfAnyExcept(first);
        return end < 0 ? values.Length : end;
    }

    private static void WritePacked(ReadOnlySpan<int> values, int width, OutputBuffer output)
    {
        if (values.IsEmpty)
        {
            return;
        }

        int groups = (values.Length + 7) >> 3;
        output.WriteVarint(((ulong)groups << 1) | 1);
        int bytes = groups * width;
        Span<byte> room = output.Reserve(bytes + 16);
        room.Slice(Math.Max(0, bytes - width), width).Clear();
        BitPacker.Pack(values, width, room);
        output.Advance(bytes);
    }
}
