namespace OrleansLake.Grains;

/// <summary>The version vector that a read is true as of: the generation, and for each partition how many of its messages are in.</summary>
/// <param name="Generation">The lake's generation.</param>
/// <param name="Offsets">By partition.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.LakeOffsets")]
public sealed record LakeOffsets([property: Id(0)] long Generation, [property: Id(1)] long[] Offsets);
