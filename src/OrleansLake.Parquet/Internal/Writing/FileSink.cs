using System.Buffers.Binary;

namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>
/// The file as it grows: column chunks, then bloom filters, indexes and the footer, which are collected until the end.
/// For one caller at a time.
/// </summary>
internal sealed class FileSink(Stream destination, ParquetSchema schema, ParquetWriterOptions options) : IDisposable
{
    private readonly OutputBuffer _bloomFilters = new();
    private readonly OutputBuffer _columnIndexes = new();
    private readonly OutputBuffer _offsetIndexes = new();
    private long _position;

    /// <summary>Gets the number of bytes that were written so far; may be asked by any thread.</summary>
    public long Position => Volatile.Read(ref _position);

    public void Begin() => Write("PAR1"u8);

    /// <summary>Writes a column chunk and says what the footer will.</summary>
    public ChunkRecord Write(ChunkEncoder chunk)
    {
        Span<byte> bound = stackalloc byte[256];
        bound = bound.Length < options.BoundBytesMax ? new byte[options.BoundBytesMax] : bound;
        byte[]? min = chunk.TryGetMin(bound, out int length, out bool isMinExact) ? bound[..length].ToArray() : null;
        byte[]? max = chunk.TryGetMax(bound, out length, out bool isMaxExact) ? bound[..length].ToArray() : null;
        var record = new ChunkRecord(
            chunk.Codec, chunk.Encoding, chunk.RowCount, chunk.NullCount, chunk.UncompressedBytes, chunk.Output.Length,
            chunk.Pages.Count, _position, chunk.DictionaryPageBytes, min, isMinExact, max, isMaxExact, chunk.DistinctCount);
        if (chunk.BloomFilter.Length != 0)
        {
            int from = _bloomFilters.Length;
            _bloomFilters.Write(chunk.BloomFilter.Written);
            record.BloomFilter = from.._bloomFilters.Length;
        }

        if (options.HasPageIndex)
        {
            int start = _offsetIndexes.Length;
            PageIndexWriter.WriteOffsetIndex(chunk, _position, _offsetIndexes);
            record.OffsetIndex = start.._offsetIndexes.Length;
            if (chunk.HasAllBounds)
            {
                start = _columnIndexes.Length;
                PageIndexWriter.WriteColumnIndex(chunk, _columnIndexes);
                record.ColumnIndex = start.._columnIndexes.Length;
            }
        }

        chunk.Output.WriteTo(destination);
        Volatile.Write(ref _position, _position + chunk.Output.Length);
        return record;
    }

    /// <summary>Writes what follows the row groups.</summary>
    public void Finish(IReadOnlyList<ChunkRecord[]> rowGroups)
    {
        long bloomFilters = _position;
        Write(_bloomFilters.Written);
        long columnIndexes = _position;
        Write(_columnIndexes.Written);
        long offsetIndexes = _position;
        Write(_offsetIndexes.Written);
        using var footer = new OutputBuffer();
        new FooterWriter(schema, options, rowGroups, bloomFilters, columnIndexes, offsetIndexes, footer).Write();
        BinaryPrimitives.WriteInt32LittleEndian(footer.Reserve(sizeof(int)), footer.Length);
        footer.Advance(sizeof(int));
        footer.Write("PAR1"u8);
        Write(footer.Written);
    }

    public void Dispose()
    {
        _bloomFilters.Dispose();
        _columnIndexes.Dispose();
        _offsetIndexes.Dispose();
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        destination.Write(bytes);
        Volatile.Write(ref _position, _position + bytes.Length);
    }
}
