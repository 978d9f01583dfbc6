namespace OrleansLake.Grains;

/// <summary>The answer of a grain that follows reports.</summary>
/// <param name="Moment">The version that it is true as of; null if it can no longer be read at the version that was asked for: take a newer one.</param>
/// <param name="Parts">The rows, as parts of the report.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.AggregateReadout")]
public sealed record AggregateResponse([property: Id(0)] LakeVersion? Moment, [property: Id(1)] IReadOnlyList<byte[]> Parts);
