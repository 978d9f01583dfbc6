using OrleansLake.Core.State;
namespace OrleansLake.Engine;

/// <summary>The status of an open lake at one moment.</summary>
public sealed record LakeStatus
{
    /// <summary>Gets the number of messages accepted: the next offset.</summary>
    public long Accepted { get; init; }

    /// <summary>Gets the number of messages that are durable.</summary>
    public long Durable { get; init; }

    /// <summary>Gets the number of messages that live reports show.</summary>
    public long Applied { get; init; }

    /// <summary>Gets the number of messages that are published in Parquet.</summary>
    public long Published { get; init; }

    /// <summary>Gets the number of records rejected.</summary>
    public long Rejected { get; init; }

    /// <summary>Gets the number of records rejected and neither replayed nor dismissed, as of what is accepted.</summary>
    public long RejectedUnresolved { get; init; }

    /// <summary>Gets the live ledger, as of <see cref="Applied"/>.</summary>
    public LedgerCounts Ledger { get; init; }

    /// <summary>Gets the newest manifest's number.</summary>
    public long CommitNumber { get; init; }

    /// <summary>Gets the time that the newest commit took, in milliseconds.</summary>
    public double CommitMs { get; init; }

    /// <summary>Gets the time that the newest fsync of the log took, in milliseconds.</summary>
    public double FsyncMs { get; init; }

    /// <summary>Gets the number of data files that the newest manifest names.</summary>
    public long Files { get; init; }

    /// <summary>Gets the number of deduplication keys.</summary>
    public long Keys { get; init; }

    /// <summary>Gets the number of messages that are applied, not yet published.</summary>
    public long PendingRows { get; init; }

    /// <summary>
    /// Gets the external bronze files that were ingested and are not what they were, as of the last trigger: their rows stay
    /// in the lake. Empty if all is well.
    /// </summary>
    public IReadOnlyList<ExternalFile> ExternalFiles { get; init; } = [];

    /// <summary>Gets the reason why nothing is published at present (see <see cref="RunOptions.OutlastsFailures"/>); null if all is well.</summary>
    public string? Trouble { get; init; }
}
