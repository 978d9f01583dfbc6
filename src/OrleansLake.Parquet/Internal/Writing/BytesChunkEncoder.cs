using System.Buffers.Binary;
using System.IO.Hashing;
using OrleansLake.Parquet.Internal.Encodings;

namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>
/// Encodes byte arrays: as a dictionary if that is smaller, else as all lengths and then all bytes
/// (DELTA_LENGTH_BYTE_ARRAY), which costs next to nothing per value where lengths are alike. A chunk with nulls is PLAIN
/// instead: Polars (1.x, nodejs-polars 0.24.1) panics when it filters delta-encoded byte arrays with nulls, whichever program wrote
/// them.
/// </summary>
internal sealed class BytesChunkEncoder(ParquetField field, ParquetWriterOptions options) : ChunkEncoder(field, options)
{
    private readonly Scratch<int> _startScratch = new();
    private readonly Scratch<int> _endScratch = new();
    private readonly Scratch<int> _lengths = new();
    private readonly Scratch<int> _codes = new();
    private readonly Scratch<int> _denseCodes = new();
    private readonly Scratch<int> _map = new();
    private readonly Scratch<int> _entryStarts = new();
    private readonly Scratch<int> _entryEnds = new();
    private readonly Scratch<int> _seenInPage = new();
    private readonly BytesTable _table = new();
    private readonly OutputBuffer _min = new();
    private readonly OutputBuffer _max = new();
    private ReadOnlyMemory<byte> _bytes;
    private ReadOnlyMemory<int> _starts;
    private ReadOnlyMemory<int> _ends;
    private int _width;
    private bool _hasBounds;

    public override long? DistinctCount => HasDictionary ? DictionaryCount : null;

    private bool IsText => Field.Type == ParquetType.String;

    private BytesValues Values => new(_bytes.Span, _starts.Span, _ends.Span);

    private BytesValues Entries =>
        new(_bytes.Span, _entryStarts.Span(DictionaryCount), _entryEnds.Span(DictionaryCount));

    public override bool TryGetMin(Span<byte> into, out int length, out bool isExact)
    {
        ReadOnlySpan<byte> cut = BytesBounds.CutMin(_min.Written, Options.BoundBytesMax, IsText);
        length = cut.Length;
        isExact = cut.Length == _min.Length;
        cut.CopyTo(into);
        return _hasBounds;
    }

    public override bool TryGetMax(Span<byte> into, out int length, out bool isExact)
    {
        isExact = _max.Length <= Options.BoundBytesMax;
        length = 0;
        return _hasBounds && BytesBounds.TryCutMax(_max.Written, Options.BoundBytesMax, IsText, into, out length);
    }

