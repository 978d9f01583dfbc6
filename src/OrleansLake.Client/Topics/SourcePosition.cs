namespace OrleansLake.Client;

/// <summary>A position in a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="NextOffset">The offset of what comes next.</param>
public readonly record struct SourcePosition(SourcePartition Partition, long NextOffset);
