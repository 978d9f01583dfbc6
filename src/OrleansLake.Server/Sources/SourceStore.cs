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

    /// <summary>Stores what waits of a partition, unless something of it is being stored.</summary>
    internal void Sweep(ReadPartition partition, CancellationToken stop)
    {
        if (partition.Storing is { IsCompleted: true } storing)
        {
            partition.Storing = null;
            storing.GetAwaiter().GetResult();
        }

        if (partition.Storing is null && partition.Waiting.Count > 0)
        {
            long newest = partition.NewestRead;
            TopicBatch batch = BatchOf(partition, partition.Take(), partition.Position);
            partition.Storing = Task.Run(() => StoreAsync(partition, batch, newest, stop), CancellationToken.None);
        }
    }

    /// <summary>Stores all that was read of a partition, before its position is moved or shown to others.</summary>
    internal void Drain(ReadPartition partition, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && (partition.Storing is not null || partition.Waiting.Count > 0))
        {
            partition.Storing?.GetAwaiter().GetResult();
            Sweep(partition, stop);
        }
    }

    // Until it is stored, or it is to stop: then it may be stored or not. Whether it is known to be stored.
    private async Task<bool> StoreAsync(TopicBatch batch, CancellationToken stop)
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
    internal bool StorePosition(ReadPartition partition, long position, CancellationToken stop) => StoreAsync(BatchOf(partition, [], position), stop).GetAwaiter().GetResult();

    private TopicBatch BatchOf(ReadPartition partition, IReadOnlyList<TopicRecord> records, long position) =>
        new(partition.Identity, partition.Place.Number, records, position) { Name = partition.Place.ToString(), Mapping = mapping };

    private async Task StoreAsync(ReadPartition partition, TopicBatch batch, long newest, CancellationToken stop)
    {
        if (await StoreAsync(batch, stop).ConfigureAwait(false))
        {
            partition.NewestStored = newest;
            partition.Stored = batch.NextOffset;
            partition.LetGo();
        }
    }

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
