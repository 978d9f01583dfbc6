using Orleans.Streams;
using OrleansLake.Grains.Cluster;

namespace OrleansLake.Grains.Streams;

/// <summary>The streams' provider: a queue for each partition, which is its log. Messages come in by the partition's owner only.</summary>
internal sealed class LakeAdapterFactory(string name, LakeClusterHost host, IGrainFactory grains) : IQueueAdapterFactory, IQueueAdapter, IQueueAdapterCache
{
    private PartitionQueueMapper? _mapper;

    public string Name { get; } = name;

    public bool IsRewindable => true;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadOnly;

    public async Task<IQueueAdapter> CreateAdapter()
    {
        _mapper = new PartitionQueueMapper((await host.LakeAsync()).Partitions);
        return this;
    }

    public IQueueAdapterCache GetQueueAdapterCache() => this;

    public IStreamQueueMapper GetStreamQueueMapper() => Mapper;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => new LogReceiver(PartitionOf(queueId), grains);

    public IQueueCache CreateQueueCache(QueueId queueId) => new LogCache(PartitionOf(queueId), host.Store);

    public Task QueueMessageBatchAsync<T>(StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext) =>
        throw new NotSupportedException("The lake's streams are read only: messages are sent to the lake, and come out here when they are durable.");

    private PartitionQueueMapper Mapper => _mapper ?? throw new InvalidOperationException("the streams have not been started");

    private int PartitionOf(QueueId queue) => Mapper.PartitionOf(queue);
}
