using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using OrleansLake.Client.Embedded;

namespace OrleansLake.Sources.Kafka;

/// <summary>Commits positions to a consumer group, for tools that look at groups: the lake does not read them.</summary>
internal sealed class KafkaGroup(KafkaTopics topics, string group, IConsumer<ReadOnlyMemory<byte>?, ReadOnlyMemory<byte>?> consumer, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<TopicPartition, long> _committed = [];
    private readonly RepeatedLine _failed = new(clock);
    private IReadOnlyList<TopicPartitionOffset> _stored = [];
    private Task _committing = Task.CompletedTask;
    private long _begun;

    /// <summary>Commits what is stored by now, some seconds after the last time, and not on this thread: a group's broker may be away.</summary>
    internal void Show(IReadOnlyList<TopicPartitionOffset> stored)
    {
        _stored = stored;
        if (_committing.IsCompleted && clock.GetElapsedTime(_begun) >= Interval)
        {
            _begun = clock.GetTimestamp();
            TopicPartitionOffset[] changed = Changed();
            _committing = changed.Length == 0 ? Task.CompletedTask : Task.Run(() => Commit(changed));
        }
    }

    /// <summary>Commits for the last time.</summary>
    internal void Finish()
    {
        long begun = clock.GetTimestamp();
        while (clock.GetElapsedTime(begun) < Interval && _committing.Wait(Interval) && Changed() is { Length: > 0 } changed)
        {
            _committing = Task.Run(() => Commit(changed));
            if (_committing.Wait(Interval) && Changed().Length > 0)
            {
                // The group's broker may not be known yet.
                Thread.Sleep(Rest);
            }
        }
    }

    private TopicPartitionOffset[] Changed() => [.. _stored.Where(one => _committed.GetValueOrDefault(one.TopicPartition, -1) != one.Offset.Value)];

    private void Commit(TopicPartitionOffset[] stored)
    {
        try
        {
            consumer.Commit(stored);
            foreach (TopicPartitionOffset one in stored)
            {
                _committed[one.TopicPartition] = one.Offset;
            }

            _failed.Reset();
        }
        catch (KafkaException e)
        {
            string reason = KafkaFailure.Describe(e.Error, topics);
            if (_failed.IsDue(reason))
            {
                logger.GroupNotCommitted(topics, group, reason);
            }
        }
    }
}
