using OrleansLake.Client;

namespace OrleansLake.Connectors.Sources;

/// <summary>The decision where a partition begins.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.SourceStart")]
internal sealed record SourceStart
{
    /// <summary>Gets the partition.</summary>
    [Id(0)]
    public SourcePlaceId Place { get; init; } = new();

    /// <summary>Gets the offset of what comes first.</summary>
    [Id(1)]
    public long Offset { get; init; }

    internal static SourceStart Of(SourcePosition position) => new() { Place = SourcePlaceId.Of(position.Partition), Offset = position.NextOffset };

    internal SourcePosition ToPosition() => new(Place.ToPartition(), Offset);
}
