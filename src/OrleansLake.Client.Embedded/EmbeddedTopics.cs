using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;

namespace OrleansLake.Client.Embedded;

/// <summary>The records of topics into a lake of this process.</summary>
internal sealed class EmbeddedTopics(Lake lake, Func<long> generation) : ITopicLake
{
    public ValueTask<IReadOnlyList<TopicPosition>> GetPositionsAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<IReadOnlyList<TopicPosition>>(
        [.. lake.Topics.Positions().Select(static position => new TopicPosition(position.Key.Topic, position.Key.Partition, position.Value)).OrderBy(static position => position.Topic, StringComparer.Ordinal).ThenBy(static position => position.Partition)]);

    public async Task<SendResult> SendAsync(TopicBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Topic.Length == 0 || Encoding.UTF8.GetByteCount(batch.Topic) > TopicBatch.TopicBytesMax)
        {
            throw new ArgumentException($"A topic's identity is to have 1 to {TopicBatch.TopicBytesMax} bytes.", nameof(batch));
        }

        long last = -1;
        foreach (TopicRecord record in batch.Records)
        {
            last = record.Offset > last ? record.Offset
                : throw new ArgumentException($"The record with the offset {record.Offset} of {batch.Name} comes behind one with {last}: offsets are to go up from 0.", nameof(batch));
        }

        if (batch.NextOffset <= last || batch.NextOffset < 0)
        {
            throw new ArgumentException($"The position {batch.NextOffset} is not behind the last record of {batch.Name}, which has the offset {last}.", nameof(batch));
        }

        return SendResults.Of(await lake.Topics.SendAsync(batch, cancellationToken).ConfigureAwait(false), generation());
    }
}
