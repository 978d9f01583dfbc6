using OrleansLake.Client;

namespace OrleansLake.Server.Sinks;

/// <summary>The progress of a sink.</summary>
/// <param name="Epoch">The epoch in its place of the newest step that was written; 0: none was.</param>
/// <param name="Written">The newest update that was written; null: none.</param>
/// <param name="Failure">The newest failure, for people; null: there was none.</param>
/// <param name="FailedAt">When that was.</param>
/// <param name="IsTaken">Whether another owner has come, so that it has ended.</param>
internal sealed record SinkProgress(long Epoch, LiveUpdate? Written, string? Failure, DateTimeOffset? FailedAt, bool IsTaken)
{
    /// <summary>Gets that of a sink that has written nothing yet.</summary>
    internal static SinkProgress None { get; } = new(0, null, null, null, false);

    /// <summary>Returns it as the status of a sink of a name.</summary>
    internal SinkStatus ToStatus(string name) => new(name)
    {
        Epoch = Epoch,
        Position = Written?.Position,
        Time = Written?.Time,
        Failure = Failure,
        FailedAt = FailedAt,
        IsTaken = IsTaken,
    };
}
