using System.Buffers;
using OrleansLake.Parquet.Internal.Compression;
using OrleansLake.Parquet.Internal.Encodings;
using OrleansLake.Parquet.Internal.Format;

namespace OrleansLake.Parquet.Internal.Reading;

/// <summary>
/// Goes through the pages of one column chunk: checks, decompresses and takes the levels off. The bytes of the chunk
/// and of the current page are in arrays of the shared pool until it is disposed.
/// </summary>
internal sealed class ChunkReader : IDisposable
{
    private readonly ColumnChunkFacts _chunk;
    private readonly Leaf _leaf;
    private readonly bool _verify;
    private readonly int _rowCount;
    private readonly IReadOnlyList<PageFacts>? _pages;
    private readonly List<(long Offset, int Bytes)> _segments = [];
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Scratch<byte> _page = new();
    private byte[]? _rented;
    private int _at;
    private int _pageStart;
    private int _pagesRead;
    private long _rowsLeft;

    /// <summary>Reads a chunk's bytes, or those of some of its data pages and of what stands before the first.</summary>
    /// <param name="source">The file.</param>
    /// <param name="chunk">What the footer says.</param>
    /// <param name="leaf">What the schema says.</param>
    /// <param name="budget">What may be taken in memory.</param>
    /// <param name="verify">Whether checksums are.</param>
    /// <param name="selection">The pages that are wanted, or null for all.</param>
    public ChunkReader(
        ByteSource source, ColumnChunkFacts chunk, Leaf leaf, ReadBudget budget, bool verify, PageSelection? selection)
    {
        _chunk = chunk;
        _leaf = leaf;
        _verify = verify;
        IReadOnlyList<PageFacts>? pages = selection?.Pages;
        _pages = pages;
        _rowCount = (int)chunk.ValueCount;
        Budget = budget;
        if (pages is not null)
        {
            _rowCount = 0;
            foreach (PageFacts page in pages)
            {
                _rowCount += page.Rows.Count;
            }
        }

        _rowsLeft = _rowCount;
        if (_rowCount == 0)
        {
            return;
        }

        budget.Check(chunk.CompressedBytes);
        if (chunk.CompressedBytes > Array.MaxLength)
        {
            throw new ParquetException(ParquetErrorKind.LimitExceeded, "The column takes more than 2 GiB in one row group.");
        }

        AddSegment(chunk.Start, (int)(pages is null ? chunk.CompressedBytes : selection!.FirstPage - chunk.Start));
        foreach (PageFacts page in pages ?? [])
        {
            AddSegment(page.Offset, page.CompressedBytes);
        }

        int count = 0;
        foreach ((_, int bytes) in _segments)
        {
            count += bytes;
        }

        if (_segments.Count == 1 && source.TrySlice(_segments[0].Offset, count, out _bytes))
        {
            return;
        }

        _rented = ArrayPool<byte>.Shared.Rent(count);
        int at = 0;
        foreach ((long offset, int bytes) in _segments)
        {
            source.Read(offset, _rented.AsSpan(at, bytes));
            at += bytes;
        }

        _bytes = _rented.AsMemory(0, count);
    }

    public Leaf Leaf => _leaf;

    public ReadBudget Budget { get; }

    /// <summary>Where the current page starts in the file.</summary>
    public long PageOffset
    {
        get
        {
            int at = _pageStart;
            foreach ((long offset, int bytes) in _segments)
            {
                if (at < bytes)
                {
                    return offset + at;
                }

                at -= bytes;
            }

            return _chunk.Start + _pageStart;
        }
    }

    /// <summary>How many rows there are to read, as the metadata has it.</summary>
    public long RowCount => _rowCount;

    /// <summary>Rows that a buffer may be sized for at once: all, unless their number is out of proportion.</summary>
    public int RowsToReserve => (int)Math.Min(RowCount, (64L * _bytes.Length) + (1 << 16));

    /// <summary>Bytes of values that a buffer may be sized for at once: what the metadata says, unless out of proportion.</summary>
    public int BytesToReserve => (int)Math.Clamp(Math.Min(_chunk.UncompressedBytes, 4L * _bytes.Length), 0, Array.MaxLength);

    /// <summary>
    /// The dictionary, if the chunk starts with one: its number of values and their PLAIN bytes, valid until the next
    /// page is read.
    /// </summary>
    public bool TryReadDictionary(out int count, out ReadOnlySpan<byte> values)
    {
        count = 0;
        values = default;
        while (_rowsLeft > 0)
        {
            int back = _at;
            PageHeader header = ReadHeader(out ReadOnlySpan<byte> body);
            if (header.Type == PageHeader.DictionaryPage)
            {
                if (header.Encoding is not (PageEncoding.Plain or PageEncoding.PlainDictionary))
                {
                    throw ParquetException.Unsupported($"A dictionary is encoded as {header.Encoding}.");
                }

                count = header.ValueCount;
                values = Decompress(body, header.UncompressedBytes, isCompressed: true);
                return true;
            }

            if (header.Type is PageHeader.DataPage or PageHeader.DataPageV2)
            {
                _at = back;
                return false;
            }
        }

        return false;
    }

