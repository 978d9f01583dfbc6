namespace OrleansLake.Storage.Snapshots;

/// <summary>A state as a base and the changes after it, oldest first.</summary>
/// <param name="Base">The base; null if there is none yet.</param>
/// <param name="Changes">The changes, to be read after the base in this order.</param>
public sealed record StateRoot(StateFile? Base, IReadOnlyList<StateFile> Changes)
{
    /// <summary>Gets the empty state.</summary>
    public static StateRoot Empty { get; } = new(null, []);
}
