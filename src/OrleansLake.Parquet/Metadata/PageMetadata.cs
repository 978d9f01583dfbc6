namespace OrleansLake.Parquet.Metadata;

/// <summary>The metadata of a data page, from the file's page index.</summary>
/// <param name="Offset">The offset of the page, in bytes from the file's start.</param>
/// <param name="CompressedBytes">Its size with its header.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Statistics">What is known about its values; null if the file has no column index.</param>
internal sealed record PageMetadata(long Offset, int CompressedBytes, RowRange Rows, ColumnStatistics? Statistics);
