namespace OrleansLake.Connectors.Sources;

/// <summary>The order to read a partition.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Place">The partition.</param>
/// <param name="IsPaused">Whether the source is paused.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.PartitionOrder")]
internal sealed record PartitionOrder([property: Id(0)] string Source, [property: Id(1)] SourcePlaceId Place, [property: Id(2)] bool IsPaused);
