using OrleansLake.Parquet.Internal.Encodings;

namespace OrleansLake.Parquet.Internal.Reading;

/// <summary>Reads a column chunk of values of one size into a buffer of their own type (INT96 as int64 microseconds).</summary>
internal static class ValueReader
{
    public static void Read<T>(ChunkReader chunk, ValueBuffer<T> into)
        where T : unmanaged
    {
        into.Clear();
        using var dictionary = new Scratch<T>();
        using var indices = new Scratch<int>();
        Span<T> entries = ReadDictionary(chunk, dictionary, out bool hasDictionary);
        chunk.Budget.Check(into.BytesFor(chunk.RowsToReserve));
        into.Reserve(chunk.RowsToReserve);
        while (chunk.TryReadPage(into, out Page page))
        {
            Span<T> slots = into.Free(page.Rows);
            Span<T> values = slots[..page.ValueCount];
            if (page.IsDictionary)
            {
                if (!hasDictionary)
                {
                    throw ParquetException.Corrupt("A page refers to a dictionary that is not there.");
                }

                Span<int> codes = indices.Span(values.Length);
                page.DecodeIndices(entries.Length, codes);
                for (int i = 0; i < codes.Length; i++)
                {
                    values[i] = entries[codes[i]];
                }
            }
            else
            {
                Decode(chunk, page, values);
            }

            if (page.Nulls != 0)
            {
                Spread(slots, page.ValueCount, into.ReserveValidity(into.Count + page.Rows), into.Count);
            }

            into.Advance(page.Rows, page.Nulls);
        }
    }

    /// <summary>Moves values apart to the slots of the rows that hold one; the other slots become the default.</summary>
    public static void Spread<T>(Span<T> slots, int values, ReadOnlySpan<ulong> validity, int start)
        where T : unmanaged
    {
        int from = values;
        for (int to = slots.Length - 1; to >= 0; to--)
        {
            int bit = start + to;
            slots[to] = (validity[bit >> 6] >> (bit & 63) & 1) != 0 ? slots[--from] : default;
        }
    }

    private static unsafe Span<T> ReadDictionary<T>(ChunkReader chunk, Scratch<T> into, out bool exists)
        where T : unmanaged
    {
        exists = chunk.TryReadDictionary(out int count, out ReadOnlySpan<byte> bytes);
        if (!exists)
        {
            return default;
        }

        // Checked against what is there before it is allocated.
        int size = chunk.Leaf.StoredAs == PhysicalType.Int96 ? 12 : sizeof(T);
        if (count > bytes.Length / size || typeof(T) == typeof(bool))
        {
            throw ParquetException.Corrupt("A dictionary ends too early.");
        }

        Span<T> entries = into.Span(count);
        DecodePlain(chunk, bytes, entries);
        return entries;
    }

    private static void Decode<T>(ChunkReader chunk, Page page, Span<T> values)
        where T : unmanaged
    {
        PhysicalType stored = chunk.Leaf.StoredAs;
        if (values.IsEmpty)
        {
            return;
        }

        int at = 0;
        switch (page.Encoding)
        {
            case PageEncoding.Plain:
                DecodePlain(chunk, page.Values, values);
                break;
            case PageEncoding.DeltaBinaryPacked when typeof(T) == typeof(int) || (typeof(T) == typeof(long) && stored == PhysicalType.Int64):
                DeltaDecoder.Decode(page.Values, ref at, values);
                break;
            case PageEncoding.ByteStreamSplit when stored != PhysicalType.Int96 && typeof(T) != typeof(bool):
                PlainDecoder.DecodeByteStreamSplit(page.Values, values);
                break;
            case PageEncoding.Rle when typeof(T) == typeof(bool):
                DecodeRuns(page.Values, System.Runtime.InteropServices.MemoryMarshal.Cast<T, bool>(values));
                break;
            default:
                throw ParquetException.Unsupported($"A page of {stored} values is encoded as {page.Encoding}.");
        }
    }

    private static void DecodePlain<T>(ChunkReader chunk, ReadOnlySpan<byte> from, Span<T> into)
        where T : unmanaged
    {
        if (chunk.Leaf.StoredAs == PhysicalType.Int96 && typeof(T) == typeof(long))
        {
            PlainDecoder.DecodeInt96(from, System.Runtime.InteropServices.MemoryMarshal.Cast<T, long>(into), chunk.IsStored);
        }
        else
        {
            PlainDecoder.Decode(from, into);
        }
    }

    // Truth values as runs have their length before them, as levels do.
    private static void DecodeRuns(ReadOnlySpan<byte> from, Span<bool> into)
    {
        if (from.Length < 4)
        {
            throw ParquetException.Corrupt("A page's values end too early.");
        }

        using var bits = new Scratch<int>();
        Span<int> values = bits.Span(into.Length);
        HybridDecoder.Decode(from[4..], 1, values);
        for (int i = 0; i < values.Length; i++)
        {
            into[i] = (values[i] & 1) != 0;
        }
    }
}
