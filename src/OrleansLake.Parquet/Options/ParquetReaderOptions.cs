namespace OrleansLake.Parquet;

/// <summary>The options of a <see cref="ParquetReader"/>.</summary>
public sealed record ParquetReaderOptions
{
    /// <summary>
    /// Gets the most bytes that reading one column of one row group may take, so that a file that lies about its sizes does
    /// no harm. Null: 256 MiB and 1,024 times the file's length.
    /// </summary>
    public long? ColumnBytesMax { get; init; }

    /// <summary>Gets a value indicating whether the CRC-32 of a page is checked where the page carries one.</summary>
    public bool VerifyChecksums { get; init; } = true;

    /// <summary>
    /// Gets a value indicating whether text is checked to be valid UTF-8, value by value; a column that is not is damaged. If false, text is given as
    /// the bytes that the file has, for callers that can do with any.
    /// </summary>
    public bool VerifyText { get; init; } = true;
}
