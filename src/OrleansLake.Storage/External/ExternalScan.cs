using OrleansLake.Storage.Registries;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.External;

/// <summary>A scan of external bronze files, compared with the registry.</summary>
/// <param name="New">Files that were not ingested or refused yet, in order of modification time and name.</param>
/// <param name="Faults">Files that were ingested and are not what they were, in the order of ingestion. Their rows are in the lake.</param>
/// <param name="LeftOut">What is not taken: links, pipes, names that are not UTF-8, and what may not be read and was not ingested.</param>
internal sealed record ExternalScan(IReadOnlyList<FileEntry> New, IReadOnlyList<ExternalFault> Faults, IReadOnlyList<LeftOutEntry> LeftOut)
{
    /// <summary>Gets the files that add no rows, because their bytes stand for a file that was accepted to be gone or changed.</summary>
    public IReadOnlyList<KnownExternalFiles> Known { get; init; } = [];

    /// <summary>Gets the refusals that hold: of files that are what they were when they were refused.</summary>
    public IReadOnlyList<ExternalFileEntry> Refused { get; init; } = [];

    /// <summary>Gets the refusals that no longer hold: the file is gone, or holds bytes that were ingested before.</summary>
    public IReadOnlyList<ExternalFileEntry> StaleRefusals { get; init; } = [];

    /// <summary>Returns files in the order in which they are ingested.</summary>
    public static IReadOnlyList<FileEntry> InOrder(IEnumerable<FileEntry> files) =>
        [.. files.OrderBy(static file => file.ModifiedUtcTicks).ThenBy(static file => file.Path, StringComparer.Ordinal)];
}
