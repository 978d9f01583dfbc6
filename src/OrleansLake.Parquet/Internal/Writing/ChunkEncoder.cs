using System.Buffers.Binary;
using System.IO.Hashing;
using OrleansLake.Parquet.Internal.Compression;
using OrleansLake.Parquet.Internal.Encodings;
using OrleansLake.Parquet.Internal.Format;

namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>
/// Encodes one column of one row group at a time: levels, values, pages, bounds. What it made is in its buffers
/// until the next row group; each column under way has an encoder of its own, so they work in parallel and the bytes do
/// not depend on how.
/// </summary>
internal abstract class ChunkEncoder : IDisposable
{
    // A column that loses less than a twentieth is not worth decompressing every time it is read.
    private const double WorthwhileRatio = 0.95;

    private readonly ParquetWriterOptions _options;
    private readonly OutputBuffer _page = new();
    private readonly OutputBuffer _compressed = new();
    private readonly OutputBuffer _compressedDictionary = new();
    private readonly OutputBuffer _header = new();
    private readonly ThriftWriter _headers;
    private readonly bool _hasBloomFilter;
    private readonly Crc32 _checksum = new();

    private protected ChunkEncoder(ParquetField field, ParquetWriterOptions options)
    {
        Field = field;
        _options = options;
        _hasBloomFilter = options.BloomFilterColumns.Contains(field.Name);
        _headers = new ThriftWriter(_header);
    }

    public ParquetField Field { get; }

    /// <summary>Gets all pages, the dictionary first.</summary>
    public ChunkOutput Output { get; } = new();

    public List<PageEntry> Pages { get; } = [];

    /// <summary>Gets the bytes that the pages' bounds are ranges of.</summary>
    public OutputBuffer Bounds { get; } = new();

    /// <summary>Gets the bloom filter with its header; empty if none was asked for.</summary>
    public OutputBuffer BloomFilter { get; } = new();

    /// <summary>Gets the number of distinct values, where encoding has counted them.</summary>
    public virtual long? DistinctCount => null;

    public Codec Codec { get; private set; }

    public int RowCount { get; private set; }

    public int NullCount { get; private set; }

    public long UncompressedBytes { get; private set; }

    /// <summary>Gets the size of the dictionary page with its header, 0 if there is none.</summary>
    public int DictionaryPageBytes { get; private set; }

    public bool HasDictionary { get; private protected set; }

    /// <summary>Gets the encoding of the data pages' values.</summary>
    public PageEncoding Encoding { get; private protected set; }

    /// <summary>Gets a value indicating whether every page that holds a value has bounds, which the column index demands.</summary>
    public bool HasAllBounds { get; private set; }

    private protected ParquetWriterOptions Options => _options;

    /// <summary>Gets the dictionary's entries in PLAIN encoding, if there is one.</summary>
    private protected OutputBuffer Dictionary { get; } = new();

    private protected int DictionaryCount { get; set; }

    /// <summary>Encodes rows of a column.</summary>
    public void Encode(ColumnData data, int start, int count)
    {
        ReadOnlySpan<ulong> validity = data.Validity.Span;
        int values = validity.IsEmpty ? count : ColumnData.CountValid(validity, start, count);
        if (Field.IsRequired && values != count)
        {
            throw new ArgumentException($"Column '{Field.Name}' is required and has nulls.", nameof(data));
        }

        Output.Clear();
        Pages.Clear();
        Bounds.Clear();
        Dictionary.Clear();
        BloomFilter.Clear();
        RowCount = count;
        NullCount = count - values;
        UncompressedBytes = 0;
        DictionaryPageBytes = 0;
        DictionaryCount = 0;
        HasDictionary = false;
        HasAllBounds = true;
        Begin(data, start, count, values);
        int value = 0;
        for (int row = 0; row < count;)
        {
            int rows = Math.Min(_options.PageRowsMax, count - row);
            int pageValues = CountValues(validity, start + row, rows);
            long bytes = PageBytes(value, pageValues);
            while (bytes > _options.PageBytesMax && rows > 1)
            {
                rows = (int)Math.Max(1, (long)rows * _options.PageBytesMax / bytes);
                pageValues = CountValues(validity, start + row, rows);
                bytes = PageBytes(value, pageValues);
            }

            WriteDataPage(validity, start, row, rows, value, pageValues);
            row += rows;
            value += pageValues;
        }

        if (_hasBloomFilter)
        {
            int bytes = Pruning.BloomFilter.BytesFor(HasDictionary ? DictionaryCount : values, _options.BloomFilterFalsePositives);
            Pruning.BloomFilter.WriteHeader(bytes, BloomFilter);
            Span<byte> blocks = BloomFilter.Reserve(bytes)[..bytes];
            blocks.Clear();
            AddTo(blocks);
            BloomFilter.Advance(bytes);
        }

        End();
    }

    /// <summary>Returns the chunk's lowest value, cut to the options' length; false if there is none.</summary>
    public abstract bool TryGetMin(Span<byte> into, out int length, out bool isExact);

    /// <summary>Returns the chunk's greatest value, cut and rounded up to the options' length; false if there is none.</summary>
    public abstract bool TryGetMax(Span<byte> into, out int length, out bool isExact);

    /// <summary>Compares two bounds in the column's order.</summary>
    public abstract int CompareBounds(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b);

    public virtual void Dispose()
    {
        Output.Dispose();
        Bounds.Dispose();
        BloomFilter.Dispose();
        Dictionary.Dispose();
        _page.Dispose();
        _header.Dispose();
        _compressed.Dispose();
        _compressedDictionary.Dispose();
    }

