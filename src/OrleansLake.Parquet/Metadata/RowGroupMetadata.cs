namespace OrleansLake.Parquet;

/// <summary>The metadata of a row group, from the file's footer.</summary>
/// <param name="RowCount">The number of its rows.</param>
/// <param name="TotalBytes">The size of all its pages before compression.</param>
/// <param name="Columns">Its column chunks, nested and unreadable ones too, in the file's order.</param>
/// <param name="SortOrder">The order that its rows are in, as far as the writer recorded it.</param>
public sealed record RowGroupMetadata(
    long RowCount, long TotalBytes, IReadOnlyList<ColumnChunkMetadata> Columns, IReadOnlyList<SortingColumn> SortOrder);
