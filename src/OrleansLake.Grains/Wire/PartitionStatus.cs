using OrleansLake.Core.Messages;

namespace OrleansLake.Grains.Wire;

/// <summary>The status of a partition at one moment.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.PartitionStanding")]
internal sealed record PartitionStatus
{
    /// <summary>Gets the silo that it is on.</summary>
    [Id(0)]
    public required string Silo { get; init; }

    /// <summary>Gets the owner's epoch.</summary>
    [Id(1)]
    public required long Epoch { get; init; }

    /// <summary>Gets the number of messages accepted.</summary>
    [Id(2)]
    public required long Accepted { get; init; }

    /// <summary>Gets the number of messages that are durable.</summary>
    [Id(3)]
    public required long Durable { get; init; }

    /// <summary>Gets the number of messages that reads show.</summary>
    [Id(4)]
    public required long Applied { get; init; }

    /// <summary>Gets the number of messages that are published in Parquet.</summary>
    [Id(5)]
    public required long Published { get; init; }

    /// <summary>Gets the number of deduplication keys.</summary>
    [Id(6)]
    public required long Keys { get; init; }

    /// <summary>Gets the newest commit's number.</summary>
    [Id(7)]
    public required long CommitNumber { get; init; }

    /// <summary>Gets the duration, in milliseconds.</summary>
    [Id(8)]
    public required double CommitMs { get; init; }

    /// <summary>Gets the number of data files of the newest commit.</summary>
    [Id(9)]
    public required long Files { get; init; }

    /// <summary>Gets the time that the newest fsync of the log took, in milliseconds.</summary>
    [Id(10)]
    public double FsyncMs { get; init; }

    /// <summary>Gets the external bronze files that are not what was ingested.</summary>
    [Id(11)]
    public ExternalFileDto[] ExternalFiles { get; init; } = [];

    /// <summary>Gets the lake's time zone; null from a silo of an earlier version.</summary>
    [Id(12)]
    public string? TimeZone { get; init; }

    /// <summary>Gets what the lake keeps of records beside their messages.</summary>
    [Id(13)]
    public KeptFields Keep { get; init; }
}
