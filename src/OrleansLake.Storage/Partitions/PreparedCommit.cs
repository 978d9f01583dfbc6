using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Partitions;

/// <summary>
/// A commit of which everything is written under temporary names, and which is published now; when that fails, the
/// same bytes are published again.
/// </summary>
/// <param name="Draft">What was asked for.</param>
/// <param name="Manifest">The manifest that makes it.</param>
/// <param name="Table">The files and counts after it.</param>
/// <param name="Moves">The files that get their names before the manifest.</param>
/// <param name="Expected">The length and checksum of each of these, in case it has its name already.</param>
/// <param name="StartsGeneration">Whether the lake starts empty again.</param>
internal sealed record PreparedCommit(
    CommitDraft Draft,
    Manifest Manifest,
    FileTable Table,
    IReadOnlyList<FileMove> Moves,
    IReadOnlyList<CompletedFile> Expected,
    bool StartsGeneration);
