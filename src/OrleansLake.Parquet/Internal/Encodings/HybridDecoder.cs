namespace OrleansLake.Parquet.Internal.Encodings;

/// <summary>
/// Runs and bit-packed groups (https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE): indices of a
/// dictionary, levels, truth values.
/// </summary>
internal static class HybridDecoder
{
    /// <summary>Decodes values of 0 to 32 bits.</summary>
    /// <exception cref="ParquetException">The input ends before the values do.</exception>
    public static void Decode(ReadOnlySpan<byte> from, int width, Span<int> into)
    {
        if (width is < 0 or > 32)
        {
            throw ParquetException.Corrupt($"A page has indices of {width} bits.");
        }

        int at = 0;
        while (into.Length > 0)
        {
            if (ReadRun(from, ref at, width, out int count, out int value))
            {
                count = Math.Min(count, into.Length);
                into[..count].Fill(value);
            }
            else
            {
                count = Math.Min(count, into.Length);
                ReadOnlySpan<byte> packed = IngestRowGroups(from, ref at, width, ref count);
                BitUnpacker.Unpack(packed, width, into[..count]);
            }

            into = into[count..];
        }
    }

    /// <summary>
    /// Reads the head of a run or of bit-packed groups: true and the value of a run of <paramref name="count"/>, or
    /// false and the number of packed values, which the caller takes by <see cref="IngestRowGroups"/>.
    /// </summary>
    public static bool ReadRun(ReadOnlySpan<byte> from, ref int at, int width, out int count, out int value)
    {
        uint head = VarintDecoder.ReadUInt32(from, ref at);
        value = 0;
        if ((head & 1) != 0)
        {
            count = (int)Math.Min(int.MaxValue, (long)(head >> 1) * 8);
            return count == 0 ? throw ParquetException.Corrupt("A page has a bit-packed run without values.") : false;
        }

        count = (int)(head >> 1);
        int bytes = (width + 7) >> 3;
        if (count == 0 || bytes > from.Length - at)
        {
            throw ParquetException.Corrupt("A page's indices or levels end too early.");
        }

        for (int i = 0; i < bytes; i++)
        {
            value |= from[at + i] << (8 * i);
        }

        at += bytes;
        return true;
    }

    /// <summary>
    /// Returns the bytes of packed values; <paramref name="count"/> values are wanted of them. Writers may leave out the
    /// padding of the last group.
    /// </summary>
    public static ReadOnlySpan<byte> IngestRowGroups(ReadOnlySpan<byte> from, ref int at, int width, ref int count)
    {
        long wanted = ((long)count * width + 7) >> 3;
        if (wanted > from.Length - at)
        {
            throw ParquetException.Corrupt("A page's indices or levels end too early.");
        }

        long whole = ((long)count + 7) / 8 * width;
        ReadOnlySpan<byte> packed = from.Slice(at, (int)Math.Min(whole, from.Length - at));
        at += packed.Length;
        return packed;
    }
}
