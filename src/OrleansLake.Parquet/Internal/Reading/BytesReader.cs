using System.Text;
using System.Text.Unicode;

namespace OrleansLake.Parquet.Internal.Reading;

/// <summary>Reads a column chunk of byte arrays, of any or of one length.</summary>
internal static class BytesReader
{
    public static void Read(ChunkReader chunk, BytesBuffer into)
    {
        into.Clear();
        using var dictionary = new BytesDictionary();
        using var indices = new Scratch<int>();
        bool hasDictionary = chunk.TryReadDictionary(out int count, out ReadOnlySpan<byte> plain);
        if (hasDictionary)
        {
            dictionary.Read(plain, count, chunk.Leaf);
            CheckText(chunk, dictionary.Bytes, dictionary.Offsets[1..], 0);
            if (!into.PreferDirect)
            {
                into.BeginDictionary(dictionary.Bytes, dictionary.Offsets);
            }
        }

        chunk.Budget.Check(into.BytesFor(chunk.RowsToReserve));
        into.Reserve(chunk.RowsToReserve);

        // Sized once, a buffer is not copied again and again as it grows. With a dictionary nothing is known of the rows.
        if (!hasDictionary && chunk.Budget.Allows(into.BytesFor(chunk.RowsToReserve) + chunk.BytesToReserve))
        {
            into.ReserveBytes(chunk.BytesToReserve);
        }

        while (chunk.TryReadPage(into, out Page page))
        {
            if (page.IsDictionary && !hasDictionary)
            {
                throw ParquetException.Corrupt("A page refers to a dictionary that is not there.");
            }

            if (page.IsDictionary && into.IsDictionary)
            {
                Span<int> codes = into.FreeCodes(page.Rows);
                page.DecodeIndices(dictionary.Count, codes[..page.ValueCount]);
                if (page.Nulls != 0)
                {
                    ValueReader.Spread(codes, page.ValueCount, into.ReserveValidity(into.Count + page.Rows), into.Count);
                }

                into.Advance(page.Rows, page.Nulls);
                continue;
            }

            if (into.IsDictionary)
            {
                GoDirect(chunk, dictionary, into);
                chunk.Budget.Check(into.BytesFor(chunk.RowsToReserve));
                into.Reserve(Math.Max(page.Rows, chunk.RowsToReserve - into.Count));
            }

            if (page.IsDictionary)
            {
                Span<int> codes = indices.Span(page.ValueCount);
                page.DecodeIndices(dictionary.Count, codes);
                Expand(chunk.Budget, dictionary, codes, into, into.FreeEnds(page.Rows)[..page.ValueCount]);
            }
            else
            {
                int start = into.BytesCount;
                BytesPageDecoder.Decode(chunk, page, into);
                CheckText(chunk, into.Bytes[start..], into.FreeEnds(page.Rows)[..page.ValueCount], start);
            }

            if (page.Nulls != 0)
            {
                SpreadEnds(into, page);
            }

            into.Advance(page.Rows, page.Nulls);
        }
    }

    // Values are UTF-8 one by one if all of them together are and none starts in the middle of a character.
    private static void CheckText(ChunkReader chunk, ReadOnlySpan<byte> bytes, ReadOnlySpan<int> ends, int start)
    {
        if (!chunk.VerifiesText || Ascii.IsValid(bytes))
        {
            return;
        }

        bool isValid = Utf8.IsValid(bytes);
        for (int i = 0; isValid && i < ends.Length; i++)
        {
            int next = ends[i] - start;
            isValid = next == bytes.Length || (bytes[next] & 0xC0) != 0x80;
        }

        if (!isValid)
        {
            throw ParquetException.Corrupt("It holds text that is not UTF-8.");
        }
    }

    // A page that is not a dictionary page follows some that are: what was read so far becomes direct.
    private static void GoDirect(ChunkReader chunk, BytesDictionary dictionary, BytesBuffer into)
    {
        int[] codes = into.TakeCodes();
        int rows = into.Count;
        into.EndDictionary();
        Span<int> ends = into.AllEnds;
        if (into.NullCount == 0)
        {
            Expand(chunk.Budget, dictionary, codes.AsSpan(0, rows), into, ends);
            return;
        }

        long bytes = 0;
        for (int row = 0; row < rows; row++)
        {
            bytes += into.IsNull(row) ? 0 : dictionary[codes[row]].Length;
        }

        chunk.Budget.Check(bytes);
        into.ReserveBytes((int)Math.Min(int.MaxValue, bytes));
        for (int row = 0; row < rows; row++)
        {
            if (!into.IsNull(row))
            {
                ReadOnlySpan<byte> value = dictionary[codes[row]];
                value.CopyTo(into.FreeBytes);
                into.AdvanceBytes(value.Length);
            }

            ends[row] = into.BytesCount;
        }
    }

    private static void Expand(ReadBudget budget, BytesDictionary dictionary, ReadOnlySpan<int> codes, BytesBuffer into, Span<int> ends)
    {
        ReadOnlySpan<int> offsets = dictionary.Offsets;
        ReadOnlySpan<byte> entries = dictionary.Bytes;
        long bytes = 0;
        foreach (int code in codes)
        {
            bytes += offsets[code + 1] - offsets[code];
        }

        budget.Check(into.BytesFor(0) + bytes);
        into.ReserveBytes((int)Math.Min(int.MaxValue, bytes));
        Span<byte> room = into.FreeBytes;
        int start = into.BytesCount;
        int at = 0;
        for (int i = 0; i < codes.Length; i++)
        {
            int from = offsets[codes[i]];
            int length = offsets[codes[i] + 1] - from;
            entries.Slice(from, length).CopyTo(room[at..]);
            at += length;
            ends[i] = start + at;
        }

        into.AdvanceBytes(at);
    }

    // A null row ends where the row before it ends.
    private static void SpreadEnds(BytesBuffer into, Page page)
    {
        ReadOnlySpan<ulong> validity = into.ReserveValidity(into.Count + page.Rows);
        int before = into.Count == 0 ? 0 : into.Offsets[into.Count];
        Span<int> ends = into.FreeEnds(page.Rows);
        int from = page.ValueCount;
        for (int to = ends.Length - 1; to >= 0; to--)
        {
            int bit = into.Count + to;
            bool isValid = (validity[bit >> 6] >> (bit & 63) & 1) != 0;
            ends[to] = from == 0 ? before : ends[from - 1];
            from -= isValid ? 1 : 0;
        }
    }
}
