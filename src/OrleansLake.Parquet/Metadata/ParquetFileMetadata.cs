namespace OrleansLake.Parquet;

/// <summary>The metadata of a file, from its footer.</summary>
/// <param name="FileBytes">The file's size.</param>
/// <param name="Version">The format's version as the writer put it (1 or 2; it decides nothing).</param>
/// <param name="CreatedBy">The program that wrote the file, if it says so.</param>
/// <param name="RowCount">The number of rows.</param>
/// <param name="RowGroups">The row groups, in order.</param>
/// <param name="KeyValueMetadata">What the file says about itself; of a key that occurs twice the last.</param>
public sealed record ParquetFileMetadata(
    long FileBytes,
    int Version,
    string? CreatedBy,
    long RowCount,
    IReadOnlyList<RowGroupMetadata> RowGroups,
    IReadOnlyDictionary<string, string> KeyValueMetadata);
