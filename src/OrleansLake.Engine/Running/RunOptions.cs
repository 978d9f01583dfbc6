namespace OrleansLake.Engine;

/// <summary>The options of a run of the pipeline. Neither limit: until it is cancelled.</summary>
public sealed record RunOptions
{
    /// <summary>Gets the time after which to stop, with a commit.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>
    /// Gets a value indicating whether to continue when the disk fails or is full: to try again after a while, and meanwhile say so in
    /// <see cref="LakeStatus.Trouble"/>. Without it the run ends with the failure.
    /// </summary>
    public bool OutlastsFailures { get; init; }

    /// <summary>Gets a value indicating whether to stop when everything that is in bronze is published.</summary>
    public bool UntilCaughtUp { get; init; }
}
