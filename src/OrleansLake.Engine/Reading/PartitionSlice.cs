using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Reading;

/// <summary>The share of one partition in what is for the whole lake.</summary>
/// <param name="Place">The partition, counted from 0.</param>
/// <param name="Partitions">Their number.</param>
internal readonly record struct PartitionSlice(int Place, int Partitions)
{
    /// <summary>Gets the share of a lake's one partition: all of it.</summary>
    internal static PartitionSlice Whole { get; } = new(0, 1);

    /// <summary>Returns the messages of a batch that belong to the partition; null if none do.</summary>
    internal MessageBatch? Of(MessageBatch batch) => PartitionedMessages.Of(batch, Partitions, Place);
}
