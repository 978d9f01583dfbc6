namespace OrleansLake.Engine;

/// <summary>The progress of a replay.</summary>
/// <param name="Done">Messages rebuilt.</param>
/// <param name="Total">Messages in bronze.</param>
public readonly record struct ReplayProgress(long Done, long Total);
