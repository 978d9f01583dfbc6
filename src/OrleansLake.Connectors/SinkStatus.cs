namespace OrleansLake.Connectors;

/// <summary>The progress of a sink, as its grain has stored it: a few seconds old at most, and there whatever silo died.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.SinkStatus")]
public sealed record SinkStatus
{
    /// <summary>Gets the epoch of its owner in its place; 0 before the first step.</summary>
    [Id(0)]
    public long Epoch { get; init; }

    /// <summary>Gets the position up to which the reports there show the lake; null before the first step.</summary>
    [Id(1)]
    public string? Position { get; init; }

    /// <summary>Gets the time of that position.</summary>
    [Id(2)]
    public DateTimeOffset? Time { get; init; }

    /// <summary>Gets the newest failure, for people; null if there was none.</summary>
    [Id(3)]
    public string? Failure { get; init; }

    /// <summary>Gets when that was.</summary>
    [Id(4)]
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>Gets a value indicating whether another owner has taken the place, such as another cluster: it is not written from here until a silo starts.</summary>
    [Id(5)]
    public bool IsTaken { get; init; }

    /// <summary>Gets how often a silo has begun to write it.</summary>
    [Id(6)]
    public long Starts { get; init; }
}
