using OrleansLake.Core.Messages;
using OrleansLake.Core.State;

namespace OrleansLake.Client;

/// <summary>The status of a lake at one moment, for operators.</summary>
public sealed record LakeStanding
{
    /// <summary>Gets the position that reads are true as of now.</summary>
    public required LakePosition Position { get; init; }

    /// <summary>Gets the time of the status.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Gets the number of messages accepted.</summary>
    public long Accepted { get; init; }

    /// <summary>Gets the number of messages that are durable.</summary>
    public long Durable { get; init; }

    /// <summary>Gets the number of messages that reads show.</summary>
    public long Applied { get; init; }

    /// <summary>Gets the number of messages that are published in Parquet.</summary>
    public long Published { get; init; }

    /// <summary>Gets the counts in all.</summary>
    public LedgerCounts Ledger { get; init; }

    /// <summary>Gets the number of deduplication keys in memory.</summary>
    public long Keys { get; init; }

    /// <summary>Gets the newest commit's number.</summary>
    public long CommitNumber { get; init; }

    /// <summary>Gets the duration of the newest commit, in milliseconds.</summary>
    public double CommitMs { get; init; }

    /// <summary>Gets the time that the newest fsync of the log took, in milliseconds; 0 if that is not known.</summary>
    public double FsyncMs { get; init; }

    /// <summary>Gets the number of data files of the newest commit.</summary>
    public long Files { get; init; }

    /// <summary>Gets the external bronze files that are not what was ingested. Empty if all is well.</summary>
    public IReadOnlyList<ExternalFileStatus> ExternalFiles { get; init; } = [];

    /// <summary>Gets the latest timestamp among the messages that count; null if there is none.</summary>
    public DateTimeOffset? NewestEvent { get; init; }

    /// <summary>Gets the types of the lake's ids.</summary>
    public IdTypes Ids { get; init; } = IdTypes.Default;

    /// <summary>Gets the IANA name of the lake's time zone, or its fixed offset; null if a server of an earlier version does not say it.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Gets what the lake keeps of records beside their messages.</summary>
    public KeptFields Keep { get; init; }

    /// <summary>Gets the number of watchers of reports.</summary>
    public int Watchers { get; init; }
}
