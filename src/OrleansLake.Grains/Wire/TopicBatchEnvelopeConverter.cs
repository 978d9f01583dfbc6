using OrleansLake.Core.Messages;

namespace OrleansLake.Grains.Wire;

/// <summary>Takes records of topics over the wire.</summary>
[RegisterConverter]
internal sealed class TopicBatchEnvelopeConverter : IConverter<TopicBatchEnvelope, TopicBatchEnvelopeSurrogate>
{
    /// <inheritdoc/>
    public TopicBatchEnvelope ConvertFromSurrogate(in TopicBatchEnvelopeSurrogate surrogate) =>
        new(new TopicBatch(surrogate.Topic, surrogate.Partition, Array.ConvertAll(surrogate.Records, static record => record.ToRecord()), surrogate.NextOffset)
        {
            Name = surrogate.Name,
            Mapping = surrogate.Mapping,
        });

    /// <inheritdoc/>
    public TopicBatchEnvelopeSurrogate ConvertToSurrogate(in TopicBatchEnvelope value) => new()
    {
        Topic = value.Batch.Topic,
        Partition = value.Batch.Partition,
        Records = [.. value.Batch.Records.Select(TopicRecordDto.Of)],
        NextOffset = value.Batch.NextOffset,
        Name = value.Batch.Name,
        Mapping = value.Batch.Mapping,
    };
}
