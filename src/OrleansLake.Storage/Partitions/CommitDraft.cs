using OrleansLake.Core.State;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Snapshots;

namespace OrleansLake.Storage.Partitions;

/// <summary>The draft of a commit: what it is to publish. A commit that failed is tried again with the same draft before anything later.</summary>
internal sealed record CommitDraft
{
    /// <summary>Gets the place before which everything is in the files and the snapshot.</summary>
    public required LogPosition Applied { get; init; }

    /// <summary>Gets the counts as of <see cref="Applied"/>.</summary>
    public required Ledger Ledger { get; init; }

    /// <summary>Gets the files that get their names before the manifest.</summary>
    public IReadOnlyList<NewDataFile> Files { get; init; } = [];

    /// <summary>
    /// Gets the files that get their names after the manifest and after the removals, because files that are removed are in
    /// their way for readers by folder (a replay). None of their paths may be among the removed: replay as a new owner.
    /// </summary>
    public IReadOnlyList<NewDataFile> LinkedFiles { get; init; } = [];

    /// <summary>Gets the files that the lake no longer consists of; deleted after the manifest.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>Gets the files to delete after the manifest that the lake never named (another program's silver, at a replay).</summary>
    public IReadOnlyList<string> RemovedExternal { get; init; } = [];

    /// <summary>Gets the names of the reports' columns from now on; null: those of the manifest before.</summary>
    public IReadOnlyList<ReportNames>? Columns { get; init; }

    /// <summary>
    /// Gets the state as of <see cref="Applied"/>: all of it, or its changes since the manifest before (see
    /// <see cref="PartitionStore.NeedsSnapshotBase"/>). Null if nothing changed.
    /// </summary>
    public SnapshotDraft? Snapshot { get; init; }
}
