namespace OrleansLake.Storage;

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

    /// <summary>The version of the format.</summary>
    public int FormatVersion => Columns.Count > 0 ? NewestFormatVersion : FirstFormatVersion;

    /// <summary>The partition.</summary>
    public required PartitionId Partition { get; init; }

    /// <summary>The commit's number, from 1, dense. The newest is the highest.</summary>
    public required long Number { get; init; }

    /// <summary>The owner that made the commit.</summary>
    public required Epoch Epoch { get; init; }

    /// <summary>Goes up by one when the lake starts empty again. Offsets and numbers go on.</summary>
    public required long Generation { get; init; }

    /// <summary>Everything before this place of the log is in the data files and the snapshot, and nothing after it.</summary>
    public required LogPosition Applied { get; init; }

    /// <summary>The log was durable at least to here.</summary>
    public required LogPosition Durable { get; init; }

    /// <summary>The segments that are still read, in order. The last one is the owner's, and open.</summary>
    public required IReadOnlyList<LogSegment> Segments { get; init; }

    /// <summary>The list of files (and of dates) that <see cref="Added"/> and <see cref="Removed"/> change; null for the empty list.</summary>
    public StateFile? BaseList { get; init; }

    /// <summary>Files added since the base list.</summary>
    public IReadOnlyList<DataFile> Added { get; init; } = [];

    /// <summary>Paths removed since the base list.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>The counts in all.</summary>
    public LedgerEntry Total { get; init; }

    /// <summary>The dates whose counts differ from the base list.</summary>
    public IReadOnlyList<LedgerDay> Days { get; init; } = [];

    /// <summary>The state of deduplication and reports, as of <see cref="Applied"/>.</summary>
    public StateRoot Snapshot { get; init; } = StateRoot.Empty;

    /// <summary>The registry, as of <see cref="Applied"/>.</summary>
    public StateRoot Registry { get; init; } = StateRoot.Empty;

    /// <summary>Gets the names of the reports' columns. Those of a lake are kept by its first partition.</summary>
    public IReadOnlyList<ReportNames> Columns { get; init; } = [];

    /// <summary>Files that get their names after this commit; every start completes it.</summary>
    public IReadOnlyList<FileMove> PendingLinks { get; init; } = [];

    /// <summary>Files that are deleted after this commit, before the links are made; every start completes it.</summary>
    public IReadOnlyList<string> PendingRemovals { get; init; } = [];
}
