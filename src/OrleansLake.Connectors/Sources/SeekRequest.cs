using OrleansLake.Client;

namespace OrleansLake.Connectors.Sources;

/// <summary>The partitions that are to be read from another offset, between silos.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.SeekRequest")]
internal sealed record SeekRequest([property: Id(0)] string? Topic, [property: Id(1)] int? Partition, [property: Id(2)] int Place, [property: Id(3)] long? Offset)
{
    internal static SeekRequest Of(SourceSeek seek) => new(seek.Topic, seek.Partition, (int)seek.Place, seek.Offset);

    internal SourceSeek ToSeek(string source) => new(source) { Topic = Topic, Partition = Partition, Place = (SourcePlace)Place, Offset = Offset };
}
