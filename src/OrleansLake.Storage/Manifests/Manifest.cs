using OrleansLake.Core.State;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Snapshots;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Manifests;

/// <summary>
/// One commit of a partition: what the lake consists of after it. Created only if its number does not exist; the
/// commit has happened then, and only then.
/// </summary>
public sealed record Manifest
{
    /// <summary>The newest version of the format that this version reads: that of manifests with names of columns.</summary>
    public const int NewestFormatVersion = 2;

    /// <summary>The version of the format that a manifest without names of columns has.</summary>
    public const int FirstFormatVersion = 1;

    /// <summary>Gets the version of the format.</summary>
    public int FormatVersion => Columns.Count > 0 ? NewestFormatVersion : FirstFormatVersion;

    /// <summary>Gets the partition.</summary>
    public required PartitionId Partition { get; init; }

    /// <summary>Gets the commit's number, from 1, dense. The newest is the highest.</summary>
    public required long Number { get; init; }

    /// <summary>Gets the owner that made the commit.</summary>
    public required Epoch Epoch { get; init; }

    /// <summary>Gets the generation, which goes up by one when the lake starts empty again. Offsets and numbers continue.</summary>
    public required long Generation { get; init; }

    /// <summary>Gets the place of the log before which everything is in the data files and the snapshot, and after which nothing is.</summary>
    public required LogPosition Applied { get; init; }

    /// <summary>Gets the log was durable at least to here.</summary>
    public required LogPosition Durable { get; init; }

    /// <summary>Gets the segments that are still read, in order. The last one is the owner's, and open.</summary>
    public required IReadOnlyList<LogSegment> Segments { get; init; }

    /// <summary>Gets the list of files (and of dates) that <see cref="Added"/> and <see cref="Removed"/> change; null for the empty list.</summary>
    public StateFile? BaseList { get; init; }

    /// <summary>Gets the files added since the base list.</summary>
    public IReadOnlyList<DataFile> Added { get; init; } = [];

    /// <summary>Gets the paths removed since the base list.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>Gets the counts in all.</summary>
    public LedgerCounts Total { get; init; }

    /// <summary>Gets the dates whose counts differ from the base list.</summary>
    public IReadOnlyList<LedgerDay> Days { get; init; } = [];

    /// <summary>Gets the state of deduplication and reports, as of <see cref="Applied"/>.</summary>
    public StateRoot Snapshot { get; init; } = StateRoot.Empty;

    /// <summary>Gets the registry, as of <see cref="Applied"/>.</summary>
    public StateRoot Registry { get; init; } = StateRoot.Empty;

    /// <summary>Gets the names of the reports' columns. Those of a lake are kept by its first partition.</summary>
    public IReadOnlyList<ReportNames> Columns { get; init; } = [];

    /// <summary>Gets the files that get their names after this commit; every start completes it.</summary>
    public IReadOnlyList<FileMove> PendingLinks { get; init; } = [];

    /// <summary>Gets the files that are deleted after this commit, before the links are made; every start completes it.</summary>
    public IReadOnlyList<string> PendingRemovals { get; init; } = [];
}
