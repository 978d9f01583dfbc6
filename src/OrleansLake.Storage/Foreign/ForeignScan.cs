namespace OrleansLake.Storage;

/// <summary>What other programs' bronze files are like, next to what the registry says.</summary>
/// <param name="New">Files that were not taken in or refused yet, in order of modification time and name.</param>
/// <param name="Missing">Paths that were taken in and are gone: damage.</param>
/// <param name="Changed">Paths that were taken in and hold other bytes now: damage.</param>
public sealed record ForeignScan(
    IReadOnlyList<FileEntry> New, IReadOnlyList<string> Missing, IReadOnlyList<string> Changed)
{
    /// <summary>Files in the order in which they are taken in.</summary>
    public static IReadOnlyList<FileEntry> InOrder(IEnumerable<FileEntry> files) =>
        [.. files.OrderBy(static file => file.ModifiedUtcTicks).ThenBy(static file => file.Path, StringComparer.Ordinal)];
}