    /// <summary>Reads the next data page, whose validity goes into the buffer; false after the last one.</summary>
    public bool TryReadPage(ColumnBuffer into, out Page page)
    {
        page = default;
        while (_rowsLeft > 0)
        {
            PageHeader header = ReadHeader(out ReadOnlySpan<byte> body);
            if (header.Type is PageHeader.DataPage or PageHeader.DataPageV2)
            {
                if (header.ValueCount > _rowsLeft)
                {
                    throw ParquetException.Corrupt($"A page has {header.ValueCount} values where {_rowsLeft} are left.");
                }

                if (header.ValueCount == 0)
                {
                    continue;
                }

                if (_pages is not null && header.ValueCount != _pages[_pagesRead++].Rows.Count)
                {
                    throw ParquetException.Corrupt($"A page has {header.ValueCount} values, and another number in the page index.");
                }

                Budget.Check(into.BytesFor(header.ValueCount) + (header.ValueCount / 8));
                into.Reserve(header.ValueCount);
                page = header.Type == PageHeader.DataPage ? ReadV1(header, body, into) : ReadV2(header, body, into);
                _rowsLeft -= page.Rows;
                return true;
            }

            if (header.Type == PageHeader.DictionaryPage)
            {
                throw ParquetException.Corrupt("A dictionary stands behind data pages.");
            }
        }

        return false;
    }

    public void Dispose()
    {
        _page.Dispose();
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }
    }

    // Neighbours become one, so that they are read at once.
    private void AddSegment(long offset, int bytes)
    {
        if (_segments.Count != 0 && _segments[^1].Offset + _segments[^1].Bytes == offset)
        {
            _segments[^1] = (_segments[^1].Offset, _segments[^1].Bytes + bytes);
        }
        else if (bytes > 0)
        {
            _segments.Add((offset, bytes));
        }
    }

    private Page ReadV1(PageHeader header, ReadOnlySpan<byte> body, ColumnBuffer into)
    {
        ReadOnlySpan<byte> bytes = Decompress(body, header.UncompressedBytes, isCompressed: true);
        int nulls = 0;
        if (_leaf.IsOptional)
        {
            if (header.DefinitionEncoding != PageEncoding.Rle)
            {
                throw ParquetException.Unsupported($"A page's definition levels are encoded as {header.DefinitionEncoding}.");
            }

            int length = bytes.Length < 4 ? -1 : System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(bytes);
            if (length < 0 || length > bytes.Length - 4)
            {
                throw ParquetException.Corrupt("A page's definition levels end too early.");
            }

            nulls = LevelDecoder.Decode(
                bytes.Slice(4, length), into.ReserveValidity(into.Count + header.ValueCount), into.Count, header.ValueCount);
            bytes = bytes[(4 + length)..];
        }

        return new Page { Rows = header.ValueCount, Nulls = nulls, Encoding = header.Encoding, Values = bytes };
    }

    private Page ReadV2(PageHeader header, ReadOnlySpan<byte> body, ColumnBuffer into)
    {
        long levels = (long)header.DefinitionBytes + header.RepetitionBytes;
        if (header.DefinitionBytes < 0 || header.RepetitionBytes != 0 || levels > body.Length || levels > header.UncompressedBytes)
        {
            throw ParquetException.Corrupt("A page's levels are not within the page.");
        }

        int nulls = 0;
        if (_leaf.IsOptional && header.DefinitionBytes != 0)
        {
            nulls = LevelDecoder.Decode(
                body[..header.DefinitionBytes], into.ReserveValidity(into.Count + header.ValueCount), into.Count, header.ValueCount);
        }
        else if (_leaf.IsOptional)
        {
            LevelDecoder.Fill(into.ReserveValidity(into.Count + header.ValueCount), into.Count, header.ValueCount, true);
        }

        if (nulls != header.NullCount)
        {
            throw ParquetException.Corrupt($"A page has {nulls} nulls where its header says {header.NullCount}.");
        }

        ReadOnlySpan<byte> values = Decompress(
            body[(int)levels..], header.UncompressedBytes - (int)levels, header.IsCompressed);
        return new Page { Rows = header.ValueCount, Nulls = nulls, Encoding = header.Encoding, Values = values };
    }

    private PageHeader ReadHeader(out ReadOnlySpan<byte> body)
    {
        _pageStart = _at;
        ReadOnlySpan<byte> rest = _bytes.Span[_at..];
        if (rest.IsEmpty)
        {
            throw ParquetException.Corrupt($"The column's pages end {_rowsLeft} values too early.");
        }

        var reader = new ThriftReader(rest);
        PageHeader header = PageHeader.Read(ref reader);
        rest = rest[reader.Position..];
        if (header.CompressedBytes > rest.Length)
        {
            throw ParquetException.Corrupt($"A page of {header.CompressedBytes} bytes is longer than its column.");
        }

        body = rest[..header.CompressedBytes];
        _at += reader.Position + header.CompressedBytes;
        if (_verify && header.Crc is { } crc && (uint)crc != Crc32.Compute(body))
        {
            throw ParquetException.Corrupt("A page's checksum (CRC-32) does not match its bytes.");
        }

        return header;
    }

    private ReadOnlySpan<byte> Decompress(ReadOnlySpan<byte> body, int length, bool isCompressed)
    {
        if (!isCompressed || _chunk.Codec == Codec.None)
        {
            return body.Length == length ? body : throw ParquetException.Corrupt("A page that is not compressed has two different sizes.");
        }

        if (length == 0)
        {
            // Some writers store nothing at all for a page without values.
            return default;
        }

        Budget.Check(length);
        Span<byte> bytes = _page.Span(length);
        Decompressor.Decompress(_chunk.Codec, body, bytes);
        return bytes;
    }
}
