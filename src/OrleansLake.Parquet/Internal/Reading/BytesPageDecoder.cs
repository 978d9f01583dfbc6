using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OrleansLake.Parquet.Internal.Encodings;

namespace OrleansLake.Parquet.Internal.Reading;

/// <summary>Decodes a page of byte arrays that is not dictionary-encoded, behind what a buffer holds.</summary>
internal static class BytesPageDecoder
{
    public static void Decode(ChunkReader chunk, Page page, BytesBuffer into)
    {
        Span<int> ends = into.FreeEnds(page.Rows)[..page.ValueCount];
        if (ends.IsEmpty)
        {
            return;
        }

        bool isFixed = chunk.Leaf.StoredAs == PhysicalType.FixedLengthByteArray;
        switch (page.Encoding)
        {
            case PageEncoding.Plain when isFixed:
                DecodeFixed(chunk, page.Values, isSplit: false, into, ends);
                break;
            case PageEncoding.ByteStreamSplit when isFixed:
                DecodeFixed(chunk, page.Values, isSplit: true, into, ends);
                break;
            case PageEncoding.Plain:
                DecodePlain(chunk.Budget, page.Values, into, ends);
                break;
            case PageEncoding.DeltaLengthByteArray when !isFixed:
                DecodeDeltaLength(chunk.Budget, page.Values, into, ends);
                break;
            case PageEncoding.DeltaByteArray:
                DecodeDelta(chunk, page.Values, into, ends);
                break;
            default:
                throw ParquetException.Unsupported($"A page of {chunk.Leaf.StoredAs} values is encoded as {page.Encoding}.");
        }
    }

    private static void DecodeFixed(ChunkReader chunk, ReadOnlySpan<byte> from, bool isSplit, BytesBuffer into, Span<int> ends)
    {
        int width = chunk.Leaf.FixedLength;
        long bytes = (long)width * ends.Length;
        if (bytes > from.Length)
        {
            throw Short();
        }

        chunk.Budget.Check(into.BytesFor(0) + bytes);
        into.ReserveBytes((int)bytes);
        if (isSplit)
        {
            PlainDecoder.JoinStreams(from, width, ends.Length, into.FreeBytes);
        }
        else
        {
            from[..(int)bytes].CopyTo(into.FreeBytes);
        }

        int end = into.BytesCount;
        for (int i = 0; i < ends.Length; i++)
        {
            end += width;
            ends[i] = end;
        }

        into.AdvanceBytes((int)bytes);
    }

    private static void DecodePlain(ReadBudget budget, ReadOnlySpan<byte> from, BytesBuffer into, Span<int> ends)
    {
        budget.Check(into.BytesFor(0) + from.Length);
        into.ReserveBytes(from.Length);
        Span<byte> room = into.FreeBytes;
        int start = into.BytesCount;
        int at = 0;
        int written = 0;
        ref byte first = ref MemoryMarshal.GetReference(from);
        for (int i = 0; i < ends.Length; i++)
        {
            if (from.Length - at < sizeof(int))
            {
                throw Short();
            }

            int length = Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref first, at));
            at += sizeof(int);
            if ((uint)length > (uint)(from.Length - at))
            {
                throw Short();
            }

            from.Slice(at, length).CopyTo(room[written..]);
            at += length;
            written += length;
            ends[i] = start + written;
        }

        into.AdvanceBytes(written);
    }

    private static void DecodeDeltaLength(ReadBudget budget, ReadOnlySpan<byte> from, BytesBuffer into, Span<int> ends)
    {
        int at = 0;
        DeltaDecoder.Decode(from, ref at, ends);
        int bytes = EndsOfLengths(ends, into.BytesCount, from.Length - at);
        budget.Check(into.BytesFor(0) + bytes);
        into.ReserveBytes(bytes);
        from.Slice(at, bytes).CopyTo(into.FreeBytes);
        into.AdvanceBytes(bytes);
    }

    private static void DecodeDelta(ChunkReader chunk, ReadOnlySpan<byte> from, BytesBuffer into, Span<int> ends)
    {
        using var prefixScratch = new Scratch<int>();
        using var suffixScratch = new Scratch<int>();
        Span<int> prefixes = prefixScratch.Span(ends.Length);
        Span<int> suffixes = suffixScratch.Span(ends.Length);
        int at = 0;
        DeltaDecoder.Decode(from, ref at, prefixes);
        DeltaDecoder.Decode(from, ref at, suffixes);
        long bytes = 0;
        for (int i = 0; i < prefixes.Length; i++)
        {
            if (prefixes[i] < 0 || suffixes[i] < 0)
            {
                throw Short();
            }

            bytes += (long)prefixes[i] + suffixes[i];
        }

        chunk.Budget.Check(into.BytesFor(0) + bytes);
        into.ReserveBytes((int)Math.Min(int.MaxValue, bytes));
        Span<byte> room = into.FreeBytes;
        int start = into.BytesCount;
        int previous = 0;
        int written = 0;
        for (int i = 0; i < ends.Length; i++)
        {
            if (prefixes[i] > written - previous || suffixes[i] > from.Length - at)
            {
                throw Short();
            }

            room.Slice(previous, prefixes[i]).CopyTo(room[written..]);
            previous = written;
            written += prefixes[i];
            from.Slice(at, suffixes[i]).CopyTo(room[written..]);
            written += suffixes[i];
            at += suffixes[i];
            ends[i] = start + written;
            if (chunk.Leaf.StoredAs == PhysicalType.FixedLengthByteArray && written - previous != chunk.Leaf.FixedLength)
            {
                throw ParquetException.Corrupt("A value has another length than the schema says.");
            }
        }

        into.AdvanceBytes(written);
    }

    // Turns lengths into ends, none negative and all together within what is left; returns their sum.
    private static int EndsOfLengths(Span<int> lengths, int start, int left)
    {
        int sum = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            if ((uint)lengths[i] > (uint)(left - sum))
            {
                throw Short();
            }

            sum += lengths[i];
            lengths[i] = start + sum;
        }

        return sum;
    }

    private static ParquetException Short() => ParquetException.Corrupt("A page's values end too early.");
}
