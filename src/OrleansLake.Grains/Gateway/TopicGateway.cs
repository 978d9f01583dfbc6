using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.Engine.Sending;
using OrleansLake.Grains.Cluster;
using OrleansLake.Storage.Log;

namespace OrleansLake.Grains.Gateway;

/// <summary>
/// Stores the records of topics' partitions in the partitions of a cluster's lake, each once, as <see cref="TopicPlan"/> says. What each of them
/// has it says itself, when it is durable; it takes a frame only where that continues from there, so that senders who do not know of each other,
/// one of them a zombie, can neither double nor pass over a record.
/// </summary>
internal sealed class TopicGateway(LakeClusterHost host, IGrainFactory grains)
{
    /// <summary>Returns the positions of the topics' partitions.</summary>
    internal async Task<TopicPositionDto[]> PositionsAsync()
    {
        TopicProgressDto[][] progress = await AskEachAsync(await host.LakeAsync(), static partition => partition.GetTopicsAsync());
        return
        [
            .. host.Topics.Positions([.. progress.Select(static topics => topics.Select(static topic => topic.ToProgress()).ToArray())])
                .Select(static position => new TopicPositionDto(position.Key.Topic, position.Key.Partition, position.Value)),
        ];
    }

    /// <summary>Stores records, and ends when they are durable.</summary>
    /// <exception cref="LakeBusyException">Some are not stored: the same is to be sent again.</exception>
    internal async Task<SendReceipt> SendAsync(TopicBatch batch, CancellationToken cancellationToken)
    {
        PartitionedLake lake = await host.LakeAsync();
        TopicProgressDto?[] has = await AskEachAsync(lake, partition => partition.GetTopicAsync(batch.Topic, batch.Partition));
        SourceProgress.TopicProgress?[] before = Array.ConvertAll(has, static progress => progress?.ToProgress());
        TopicPlan plan = await Task.Run(() => lake.Planner.Plan(batch, before, host.Topics.CompleteOf(batch.Topic, batch.Partition)), cancellationToken);
        if (plan.Refusal is { } refusal)
        {
            return SendReceipt.Of(refusal, Rejection.ListedMax, [], 0);
        }

        AppendReceipt?[] receipts = await Task.WhenAll(plan.Frames.Select((frames, partition) => AppendAsync(partition, frames, before[partition]?.NextOffset ?? 0, cancellationToken)));
        if (Array.Exists(receipts, static receipt => receipt is { Outcome: not (AppendOutcome.Stored or AppendOutcome.Repeated) }))
        {
            throw new LakeBusyException($"another sender stores records of partition {batch.Partition} of {batch.Topic}: send the same again");
        }

        host.Topics.Note(batch.Topic, batch.Partition, batch.NextOffset);
        return SendReceipt.Of(
            new SendOutcome { Status = SendStatus.Stored, Accepted = plan.Accepted, Rejections = plan.Rejections, IsMapped = plan.IsMapped, LeftOut = plan.LeftOut },
            Rejection.ListedMax, [.. receipts.Select(static receipt => receipt?.EndOffset ?? 0)], receipts.Max(static receipt => receipt?.Generation ?? 0));
    }

    // One after the other: each continues from the one before. A call that is made again finds what the first has stored.
    private async Task<AppendReceipt?> AppendAsync(int partition, List<FrameContent> frames, long after, CancellationToken cancellationToken)
    {
        AppendReceipt? receipt = null;
        foreach (FrameContent frame in frames)
        {
            var envelope = new FrameEnvelope(frame, after);
            receipt = await Retries.RunAsync(() => Partition(partition).AppendAsync(envelope, cancellationToken), cancellationToken);
            if (receipt.Outcome is not (AppendOutcome.Stored or AppendOutcome.Repeated))
            {
                return receipt;
            }

            after = ((SourceProgress.TopicProgress)frame.SourceProgress).NextOffset;
        }

        return receipt;
    }

    private IPartitionGrain Partition(int partition) => grains.GetGrain<IPartitionGrain>(partition);

    private Task<T[]> AskEachAsync<T>(PartitionedLake lake, Func<IPartitionGrain, Task<T>> ask) =>
        Task.WhenAll(Enumerable.Range(0, lake.Partitions).Select(partition => Retries.RunAsync(() => ask(Partition(partition)))));
}
