namespace OrleansLake.Client;

/// <summary>Something that a watcher is sent.</summary>
/// <param name="Position">The position that it is true as of.</param>
/// <param name="Time">The time of that position.</param>
public abstract record LiveUpdate(LakePosition Position, DateTimeOffset Time)
{
    /// <summary>
    /// Gets a value indicating whether this update completes the position: only then it is a place to continue from. Two
    /// reports that change at once come as two updates.
    /// </summary>
    public bool IsComplete { get; init; } = true;
}
