using System.Buffers;
using System.IO.Hashing;
using OrleansLake.Parquet.Internal.Compression;
using OrleansLake.Parquet.Internal.Encodings;
using OrleansLake.Parquet.Internal.Format;
using OrleansLake.Parquet.Metadata;

namespace OrleansLake.Parquet.Internal.Reading;

/// <summary>
/// Goes through the pages of one column chunk: checks, decompresses and takes the levels off. A file is read a window at
/// a time, which holds a page at least; the window and the current page are in arrays of the shared pool until it is
/// disposed.
/// </summary>
internal sealed class ChunkReader : IDisposable
{
    // What a core's own cache holds, so that a page is still there when it is decoded; also more than a page's header
    // has, as long as its statistics are of a sensible length.
    private const int WindowBytes = 256 << 10;
    private const int HeaderBytes = 16 << 10;

    private readonly ByteSource _source;
    private readonly ColumnChunkMetadata _chunk;
    private readonly Leaf _leaf;
    private readonly bool _verify;
    private readonly bool _verifiesText;
    private readonly int _rowCount;
    private readonly IReadOnlyList<PageMetadata>? _pages;
    private readonly List<(long Offset, int Bytes)> _segments = [];
    private readonly int _length;
    private readonly Scratch<byte> _page = new();
    private ReadOnlyMemory<byte> _window;
    private byte[] _rented = [];
    private int _windowStart;
    private int _at;
    private int _pageStart;
    private int _pagesRead;
    private long _rowsLeft;

    /// <summary>Reads a chunk's bytes, or those of some of its data pages and of what precedes the first.</summary>
    /// <param name="source">The file.</param>
    /// <param name="chunk">What the footer says.</param>
    /// <param name="leaf">What the schema says.</param>
    /// <param name="budget">The memory that may be used.</param>
    /// <param name="options">What is verified.</param>
    /// <param name="selection">The pages that are wanted, or null for all.</param>
    public ChunkReader(
        ByteSource source, ColumnChunkMetadata chunk, Leaf leaf, ReadBudget budget, ParquetReaderOptions options, PageSelection? selection)
    {
        _source = source;
        _chunk = chunk;
        _leaf = leaf;
        _verify = options.VerifyChecksums;
        _verifiesText = options.VerifyText && leaf.Field?.Type == ParquetType.String;
        IReadOnlyList<PageMetadata>? pages = selection?.Pages;
        _pages = pages;
        _rowCount = (int)chunk.ValueCount;
        Budget = budget;
        if (pages is not null)
        {
            _rowCount = 0;
            foreach (PageMetadata page in pages)
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
        foreach (PageMetadata page in pages ?? [])
        {
            AddSegment(page.Offset, page.CompressedBytes);
        }

        foreach ((_, int bytes) in _segments)
        {
            _length += bytes;
        }

        if (_segments.Count == 1)
        {
            source.TrySlice(_segments[0].Offset, _length, out _window);
        }
    }

    public Leaf Leaf => _leaf;

    public ReadBudget Budget { get; }

    /// <summary>Gets a value indicating whether values are taken as they are stored: text need not be text, and an instant out of
    /// range is the nearest.</summary>
    public bool IsStored { get; init; }

    /// <summary>Gets a value indicating whether the values are to be valid UTF-8.</summary>
    public bool VerifiesText => _verifiesText && !IsStored;

    /// <summary>Gets the offset at which the current page starts in the file.</summary>
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

    /// <summary>Gets the number of rows to read, from the metadata.</summary>
    public long RowCount => _rowCount;

    /// <summary>Gets the number of rows that a buffer may be sized for at once: all, unless their number is out of proportion.</summary>
    public int RowsToReserve => (int)Math.Min(RowCount, (64L * _length) + (1 << 16));

    /// <summary>Gets the number of bytes of values that a buffer may be sized for at once: what the metadata says, unless out of
    /// proportion.</summary>
    public int BytesToReserve => (int)Math.Clamp(Math.Min(_chunk.UncompressedBytes, 4L * _length), 0, Array.MaxLength);

    /// <summary>
    /// Returns the dictionary, if the chunk starts with one: its number of values and their PLAIN bytes, valid until the next
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

                Budget.Check(into.BytesFor(header.ValueCount) + (header.ValueCount / 8) + (_leaf.DefinitionMax > 1 ? into.Count + header.ValueCount : 0) + (_leaf.IsRepeated ? into.Count + header.ValueCount : 0));
                into.Reserve(header.ValueCount);
                page = header.Type == PageHeader.DataPage ? ReadV1(header, body, into) : ReadV2(header, body, into);
                _rowsLeft -= page.Rows;
                return true;
            }

