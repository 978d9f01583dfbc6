namespace OrleansLake.Grains.Cluster;

/// <summary>Bounds of a partition under its owner.</summary>
internal sealed record PartitionRunnerOptions
{
    /// <summary>Gets the number of messages that may be in the log and not in the reports: at some 100 bytes each, 50 MB.</summary>
    internal long UnappliedRowsMax { get; init; } = 500_000;

    /// <summary>Gets the time that a sender waits for capacity before it is asked to try again.</summary>
    internal TimeSpan BusyAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets the time for which a check for a later owner serves readers. A silo that others took for dead, because it was stopped or cut off,
    /// may answer from what it had for that long at most; a partition that moves or whose silo dies answers nothing.
    /// </summary>
    internal TimeSpan OwnedFor { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Gets the time that a reader may wait in one call: the partition cannot move while one is under way.</summary>
    internal TimeSpan WaitMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets the time that durable frames may wait for the stream before they are read from the log: some polls of it.</summary>
    internal TimeSpan StreamPatience { get; init; } = TimeSpan.FromMilliseconds(250);
}
