using OrleansLake.Storage.Log;

namespace OrleansLake.Grains.Wire;

/// <summary>The part of a partition of a topic that a partition of the lake has.</summary>
/// <param name="Topic">The topic's identity.</param>
/// <param name="Partition">The number of the topic's partition.</param>
/// <param name="NextOffset">The offset behind the last record of which it has its rows.</param>
/// <param name="CompleteOffset">The offset before which all of the lake's partitions had all records.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.TopicProgress")]
internal sealed record TopicProgressDto(
    [property: Id(0)] string Topic, [property: Id(1)] int Partition, [property: Id(2)] long NextOffset, [property: Id(3)] long CompleteOffset)
{
    internal static TopicProgressDto Of(SourceProgress.TopicProgress progress) => new(progress.Topic, progress.Partition, progress.NextOffset, progress.CompleteOffset);

    internal SourceProgress.TopicProgress ToProgress() => new(Topic, Partition, NextOffset, CompleteOffset);
}