    /// <summary>Takes the values that are not null, chooses the encoding, and fills the dictionary if it is one.</summary>
    private protected abstract void Begin(ColumnData data, int start, int count, int values);

    /// <summary>Releases the caller's arrays.</summary>
    private protected abstract void End();

    /// <summary>Returns about how many bytes values take in a page.</summary>
    private protected abstract long PageBytes(int start, int count);

    /// <summary>
    /// Writes values into a page, and returns those of the page's bytes that follow, if they may stay where the caller
    /// has them.
    /// </summary>
    private protected abstract ReadOnlyMemory<byte> WriteValues(int start, int count, OutputBuffer page, bool mayRefer);

    /// <summary>
    /// Appends the bounds of values, of which there is one at least, to <see cref="Bounds"/>, and widens the chunk's by
    /// them; false if they have none.
    /// </summary>
    private protected abstract bool TryAddBounds(int start, int count, out Range min, out Range max);

    /// <summary>Adds every distinct value once at least to the blocks of a bloom filter.</summary>
    private protected abstract void AddTo(Span<byte> blocks);

    private static int CountValues(ReadOnlySpan<ulong> validity, int start, int count) =>
        validity.IsEmpty ? count : ColumnData.CountValid(validity, start, count);

    private void WriteDataPage(ReadOnlySpan<ulong> validity, int start, int row, int rows, int value, int values)
    {
        _page.Clear();
        if (!Field.IsRequired)
        {
            _page.WriteInt32(0);
            HybridEncoder.EncodeLevels(validity, start + row, rows, rows - values, _page);
            BinaryPrimitives.WriteInt32LittleEndian(_page.Written, _page.Length - sizeof(int));
        }

        // The first page decides on the codec, so that one is always whole.
        bool isFirst = Pages.Count == 0;
        bool mayRefer = _options.Codec == Codec.None || (!isFirst && Codec == Codec.None);
        ReadOnlyMemory<byte> rest = WriteValues(value, values, _page, mayRefer);
        _compressed.Clear();
        if (isFirst)
        {
            ChooseCodec((double)RowCount / rows);
            WriteDictionaryPage();
        }
        else if (Codec != Codec.None)
        {
            Compressor.Compress(Codec, _page.Written, _compressed);
        }

        int offset = Output.Length;
        ReadOnlySpan<byte> body = Codec == Codec.None ? _page.Written : _compressed.Written;
        BeginHeader(PageHeader.DataPage, _page.Length, body, rest);
        _headers.BeginStruct(5);
        _headers.I32(1, rows);
        _headers.I32(2, (int)Encoding);
        _headers.I32(3, (int)PageEncoding.Rle);
        _headers.I32(4, (int)PageEncoding.Rle);
        _headers.EndStruct();
        _headers.EndStruct();
        EndPage(offset, _page.Length, body, rest);
        Range min = default;
        Range max = default;
        HasAllBounds &= values == 0 || TryAddBounds(value, values, out min, out max);
        Pages.Add(new PageEntry(offset, Output.Length - offset, row, rows - values, values == 0, min, max));
    }

    // Compresses the dictionary and the first page, and decides by them whether the chunk is worth it.
    private void ChooseCodec(double pages)
    {
        Codec = _options.Codec;
        _compressedDictionary.Clear();
        if (Codec == Codec.None)
        {
            return;
        }

        Compressor.Compress(Codec, _page.Written, _compressed);
        if (HasDictionary)
        {
            Compressor.Compress(Codec, Dictionary.Written, _compressedDictionary);
        }

        double before = (pages * _page.Length) + Dictionary.Length;
        double after = (pages * _compressed.Length) + _compressedDictionary.Length;
        if (after > before * WorthwhileRatio)
        {
            Codec = Codec.None;
        }
    }

    private void WriteDictionaryPage()
    {
        if (!HasDictionary)
        {
            return;
        }

        ReadOnlySpan<byte> body = Codec == Codec.None ? Dictionary.Written : _compressedDictionary.Written;
        BeginHeader(PageHeader.DictionaryPage, Dictionary.Length, body, default);
        _headers.BeginStruct(7);
        _headers.I32(1, DictionaryCount);
        _headers.I32(2, (int)PageEncoding.Plain);
        _headers.EndStruct();
        _headers.EndStruct();
        EndPage(0, Dictionary.Length, body, default);
        DictionaryPageBytes = Output.Length;
    }

    private void BeginHeader(int type, int uncompressed, ReadOnlySpan<byte> body, ReadOnlyMemory<byte> rest)
    {
        _header.Clear();
        _headers.BeginStruct();
        _headers.I32(1, type);
        _headers.I32(2, uncompressed + rest.Length);
        _headers.I32(3, body.Length + rest.Length);
        if (_options.HasPageChecksums)
        {
            _headers.I32(4, (int)Checksum(body, rest.Span));
        }
    }

    private uint Checksum(ReadOnlySpan<byte> body, ReadOnlySpan<byte> rest)
    {
        _checksum.Append(body);
        _checksum.Append(rest);
        uint checksum = _checksum.GetCurrentHashAsUInt32();
        _checksum.Reset();
        return checksum;
    }

    private void EndPage(int start, int uncompressed, ReadOnlySpan<byte> body, ReadOnlyMemory<byte> rest)
    {
        Output.Write(_header.Written);
        UncompressedBytes += Output.Length - start + uncompressed + rest.Length;
        Output.Write(body);
        if (!rest.IsEmpty)
        {
            Output.Refer(rest);
        }
    }
}
