using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Server.Sources;

/// <summary>Stores batches of partitions in the lake, each until it is stored.</summary>
internal sealed class SourceStore(string? mapping, ITopicLake lake, LakeMetrics metrics, TimeProvider clock, ILogger logger)
{
    private static readonly Backoff Rests = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));

    private readonly RepeatedLine _waiting = new(clock);
    private readonly LeftOutNews _leftOut = new();

    internal async Task<IReadOnlyList<TopicPosition>> PositionsAsync() => await lake.GetPositionsAsync().ConfigureAwait(false);

    /// <summary>Stores a batch; ends early only when it is to stop, and then it may be stored or not.</summary>
    /// <returns>Whether it is known to be stored.</returns>
    internal async Task<bool> StoreAsync(TopicBatch batch, CancellationToken stop)
    {
        long bytes = batch.Records.Sum(static record => (long)record.Value.Length);
        for (int failures = 0; ;)
        {
            SendResult result = await SendAsync(batch).ConfigureAwait(false);
            if (result.Status == SendStatus.Stored)
            {
                metrics.Sent(result, bytes);
                if (_leftOut.Next(batch.Name, batch.Mapping, result.LeftOut) is { } leftOut)
                {
                    logger.FieldsLeftOut(leftOut);
                }

                return true;
            }

            string reason = result.Detail ?? "it is behind";
            if (_waiting.IsDue(reason))
            {
                logger.TopicsWait(batch.Name, reason);
            }

            await Task.Delay(result.RetryAfter ?? Rests.After(++failures), clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    /// <summary>Stores a position alone.</summary>
    /// <returns>Whether it is known to be stored.</returns>
    internal Task<bool> StorePositionAsync(ReadPartition partition, long position, CancellationToken stop) => StoreAsync(BatchOf(partition, [], position), stop);

    /// <summary>Returns the batch of records that were read.</summary>
    internal TopicBatch BatchOf(ReadPartition partition, IReadOnlyList<TopicRecord> records, long position) =>
        new(partition.Identity, partition.Place.Number, records, position) { Name = partition.Place.ToString(), Mapping = mapping };

    // Not cancelled: what was begun is known to be stored or not.
    private async Task<SendResult> SendAsync(TopicBatch batch)
    {
        try
        {
            return await lake.SendAsync(batch).ConfigureAwait(false);
        }
        catch (LakeClientException e)
        {
            return new SendResult { Status = SendStatus.TryAgain, RetryAfter = e.RetryAfter, Detail = e.Message };
        }
    }
}
