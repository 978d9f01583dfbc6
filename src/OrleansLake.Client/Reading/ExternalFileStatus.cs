namespace OrleansLake.Client;

/// <summary>
/// A Parquet file that another program put into bronze, that was ingested, and that is not what it was: its rows stay in the
/// lake, and `lake bronze accept` settles it.
/// </summary>
/// <param name="Path">Its path from the lake's root.</param>
/// <param name="State"><c>gone</c>, <c>changed</c>, <c>renamed</c> or <c>unreadable</c>.</param>
/// <param name="Rows">The number of its rows in the lake.</param>
/// <param name="RenamedTo">Where its bytes are now, if it was renamed; else null.</param>
public sealed record ExternalFileStatus(string Path, string State, long Rows, string? RenamedTo = null);
