namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>A column chunk that was written, as the footer describes it.</summary>
internal sealed record ChunkRecord(
    Codec Codec,
    PageEncoding Encoding,
    int RowCount,
    int NullCount,
    long UncompressedBytes,
    int CompressedBytes,
    int PageCount,
    long Offset,
    int DictionaryPageBytes,
    byte[]? Min,
    bool IsMinExact,
    byte[]? Max,
    bool IsMaxExact,
    long? DistinctCount)
{
    /// <summary>Gets or sets the ranges of the writer's buffers of indexes; empty if there is none.</summary>
    public Range ColumnIndex { get; set; }

    public Range BloomFilter { get; set; }

    public Range OffsetIndex { get; set; }
}