            if (header.Type == PageHeader.DictionaryPage)
            {
                throw ParquetException.Corrupt("A dictionary comes after data pages.");
            }
        }

        return false;
    }

    public void Dispose()
    {
        _page.Dispose();
        _window = default;
        if (_rented.Length != 0)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = [];
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
        if (_leaf.IsRepeated)
        {
            LevelDecoder.DecodeRepetitions(LevelDecoder.Cut(ref bytes, header.RepetitionEncoding), _leaf.RepetitionMax, into, header.ValueCount);
        }

        if (_leaf.DefinitionMax > 0)
        {
            nulls = LevelDecoder.Decode(LevelDecoder.Cut(ref bytes, header.DefinitionEncoding), _leaf.DefinitionMax, into, header.ValueCount);
        }

        return new Page { Rows = header.ValueCount, Nulls = nulls, Encoding = header.Encoding, Values = bytes };
    }

    private Page ReadV2(PageHeader header, ReadOnlySpan<byte> body, ColumnBuffer into)
    {
        long levels = (long)header.DefinitionBytes + header.RepetitionBytes;
        if (header.DefinitionBytes < 0 || header.RepetitionBytes < 0 || (header.RepetitionBytes != 0 && !_leaf.IsRepeated) || levels > body.Length || levels > header.UncompressedBytes)
        {
            throw ParquetException.Corrupt("A page's levels are not within the page.");
        }

        int nulls = 0;
        if (_leaf.IsRepeated)
        {
            LevelDecoder.DecodeRepetitions(body[..header.RepetitionBytes], _leaf.RepetitionMax, into, header.ValueCount);
        }

        if (_leaf.DefinitionMax > 0 && header.DefinitionBytes != 0)
        {
            nulls = LevelDecoder.Decode(body.Slice(header.RepetitionBytes, header.DefinitionBytes), _leaf.DefinitionMax, into, header.ValueCount);
        }
        else if (_leaf.DefinitionMax > 0)
        {
            LevelDecoder.FillValid(_leaf.DefinitionMax, into, header.ValueCount);
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
        int left = _length - _at;
        if (left == 0)
        {
            throw ParquetException.Corrupt($"The column's pages end {_rowsLeft} values too early.");
        }

        if (!TryParseHeader(Window(Math.Min(left, HeaderBytes)), left, out PageHeader header, out int headerBytes))
        {
            TryParseHeader(Window(left), left, out header, out headerBytes);
        }

        left -= headerBytes;
        if (header.CompressedBytes > left)
        {
            throw ParquetException.Corrupt($"A page of {header.CompressedBytes} bytes is longer than its column.");
        }

        body = Window(headerBytes + header.CompressedBytes).Slice(headerBytes, header.CompressedBytes);
        _at += headerBytes + header.CompressedBytes;
        if (_verify && header.Crc is { } crc && (uint)crc != Crc32.HashToUInt32(body))
        {
            throw ParquetException.Corrupt("A page's checksum (CRC-32) does not match its bytes.");
        }

        return header;
    }

    // A header that ends too early is one only if nothing is left to read of it.
    private static bool TryParseHeader(ReadOnlySpan<byte> bytes, int left, out PageHeader header, out int headerBytes)
    {
        try
        {
            var reader = new ThriftReader(bytes);
            header = PageHeader.Read(ref reader);
            headerBytes = reader.Position;
            return true;
        }
        catch (ParquetException) when (bytes.Length < left)
        {
            header = default;
            headerBytes = 0;
            return false;
        }
    }

    // The bytes from the current place on, so many at least. What a window held before is void.
    private ReadOnlySpan<byte> Window(int count)
    {
        int from = _at - _windowStart;
        if (count > _window.Length - from)
        {
            ReadOnlySpan<byte> kept = _window.Span[Math.Min(from, _window.Length)..];
            int length = Math.Min(_length - _at, Math.Max(count, WindowBytes));
            byte[] before = _rented;
            if (length > _rented.Length)
            {
                _rented = ArrayPool<byte>.Shared.Rent(length);
            }

            kept.CopyTo(_rented);
            ReadSource(_at + kept.Length, _rented.AsSpan(kept.Length, length - kept.Length));
            if (before.Length != 0 && before != _rented)
            {
                ArrayPool<byte>.Shared.Return(before);
            }

            _window = _rented.AsMemory(0, length);
            _windowStart = _at;
            from = 0;
        }

        return _window.Span[from..];
    }

    private void ReadSource(int at, Span<byte> into)
    {
        foreach ((long offset, int bytes) in _segments)
        {
            if (at < bytes && !into.IsEmpty)
            {
                int count = Math.Min(bytes - at, into.Length);
                _source.Read(offset + at, into[..count]);
                into = into[count..];
                at = bytes;
            }

            at -= bytes;
        }
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
