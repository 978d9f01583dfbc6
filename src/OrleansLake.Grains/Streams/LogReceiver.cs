using Orleans.Streams;

namespace OrleansLake.Grains.Streams;

/// <summary>
/// Follows a partition's log by asking its owner, who alone knows what is durable. It starts at the newest commit: what
/// came before it is in Parquet, and in the state of those who applied it.
/// </summary>
internal sealed class LogReceiver(int partition, IGrainFactory grains) : IQueueAdapterReceiver
{
    private const int FramesAtOnce = 256;

    private readonly IPartitionGrain _owner = grains.GetGrain<IPartitionGrain>(partition);
    private long _next;

    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount)
    {
        int framesMax = maxCount == QueueAdapterConstants.UNLIMITED_GET_QUEUE_MSG ? FramesAtOnce : Math.Min(maxCount, FramesAtOnce);
        FrameBlock block = await _owner.ReadAsync(_next, framesMax);
        var batches = new List<IBatchContainer>(block.Frames.Count);
        foreach (BronzeFrame frame in block.Frames)
        {
            batches.Add(new FrameBatch(LakeStreams.StreamOf(partition), frame.Sequence, frame));
            _next = frame.Sequence + 1;
        }

        return batches;
    }

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    public Task Shutdown(TimeSpan timeout) => Task.CompletedTask;
}