    public override int CompareBounds(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => a.SequenceCompareTo(b);

    public override void Dispose()
    {
        base.Dispose();
        _startScratch.Dispose();
        _endScratch.Dispose();
        _lengths.Dispose();
        _codes.Dispose();
        _denseCodes.Dispose();
        _map.Dispose();
        _entryStarts.Dispose();
        _entryEnds.Dispose();
        _seenInPage.Dispose();
        _table.Dispose();
        _min.Dispose();
        _max.Dispose();
    }

    private protected override void Begin(ColumnData data, int start, int count, int values)
    {
        var source = (BytesData)data;
        _bytes = source.Bytes;
        _hasBounds = false;
        Encoding = values == count ? PageEncoding.DeltaLengthByteArray : PageEncoding.Plain;
        if (source.IsDictionary)
        {
            BeginWithCodes(source, start, count, values);
        }
        else
        {
            BeginDirect(source, start, count, values);
        }
    }

    private protected override void End()
    {
        _bytes = default;
        _starts = default;
        _ends = default;
    }

    private protected override long PageBytes(int start, int count) =>
        HasDictionary ? BitPacker.BytesFor(count, _width) : Values.Slice(start, count).TotalBytes() + ((long)count * (Encoding == PageEncoding.Plain ? sizeof(int) : 1));

    private protected override ReadOnlyMemory<byte> WriteValues(int start, int count, OutputBuffer page, bool mayRefer)
    {
        if (HasDictionary)
        {
            page.WriteByte((byte)_width);
            HybridEncoder.Encode(_codes.Span(RowCount - NullCount).Slice(start, count), _width, page);
            return default;
        }

        BytesValues values = Values.Slice(start, count);
        if (Encoding == PageEncoding.Plain)
        {
            WritePlain(values, page);
            return default;
        }

        Span<int> lengths = _lengths.Span(count);
        for (int i = 0; i < lengths.Length; i++)
        {
            lengths[i] = values.Ends[i] - values.Starts[i];
        }

        DeltaEncoder.Encode(lengths, page);

        // Values that follow one another, which is nearly all of them, are copied at once.
        for (int i = 0; i < count;)
        {
            int from = values.Starts[i];
            int to = values.Ends[i++];
            while (i < count && values.Starts[i] == to)
            {
                to = values.Ends[i++];
            }

            if (mayRefer && i == count && to - from >= ChunkOutput.ReferBytesMin)
            {
                return _bytes[from..to];
            }

            page.Write(values.Bytes[from..to]);
        }

        return default;
    }

    private protected override bool TryAddBounds(int start, int count, out Range min, out Range max)
    {
        ReadOnlySpan<byte> low;
        ReadOnlySpan<byte> high;
        if (HasDictionary)
        {
            FindBoundsOfCodes(_codes.Span(RowCount - NullCount).Slice(start, count), out low, out high);
        }
        else
        {
            BytesValues values = Values.Slice(start, count);
            BytesBounds.Find(values, out int lowAt, out int highAt);
            low = values[lowAt];
            high = values[highAt];
        }

        Widen(low, high);
        int at = Bounds.Length;
        Bounds.Write(BytesBounds.CutMin(low, Options.BoundBytesMax, IsText));
        min = at..Bounds.Length;
        at = Bounds.Length;
        bool hasMax = BytesBounds.TryCutMax(high, Options.BoundBytesMax, IsText, Bounds.Reserve(Options.BoundBytesMax), out int length);
        Bounds.Advance(hasMax ? length : 0);
        max = at..Bounds.Length;
        return hasMax;
    }

    private protected override void AddTo(Span<byte> blocks)
    {
        BytesValues values = HasDictionary ? Entries : Values;
        for (int i = 0; i < values.Count; i++)
        {
            Pruning.BloomFilter.Add(blocks, XxHash64.HashToUInt64(values[i]));
        }
    }

    private void Widen(ReadOnlySpan<byte> low, ReadOnlySpan<byte> high)
    {
        if (!_hasBounds || low.SequenceCompareTo(_min.Written) < 0)
        {
            _min.Clear();
            _min.Write(low);
        }

        if (!_hasBounds || high.SequenceCompareTo(_max.Written) > 0)
        {
            _max.Clear();
            _max.Write(high);
        }

        _hasBounds = true;
    }

    // Every entry is compared once a page, however often it occurs in it.
    private void FindBoundsOfCodes(ReadOnlySpan<int> codes, out ReadOnlySpan<byte> low, out ReadOnlySpan<byte> high)
    {
        BytesValues entries = Entries;
        Span<int> seen = _seenInPage.Span(DictionaryCount);
        int page = Pages.Count;
        int min = codes[0];
        int max = codes[0];
        foreach (int code in codes)
        {
            if (seen[code] == page)
            {
                continue;
            }

            seen[code] = page;
            min = entries[code].SequenceCompareTo(entries[min]) < 0 ? code : min;
            max = entries[code].SequenceCompareTo(entries[max]) > 0 ? code : max;
        }

        low = entries[min];
        high = entries[max];
    }

    private void BeginDirect(BytesData source, int start, int count, int values)
    {
        _starts = source.Offsets.Slice(start, count);
        _ends = source.Offsets.Slice(start + 1, count);
        if (values != count)
        {
            Memory<int> starts = _startScratch.Memory(values);
            Memory<int> ends = _endScratch.Memory(values);
            Compaction.Compact(_starts.Span, source.Validity.Span, start, starts.Span);
            Compaction.Compact(_ends.Span, source.Validity.Span, start, ends.Span);
            _starts = starts;
            _ends = ends;
        }

        BytesValues all = Values;
        if (values == 0 || !IsDictionaryLikely(all))
        {
            return;
        }

        Span<int> codes = _codes.Span(values);
        if (!_table.TryEncode(all, codes, values / 2, Options.DictionaryBytesMax))
        {
            return;
        }

        ReadOnlySpan<int> firsts = _table.Firsts;
        Span<int> entryStarts = _entryStarts.Span(firsts.Length);
        Span<int> entryEnds = _entryEnds.Span(firsts.Length);
        for (int i = 0; i < firsts.Length; i++)
        {
            entryStarts[i] = all.Starts[firsts[i]];
            entryEnds[i] = all.Ends[firsts[i]];
        }

        TakeDictionaryIfSmaller(firsts.Length, values, all.TotalBytes());
    }

    // The caller's codes are renumbered by first appearance, so the bytes do not depend on them.
    private void BeginWithCodes(BytesData source, int start, int count, int values)
    {
        ReadOnlySpan<int> codes = source.Codes.Span.Slice(start, count);
        if (values != count)
        {
            Span<int> dense = _denseCodes.Span(values);
            Compaction.Compact(codes, source.Validity.Span, start, dense);
            codes = dense;
        }

        ReadOnlySpan<int> offsets = source.Offsets.Span;
        Span<int> map = _map.Span(offsets.Length - 1);
        map.Fill(-1);
        Span<int> mapped = _codes.Span(values);
        int entriesMax = Math.Min(values, map.Length);
        Span<int> entryStarts = _entryStarts.Span(entriesMax);
        Span<int> entryEnds = _entryEnds.Span(entriesMax);
        int entries = 0;
        long direct = 0;
        for (int i = 0; i < codes.Length; i++)
        {
            int code = codes[i];
            int entry = map[code];
            if (entry < 0)
            {
                entry = entries++;
                map[code] = entry;
                entryStarts[entry] = offsets[code];
                entryEnds[entry] = offsets[code + 1];
            }

            mapped[i] = entry;
            direct += entryEnds[entry] - entryStarts[entry];
        }

        MergeEqualEntries(ref entries, mapped);
        if (!TakeDictionaryIfSmaller(entries, values, direct))
        {
            Memory<int> starts = _startScratch.Memory(values);
            Memory<int> ends = _endScratch.Memory(values);
            for (int i = 0; i < mapped.Length; i++)
            {
                starts.Span[i] = entryStarts[mapped[i]];
                ends.Span[i] = entryEnds[mapped[i]];
            }

            _starts = starts;
            _ends = ends;
        }
    }

    // A caller's dictionary may have the same bytes twice; a written one has not, so that its size is what is distinct.
    private void MergeEqualEntries(ref int entries, Span<int> codes)
    {
        BytesValues all = new(_bytes.Span, _entryStarts.Span(entries), _entryEnds.Span(entries));
        Span<int> merged = _lengths.Span(entries);
        if (entries < 2 || !_table.TryEncode(all, merged, entries, Options.DictionaryBytesMax) || _table.Firsts.Length == entries)
        {
            return;
        }

        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = merged[codes[i]];
        }

        // A first is at or behind its new place, so nothing is overwritten before it is moved.
        ReadOnlySpan<int> firsts = _table.Firsts;
        Span<int> starts = _entryStarts.Span(entries);
        Span<int> ends = _entryEnds.Span(entries);
        for (int i = 0; i < firsts.Length; i++)
        {
            starts[i] = starts[firsts[i]];
            ends[i] = ends[firsts[i]];
        }

        entries = firsts.Length;
    }

