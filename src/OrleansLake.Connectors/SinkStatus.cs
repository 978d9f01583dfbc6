using OrleansLake.Client;

namespace OrleansLake.Connectors;

/// <summary>The progress of a sink as its grain stores it: a few seconds old at most, and there whatever silo died.</summary>
/// <remarks>
/// Its name and namespace are in what grain storage has, so they stay. What people are shown is <see cref="Client.SinkStatus"/>, which knows how far the
/// lake is as well.
/// </remarks>
[GenerateSerializer, Immutable, Alias("OrleansLake.SinkStatus")]
internal sealed record SinkStatus
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

    /// <summary>Returns it as those outside of grains know it, without how far it is behind the lake.</summary>
    internal Client.SinkStatus ToStatus(string name) => new(name)
    {
        Epoch = Epoch,
        Position = LakePosition.TryParse(Position, out LakePosition? position) ? position : null,
        Time = Time,
        Failure = Failure,
        FailedAt = FailedAt,
        IsTaken = IsTaken,
    };
}
