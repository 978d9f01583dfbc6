namespace OrleansLake.Grains.Wire;

/// <summary>Frames of a partition's log, one after the other.</summary>
/// <param name="Frames">The frames.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.FrameBlock")]
internal sealed record FrameBlock([property: Id(0)] IReadOnlyList<BronzeFrame> Frames);
