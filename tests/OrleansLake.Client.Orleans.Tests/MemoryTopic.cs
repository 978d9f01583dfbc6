using System.Collections.Concurrent;
using System.Text;
using OrleansLake.Core.Messages;

namespace OrleansLake.Client.Tests;

/// <summary>A topic in this process that several readers read, those of silos that share the process.</summary>
internal sealed class MemoryTopic(int partitions)
{
    internal const string Name = "memory:messages";

    private readonly List<ConcurrentQueue<byte[]>> _logs = [.. Enumerable.Range(0, partitions).Select(static _ => new ConcurrentQueue<byte[]>())];

    internal int Partitions
    {
        get
        {
            lock (_logs)
            {
                return _logs.Count;
            }
        }
    }

    internal void Grow(int to)
    {
        lock (_logs)
        {
            while (_logs.Count < to)
            {
                _logs.Add(new ConcurrentQueue<byte[]>());
            }
        }
    }

    internal void Publish(int partition, string id) => Of(partition).Enqueue(Encoding.UTF8.GetBytes(
        $$"""{"timestamp":"2024-12-16T10:00:00Z","message_id":"{{id}}","event_type":"SENT","channel":"CHAT","user_id":1}"""));

    internal int CountOf(int partition) => Of(partition).Count;

    internal ITopicSource NewSource() => new Source(this);

    private ConcurrentQueue<byte[]> Of(int partition)
    {
        lock (_logs)
        {
            return _logs[partition];
        }
    }

    private sealed class Source(MemoryTopic topic) : ITopicSource
    {
        public string Name => MemoryTopic.Name;

        public string? Mapping => null;

        public bool SkipsGaps => false;

        public Task<ITopicReader> OpenAsync(IReadOnlyList<TopicPosition> known, Action<string> lost, CancellationToken cancellationToken) => Task.FromResult<ITopicReader>(new Reader(topic));

        public override string ToString() => MemoryTopic.Name;
    }

    private sealed class Reader(MemoryTopic topic) : ITopicReader
    {
        private readonly Dictionary<SourcePartition, long> _assigned = [];

        public Task<IReadOnlyList<SourcePartition>> FindPartitionsAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<SourcePartition>>([.. Enumerable.Range(0, topic.Partitions).Select(static number => new SourcePartition("memory:here:messages", number, MemoryTopic.Name))]);

        public Task<long> FindOffsetAsync(SourcePartition partition, SourcePlace place, CancellationToken cancellationToken) =>
            Task.FromResult<long>(place == SourcePlace.Latest ? topic.CountOf(partition.Number) : 0);

        public void Assign(SourcePartition partition, long offset) => _assigned.Add(partition, offset);

        public void Unassign(SourcePartition partition) => _assigned.Remove(partition);

        public SourceRead Read(TimeSpan wait)
        {
            foreach ((SourcePartition partition, long offset) in _assigned)
            {
                if (topic.Of(partition.Number).ElementAtOrDefault((int)offset) is { } value)
                {
                    _assigned[partition] = offset + 1;
                    return SourceRead.Of(partition, new TopicRecord(offset, value), DateTimeOffset.UtcNow);
                }
            }

            Thread.Sleep(wait);
            return SourceRead.Nothing;
        }

        public long? EndOf(SourcePartition partition) => topic.CountOf(partition.Number);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
