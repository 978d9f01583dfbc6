namespace OrleansLake.Engine.Live;

/// <summary>All copies of a message that are in a lake.</summary>
/// <param name="At">The version that it is true as of.</param>
/// <param name="Copies">The copies by offset.</param>
public sealed record MessageHistory(LiveVersion At, IReadOnlyList<StoredCopy> Copies);
