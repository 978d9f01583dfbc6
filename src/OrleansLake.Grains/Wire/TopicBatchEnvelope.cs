using OrleansLake.Core.Messages;

namespace OrleansLake.Grains.Wire;

/// <summary>Records of a topic's partition on their way to the lake: within a silo the object itself, between processes its bytes.</summary>
/// <param name="batch">The records; to be left alone until they are stored.</param>
[Immutable]
internal sealed class TopicBatchEnvelope(TopicBatch batch)
{
    /// <summary>Gets the records.</summary>
    public TopicBatch Batch { get; } = batch;
}
