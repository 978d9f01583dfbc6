using OrleansLake.Parquet.Metadata;

namespace OrleansLake.Parquet;

/// <summary>The metadata of one column chunk, from the file's footer. Offsets and sizes are in bytes.</summary>
public sealed record ColumnChunkMetadata
{
    /// <summary>Gets the column's path; parts of a nested one are joined by dots.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the physical type of the values.</summary>
    public required PhysicalType StoredAs { get; init; }

    /// <summary>Gets the column as it can be read; null if it cannot (a nested one, a decimal).</summary>
    public ParquetField? Field { get; internal init; }

    /// <summary>Gets the encodings of pages and levels.</summary>
    public required IReadOnlyList<PageEncoding> Encodings { get; init; }

    /// <summary>Gets the codec of the pages.</summary>
    public required Codec Codec { get; init; }

    /// <summary>Gets the number of values, nulls included.</summary>
    public required long ValueCount { get; init; }

    /// <summary>Gets the size of all pages with their headers, before compression.</summary>
    public required long UncompressedBytes { get; init; }

    /// <summary>Gets the size of all pages with their headers in the file.</summary>
    public required long CompressedBytes { get; init; }

    /// <summary>Gets the offset at which the first data page starts.</summary>
    public required long DataPageOffset { get; init; }

    /// <summary>Gets the offset at which the dictionary starts, if there is one.</summary>
    public long? DictionaryPageOffset { get; init; }

    /// <summary>Gets the offset at which the bloom filter starts, if there is one.</summary>
    public long? BloomFilterOffset { get; init; }

    /// <summary>Gets the offset at which the column index (bounds of the pages) starts, if there is one.</summary>
    public long? ColumnIndexOffset { get; init; }

    /// <summary>Gets the offset at which the offset index (places of the pages) starts, if there is one.</summary>
    public long? OffsetIndexOffset { get; init; }

    /// <summary>Gets what is known about the values.</summary>
    public ColumnStatistics? Statistics { get; init; }

    /// <summary>Gets a value indicating whether this column is encrypted.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>Gets the lower bound as text, or null if there is none.</summary>
    public string? MinText => Statistics?.Min is { } min ? BoundText.Format(this, min.Span) : null;

    /// <summary>Gets the upper bound as text, or null if there is none.</summary>
    public string? MaxText => Statistics?.Max is { } max ? BoundText.Format(this, max.Span) : null;

    internal TimestampUnit Unit { get; init; }

    internal int ColumnIndexBytes { get; init; }

    internal int OffsetIndexBytes { get; init; }

    /// <summary>Gets the offset at which the first page starts.</summary>
    internal long Start => Math.Min(DataPageOffset, DictionaryPageOffset ?? long.MaxValue);
}
