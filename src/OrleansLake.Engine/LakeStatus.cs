using OrleansLake.Storage;

namespace OrleansLake.Engine;

/// <summary>The status of an open lake at one moment.</summary>
public sealed record LakeStatus
{
    /// <summary>Messages accepted: the next offset.</summary>
    public long Accepted { get; init; }

    /// <summary>Messages that are durable.</summary>
    public long Durable { get; init; }

    /// <summary>Messages that live reports show.</summary>
    public long Applied { get; init; }

    /// <summary>Messages that are published in Parquet.</summary>
    public long Published { get; init; }

    /// <summary>Records rejected.</summary>
    public long Rejected { get; init; }

    /// <summary>Records rejected and neither replayed nor dismissed, as of what is accepted.</summary>
    public long RejectedOpen { get; init; }

    /// <summary>The live ledger, as of <see cref="Applied"/>.</summary>
    public LedgerEntry Ledger { get; init; }

    /// <summary>The newest manifest's number.</summary>
    public long CommitNumber { get; init; }

    /// <summary>Gets the time that the newest commit took, in milliseconds.</summary>
    public double CommitMs { get; init; }

    /// <summary>Gets the time that the newest fsync of the log took, in milliseconds.</summary>
    public double FsyncMs { get; init; }

    /// <summary>Data files that the newest manifest names.</summary>
    public long Files { get; init; }

    /// <summary>Deduplication keys.</summary>
    public long Keys { get; init; }

    /// <summary>Messages that are applied, not yet published.</summary>
    public long PendingRows { get; init; }

    /// <summary>
    /// Gets the external bronze files that were ingested and are not what they were, as of the last trigger: their rows stay
    /// in the lake. Empty if all is well.
    /// </summary>
    public IReadOnlyList<ExternalFile> ExternalFiles { get; init; } = [];

    /// <summary>Gets the reason why nothing is published at present (see <see cref="RunOptions.OutlastsFailures"/>); null if all is well.</summary>
    public string? Trouble { get; init; }
}
