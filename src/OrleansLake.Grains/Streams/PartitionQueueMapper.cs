using Orleans.Streams;

namespace OrleansLake.Grains.Streams;

/// <summary>A queue for each partition.</summary>
internal sealed class PartitionQueueMapper : IConsistentRingStreamQueueMapper
{
    private readonly QueueId[] _queues;
    private readonly Dictionary<QueueId, int> _partitions;

    internal PartitionQueueMapper(int partitions)
    {
        _queues = [.. Enumerable.Range(0, partitions).Select(LakeStreams.QueueOf)];
        _partitions = _queues.Index().ToDictionary(q => q.Item, q => q.Index);
    }

    public IEnumerable<QueueId> GetAllQueues() => _queues;

    public QueueId GetQueueForStream(StreamId streamId) => _queues[LakeStreams.PartitionOf(streamId)];

    public IEnumerable<QueueId> GetQueuesForRange(IRingRange range) => _queues.Where(queue => range.InRange(queue.GetUniformHashCode()));

    internal int PartitionOf(QueueId queue) => _partitions[queue];
}
