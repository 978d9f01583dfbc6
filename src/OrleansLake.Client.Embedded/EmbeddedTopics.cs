using OrleansLake.Client.Topics;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;

namespace OrleansLake.Client.Embedded;

/// <summary>The records of topics into a lake of this process.</summary>
internal sealed class EmbeddedTopics(Lake lake, Func<long> generation) : ITopicLake
{
    public ValueTask<IReadOnlyList<TopicPosition>> GetPositionsAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(
        TopicBatches.InOrder(lake.Topics.Positions().Select(static position => new TopicPosition(position.Key.Topic, position.Key.Partition, position.Value))));

    public async Task<SendResult> SendAsync(TopicBatch batch, CancellationToken cancellationToken = default)
    {
        TopicBatches.Check(batch);
        return SendResults.Of(await lake.Topics.SendAsync(batch, cancellationToken).ConfigureAwait(false), generation());
    }
}
