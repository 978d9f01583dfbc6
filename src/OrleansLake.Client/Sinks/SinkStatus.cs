namespace OrleansLake.Client;

/// <summary>The status of a sink.</summary>
/// <param name="Name">The sink's name.</param>
public sealed record SinkStatus(string Name)
{
    /// <summary>Gets the epoch of its owner in its place; 0 before the first step.</summary>
    public long Epoch { get; init; }

    /// <summary>Gets the position of the lake that its place shows; null before the first step.</summary>
    public LakePosition? Position { get; init; }

    /// <summary>Gets the time of that position.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Gets the number of messages that the lake's reports show and its place does not yet; null where the lake cannot be asked.</summary>
    public long? Lag { get; init; }

    /// <summary>Gets the age of what its place shows, where the lake's reports show more; zero if nothing was written yet, null where the lake cannot be asked.</summary>
    public TimeSpan? LagTime { get; init; }

    /// <summary>Gets the newest failure, for people; null if there was none. What is written since is in <see cref="Position"/>.</summary>
    public string? Failure { get; init; }

    /// <summary>Gets when that was.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>Gets a value indicating whether another owner has taken the place, so that it is not written until the server, or a silo, is started again.</summary>
    public bool IsTaken { get; init; }
}
