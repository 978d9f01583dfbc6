namespace OrleansLake.Grains;

/// <summary>A version vector of the lake: a version of each partition. Whatever is read at it belongs together.</summary>
/// <param name="Partitions">By partition.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.LakeMoment")]
public sealed record LakeVersion([property: Id(0)] IReadOnlyList<PartitionVersion> Partitions)
{
    /// <summary>Gets the position that it is true as of.</summary>
    public LakeOffsets Position => new(Partitions[0].Generation, [.. Partitions.Select(partition => partition.Offset)]);
}
