namespace OrleansLake.Storage.Lakes;

/// <summary>The partitions of a generation of a lake. Each generation has numbers of its own, so that none of their files collide.</summary>
/// <param name="First">The first one's number in the names of files.</param>
/// <param name="Count">Their number.</param>
public sealed record PartitionRange(int First, int Count)
{
    /// <summary>Returns whether a partition is one of these.</summary>
    public bool Contains(PartitionId partition) => partition.Value >= First && partition.Value - First < Count;
}
