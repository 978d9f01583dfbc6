namespace OrleansLake.Engine;

/// <summary>How long the pipeline runs. Neither: until it is cancelled.</summary>
public sealed record RunOptions
{
    /// <summary>Stop after this time, with a commit.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>Stop when everything that is in bronze is published.</summary>
    public bool UntilCaughtUp { get; init; }
}
