namespace OrleansLake.Grains.Wire;

/// <summary>The position of the lake in a partition of a topic.</summary>
/// <param name="Topic">The topic's identity.</param>
/// <param name="Partition">The number of the topic's partition.</param>
/// <param name="NextOffset">The offset from which it is to be read: all before it is in the lake.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.TopicPosition")]
internal sealed record TopicPositionDto([property: Id(0)] string Topic, [property: Id(1)] int Partition, [property: Id(2)] long NextOffset);
