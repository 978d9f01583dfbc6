using OrleansLake.Client.Topics;
using OrleansLake.Core.Messages;
using OrleansLake.Grains;
using OrleansLake.Grains.Wire;
using static OrleansLake.Client.Orleans.ClusterCalls;

namespace OrleansLake.Client.Orleans;

/// <summary>
/// The records of topics into a lake that runs on silos, each once. Silos may come and go under its calls, and a batch that reached some of the
/// lake's partitions and not others is completed when it is sent again, by any sender.
/// </summary>
/// <param name="grains">The cluster's grains.</param>
public sealed class GrainTopicLake(IGrainFactory grains) : ITopicLake
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private IGatewayGrain Gateway => grains.GetGrain<IGatewayGrain>(0);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TopicPosition>> GetPositionsAsync(CancellationToken cancellationToken = default)
    {
        TopicPositionDto[] positions = await CallAsync(Gateway.GetTopicPositionsAsync, cancellationToken).ConfigureAwait(false);
        return TopicBatches.InOrder(positions.Select(static one => new TopicPosition(one.Topic, one.Partition, one.NextOffset)));
    }

    /// <inheritdoc/>
    public async Task<SendResult> SendAsync(TopicBatch batch, CancellationToken cancellationToken = default)
    {
        TopicBatches.Check(batch);
        var envelope = new TopicBatchEnvelope(batch);
        try
        {
            return ReceiptResults.Of(await CallAsync(() => Gateway.SendTopicAsync(envelope, cancellationToken), cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is LakeBusyException or IOException)
        {
            return new SendResult { Status = SendStatus.TryAgain, RetryAfter = RetryAfter, Detail = e.Message };
        }
    }
}
