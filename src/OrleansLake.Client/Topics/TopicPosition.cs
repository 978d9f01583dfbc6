namespace OrleansLake.Client;

/// <summary>The position of a lake in a partition of a topic.</summary>
/// <param name="Topic">The topic's identity, as its source gave it.</param>
/// <param name="Partition">The number of the topic's partition.</param>
/// <param name="NextOffset">The offset from which it is to be read: all before it is in the lake.</param>
public sealed record TopicPosition(string Topic, int Partition, long NextOffset);
