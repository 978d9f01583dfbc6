using System.IO.Hashing;
using System.Text;
using OrleansLake.Client;

namespace OrleansLake.Connectors.Sources;

/// <summary>A partition of a topic, between silos and in grain storage.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.SourcePlaceId")]
internal sealed record SourcePlaceId
{
    /// <summary>Gets the topic's identity.</summary>
    [Id(0)]
    public string Topic { get; init; } = "";

    /// <summary>Gets the partition's number.</summary>
    [Id(1)]
    public int Number { get; init; }

    /// <summary>Gets the topic's name where people see it.</summary>
    [Id(2)]
    public string Name { get; init; } = "";

    internal static SourcePlaceId Of(SourcePartition partition) => new() { Topic = partition.Topic, Number = partition.Number, Name = partition.Name };

    internal SourcePartition ToPartition() => new(Topic, Number, Name);

    /// <summary>Returns its grain. Partitions of a topic follow each other, so that they are spread evenly; topics begin at different silos.</summary>
    internal ISourcePartitionGrain GrainOf(IGrainFactory grains, string source) =>
        grains.GetGrain<ISourcePartitionGrain>((XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(Topic)) & 0xFFFF) + Number, $"{source}/{Topic}/{Number}");
}
