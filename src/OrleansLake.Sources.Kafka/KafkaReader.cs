using System.Globalization;
using System.Text.RegularExpressions;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using OrleansLake.Client;
using OrleansLake.Core.Messages;

namespace OrleansLake.Sources.Kafka;

/// <summary>Reads partitions by one consumer of librdkafka.</summary>
internal sealed class KafkaReader : ITopicReader
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);

    private readonly Dictionary<TopicPartition, SourcePartition> _partitions = [];
    private readonly Dictionary<SourcePartition, TopicPartition> _places = [];
    private readonly KafkaTopics _topics;
    private readonly IConsumer<ReadOnlyMemory<byte>?, ReadOnlyMemory<byte>?> _consumer;
    private readonly IReadOnlyList<TopicPosition> _known;
    private readonly Action<string> _lost;
    private readonly ILogger _logger;
    private readonly IAdminClient _admin;
    private readonly Regex[] _patterns;
    private readonly KafkaGroup? _group;
    private string? _cluster;

    // The partition of the record before: records of one come one after the other.
    private TopicPartition? _lastPlace;
    private SourcePartition? _lastPartition;

    internal KafkaReader(KafkaTopics topics, IConsumer<ReadOnlyMemory<byte>?, ReadOnlyMemory<byte>?> consumer, IReadOnlyList<TopicPosition> known, Action<string> lost, TimeProvider clock, ILogger logger)
    {
        _topics = topics;
        _consumer = consumer;
        _known = known;
        _lost = lost;
        _logger = logger;
        _admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        _patterns = [.. topics.Names.Where(static name => name.StartsWith('^')).Select(static name => new Regex(name, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking))];
        _group = topics.Group is { } group ? new KafkaGroup(topics, group, consumer, clock, logger) : null;
    }

    public Task<IReadOnlyList<SourcePartition>> FindPartitionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            Find();
        }
        catch (KafkaException e)
        {
            _lost(KafkaFailure.Describe(e.Error, _topics));
        }

        return Task.FromResult<IReadOnlyList<SourcePartition>>([.. _partitions.Values]);
    }

    public Task<long> FindOffsetAsync(SourcePartition partition, SourcePlace place, CancellationToken cancellationToken)
    {
        string start = place switch
        {
            SourcePlace.Earliest => "earliest",
            SourcePlace.Latest => "latest",
            _ => _topics.Start,
        };
        try
        {
            return Task.FromResult(OffsetOf(_places[partition], start));
        }
        catch (KafkaException e)
        {
            throw new SourceException(KafkaFailure.Describe(e.Error, _topics), e);
        }
    }

    public void Assign(SourcePartition partition, long offset) => _consumer.IncrementalAssign([new TopicPartitionOffset(_places[partition], offset)]);

    public void Unassign(SourcePartition partition)
    {
        if (_consumer.Assignment.Contains(_places[partition]))
        {
            _consumer.IncrementalUnassign([_places[partition]]);
        }
    }

    public SourceRead Read(TimeSpan wait)
    {
        try
        {
            return _consumer.Consume(wait) is { } read && Find(read.Topic, read.Partition) is { } partition ? ReadOf(partition, read) : SourceRead.Nothing;
        }
        catch (ConsumeException e) when (e.Error.Code == ErrorCode.Local_AutoOffsetReset)
        {
            TopicPartition place = e.ConsumerRecord.TopicPartition;
            WatermarkOffsets has = _consumer.QueryWatermarkOffsets(place, Answer);
            return SourceRead.OutOfRange(_partitions[place], has.Low, has.High);
        }
        catch (ConsumeException e) when (!e.Error.IsFatal)
        {
            _lost(KafkaFailure.Describe(e.Error, _topics));
            return SourceRead.Nothing;
        }
        catch (KafkaException e)
        {
            throw new SourceException(KafkaFailure.Describe(e.Error, _topics), e);
        }
    }

    public long? EndOf(SourcePartition partition)
    {
        Offset end = _consumer.GetWatermarkOffsets(_places[partition]).High;
        return end == Offset.Unset ? null : end.Value;
    }

    public void ShowStored(IReadOnlyList<SourcePosition> stored) =>
        _group?.Show([.. stored.Select(one => new TopicPartitionOffset(_places[one.Partition], one.NextOffset))]);

    public ValueTask DisposeAsync()
    {
        _group?.Finish();
        _consumer.Close();
        _admin.Dispose();
        _consumer.Dispose();
        return ValueTask.CompletedTask;
    }

    private SourcePartition? Find(string topic, Partition number)
    {
        if (_lastPlace is null || _lastPlace.Partition != number || !_lastPlace.Topic.Equals(topic, StringComparison.Ordinal))
        {
            var place = new TopicPartition(topic, number);
            if (!_partitions.TryGetValue(place, out SourcePartition? partition))
            {
                return null;
            }

            (_lastPlace, _lastPartition) = (place, partition);
        }

        return _lastPartition;
    }

    private void Find()
    {
        var found = new List<TopicMetadata>();
        found.AddRange(_topics.Names.Where(static name => !name.StartsWith('^')).SelectMany(name => _admin.GetMetadata(name, Answer).Topics));
        if (_patterns.Length > 0)
        {
            found.AddRange(_admin.GetMetadata(Answer).Topics.Where(topic => Array.Exists(_patterns, pattern => pattern.IsMatch(topic.Topic)) && !topic.Topic.StartsWith("__", StringComparison.Ordinal)));
        }

        _cluster ??= KafkaClusterName.Find(_topics, _admin, _known, _logger);
        foreach (TopicMetadata topic in found.DistinctBy(static topic => topic.Topic))
        {
            if (topic.Error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic)
            {
                _lost($"there is no topic '{topic.Topic}' at {string.Join(",", _topics.Brokers)}; it is read once there is one");
            }
            else if (topic.Error.IsError)
            {
                _lost(KafkaFailure.Describe(topic.Error, _topics));
            }

            foreach (PartitionMetadata partition in topic.Partitions)
            {
                var place = new TopicPartition(topic.Topic, partition.PartitionId);
                if (!_partitions.ContainsKey(place))
                {
                    _places[_partitions[place] = new SourcePartition($"kafka:{_cluster}:{topic.Topic}", partition.PartitionId, $"kafka:{topic.Topic}")] = place;
                }
            }
        }
    }

    private long OffsetOf(TopicPartition place, string start)
    {
        if (long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out long offset))
        {
            return offset;
        }

        WatermarkOffsets has = _consumer.QueryWatermarkOffsets(place, Answer);
        if (KafkaTopics.TryTime(start, out DateTimeOffset time))
        {
            Offset at = _consumer.OffsetsForTimes([new TopicPartitionTimestamp(place, new Timestamp(time.UtcDateTime))], Answer)[0].Offset;
            return at == Offset.End ? has.High : at;
        }

        return start == "latest" ? has.High : has.Low;
    }

    private static SourceRead ReadOf(SourcePartition partition, ConsumeResult<ReadOnlyMemory<byte>?, ReadOnlyMemory<byte>?> read)
    {
        if (read.IsPartitionEOF)
        {
            return SourceRead.AtEnd(partition, read.Offset);
        }

        if (read.Message.Value is not { } value)
        {
            return SourceRead.WithoutValue(partition, read.Offset);
        }

        var record = new TopicRecord(read.Offset, value)
        {
            Key = read.Message.Key,
            Attributes = AttributesOf(read.Message),
            Refusal = value.Span.ContainsAnyExcept(" \t\r\n,"u8) ? null : new Refusal(RejectionReason.NotReadable, "the record is empty, but a JSON object is expected"),
        };
        return SourceRead.Of(partition, record, DateTimeOffset.FromUnixTimeMilliseconds(read.Message.Timestamp.UnixTimestampMs));
    }

    // What they return is made in lakes alone that keep it; most records have no headers.
    private static Func<TopicRecord, string?>? AttributesOf(Message<ReadOnlyMemory<byte>?, ReadOnlyMemory<byte>?> message) =>
        message.Headers is { Count: > 0 } headers ? record => RecordJson.Of(record.Key, headers)
        : message.Key is null ? null : static record => RecordJson.Of(record.Key, null);
}