    private bool TakeDictionaryIfSmaller(int count, int values, long directBytes)
    {
        if (count == 0)
        {
            return false;
        }

        DictionaryCount = count;
        BytesValues entries = Entries;
        long bytes = entries.TotalBytes() + (sizeof(int) * (long)count);

        long lengthBytes = Encoding == PageEncoding.Plain ? (long)sizeof(int) * values : values / 8;

        // One entry takes a bit too: a width of 0 is legal, and some readers stumble over it.
        _width = Math.Max(1, BitPacker.WidthOf((ulong)count - 1));
        if (bytes > Options.DictionaryBytesMax || bytes + BitPacker.BytesFor(values, _width) >= directBytes + lengthBytes + sizeof(int))
        {
            DictionaryCount = 0;
            return false;
        }

        HasDictionary = true;
        Encoding = PageEncoding.RleDictionary;
        _seenInPage.Span(count).Fill(-1);
        WritePlain(entries, Dictionary);
        return true;
    }

    private static void WritePlain(BytesValues values, OutputBuffer output)
    {
        for (int i = 0; i < values.Count; i++)
        {
            ReadOnlySpan<byte> value = values[i];
            Span<byte> room = output.Reserve(sizeof(int) + value.Length);
            BinaryPrimitives.WriteInt32LittleEndian(room, value.Length);
            value.CopyTo(room[sizeof(int)..]);
            output.Advance(sizeof(int) + value.Length);
        }
    }

    private static bool IsDictionaryLikely(BytesValues values)
    {
        int samples = Math.Min(Sample.ValuesMax, values.Count);
        Span<ulong> hashes = stackalloc ulong[Sample.ValuesMax];
        for (int i = 0; i < samples; i++)
        {
            hashes[i] = BytesHash.Of(values[Sample.IndexOf(i, samples, values.Count)]);
        }

        return Sample.CountDistinct(hashes[..samples]) <= samples / 2;
    }
}
