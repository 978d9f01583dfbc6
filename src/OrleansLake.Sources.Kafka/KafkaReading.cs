using System.Text.RegularExpressions;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using OrleansLake.Client.Embedded;
using OrleansLake.Core.Messages;

namespace OrleansLake.Sources.Kafka;

/// <summary>
/// Reads partitions by one consumer: finds them, gathers their records into batches, and has these stored, of each partition one after the
/// other. Runs on one thread.
/// </summary>
/// <remarks>
/// While a batch is being stored the next one gathers, so batches grow with the load and their fsyncs are shared; when nothing waits, a record is
/// sent at once. What is read and not stored yet is at most <see cref="BytesMax"/>: then the brokers wait.
/// </remarks>
internal sealed class KafkaReading(
    KafkaTopics topics, IConsumer<byte[]?, byte[]?> consumer, KafkaStore store, LakeMetrics metrics, TimeProvider clock, ILogger logger, RepeatedLine lost) : IDisposable
{
    private const long BytesMax = 64 << 20;
    private const long BatchBytesMax = 4 << 20;
    private const int BatchRecordsMax = 20_000;

    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UpkeepInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GatherMax = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(2);

    private readonly Dictionary<TopicPartition, KafkaPartition> _partitions = [];
    private volatile KafkaPartition[] _all = [];
    private readonly Regex[] _patterns = [.. topics.Names.Where(static name => name.StartsWith('^')).Select(static name => new Regex(name, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking))];
    private readonly RepeatedLine _withoutValue = new(clock);
    private readonly KafkaGroup? _group = topics.Group is { } group ? new KafkaGroup(topics, group, consumer, clock, logger) : null;
    private readonly IAdminClient _admin = new DependentAdminClientBuilder(consumer.Handle).Build();
    private KafkaPlaces? _places;
    private IDisposable? _lag;

    /// <summary>Reads until it is to stop, and then stores what is known of the positions.</summary>
    /// <exception cref="KafkaException">The client cannot go on; another one reads on from the positions in the lake.</exception>
    internal void Run(CancellationToken stop)
    {
        long refreshed = 0;
        long kept = clock.GetTimestamp();
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (refreshed == 0 || clock.GetElapsedTime(refreshed) >= RefreshInterval)
                {
                    Refresh(stop);
                    refreshed = clock.GetTimestamp();
                }

                Gather(stop);
                foreach (KafkaPartition partition in _all)
                {
                    Sweep(partition, stop);
                }

                if (clock.GetElapsedTime(kept) >= UpkeepInterval)
                {
                    Keep(stop);
                    kept = clock.GetTimestamp();
                }
            }
        }
        finally
        {
            Finish();
        }
    }

    public void Dispose()
    {
        _lag?.Dispose();
        _admin.Dispose();
    }

    // Finds topics and partitions that are new.
    private void Refresh(CancellationToken stop)
    {
        _lag ??= metrics.ObserveSource(Lags);
        var found = new List<TopicMetadata>();
        try
        {
            found.AddRange(topics.Names.Where(static name => !name.StartsWith('^')).SelectMany(name => _admin.GetMetadata(name, Answer).Topics));
            if (_patterns.Length > 0)
            {
                found.AddRange(_admin.GetMetadata(Answer).Topics.Where(topic => Array.Exists(_patterns, pattern => pattern.IsMatch(topic.Topic)) && !topic.Topic.StartsWith("__", StringComparison.Ordinal)));
            }

            _places ??= KafkaPlaces.Find(topics, _admin, store, logger);
        }
        catch (KafkaException e)
        {
            Lost(KafkaFailure.Describe(e.Error, topics));
            return;
        }

        int before = _partitions.Count;
        foreach (TopicMetadata topic in found.DistinctBy(static topic => topic.Topic))
        {
            if (topic.Error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic)
            {
                Lost($"there is no topic '{topic.Topic}' at {string.Join(",", topics.Brokers)}; it is read once there is one");
            }
            else if (topic.Error.IsError)
            {
                Lost(KafkaFailure.Describe(topic.Error, topics));
            }

            foreach (PartitionMetadata partition in topic.Partitions.Where(partition => !_partitions.ContainsKey(new TopicPartition(topic.Topic, partition.PartitionId))))
            {
                Start(new TopicPartition(topic.Topic, partition.PartitionId), stop);
            }
        }

        if (_partitions.Count > before)
        {
            logger.TopicsConnected(_partitions.Count, topics);
        }
    }

    private void Start(TopicPartition place, CancellationToken stop)
    {
        try
        {
            (string identity, long position, bool isNew) = _places!.StartOf(place, consumer, Answer);
            var partition = new KafkaPartition(place, identity, position);

            // Known from now on, or it would be looked for again after a stop that came before its first record.
            if (isNew && !store.StoreAsync(store.BatchOf(partition, [], position), stop).GetAwaiter().GetResult())
            {
                return;
            }

            Set(partition);
            Assign(partition);
            logger.PartitionStarted(place.Partition, place.Topic, $"offset {position} on{(isNew ? "" : ", where the lake is")}");
        }
        catch (KafkaException e)
        {
            Lost(KafkaFailure.Describe(e.Error, topics));
        }
    }

    private void Set(KafkaPartition partition)
    {
        _partitions[partition.Place] = partition;
        _all = [.. _partitions.Values];
    }

    private void Assign(KafkaPartition partition) => consumer.IncrementalAssign([new TopicPartitionOffset(partition.Place, partition.Position)]);

    // Reads for some milliseconds at most, or until there is nothing.
    private void Gather(CancellationToken stop)
    {
        if (_all.Sum(static one => one.WaitingBytes + one.StoringBytes) > BytesMax)
        {
            stop.WaitHandle.WaitOne(Busy);
            return;
        }

        long begun = clock.GetTimestamp();
        bool isRead = Poll(Array.Exists(_all, static one => one.Waiting.Count > 0) ? Busy : Idle, stop);
        while (isRead && clock.GetElapsedTime(begun) < GatherMax)
        {
            isRead = Poll(TimeSpan.Zero, stop);
        }
    }

    // Whether there was something.
    private bool Poll(TimeSpan wait, CancellationToken stop)
    {
        ConsumeResult<byte[]?, byte[]?>? read;
        try
        {
            read = consumer.Consume(wait);
        }
        catch (ConsumeException e) when (e.Error.Code == ErrorCode.Local_AutoOffsetReset)
        {
            Gap(_partitions[e.ConsumerRecord.TopicPartition], stop);
            return true;
        }
        catch (ConsumeException e) when (!e.Error.IsFatal)
        {
            Lost(KafkaFailure.Describe(e.Error, topics));
            return false;
        }

        if (read is null || !_partitions.TryGetValue(read.TopicPartition, out KafkaPartition? partition) || partition.IsStopped)
        {
            return false;
        }

        lost.Reset();
        if (read.IsPartitionEOF)
        {
            // Behind the last record may be offsets without one: of transactions, and of records that were compacted away.
            partition.Position = Math.Max(partition.Position, read.Offset);
            partition.End = Math.Max(partition.End, read.Offset);
            return false;
        }

        if (read.Offset < partition.Position)
        {
            return true;
        }

        if (read.Message.Value is { } value)
        {
            partition.Add(RecordOf(read, value), read.Message.Timestamp.UnixTimestampMs);
            if (partition.WaitingBytes >= BatchBytesMax || partition.Waiting.Count >= BatchRecordsMax)
            {
                Sweep(partition, stop);
            }
        }
        else
        {
            partition.Position = read.Offset + 1;
            if (_withoutValue.IsDue(""))
            {
                logger.RecordWithoutValue(partition.Place.Partition, partition.Place.Topic, read.Offset);
            }
        }

        return true;
    }

    private static TopicRecord RecordOf(ConsumeResult<byte[]?, byte[]?> read, byte[] value) => new(read.Offset, value)
    {
        Key = read.Message.Key is { } key ? new ReadOnlyMemory<byte>(key) : null,
        Attributes = () => RecordJson.Of(read.Message.Key, read.Message.Headers),
        Refusal = value.AsSpan().ContainsAnyExcept(" \t\r\n,"u8) ? null : new Refusal(RejectionReason.NotReadable, "the record is empty, but a JSON object is expected"),
    };

    // Stores what waits, unless something is being stored.
    private void Sweep(KafkaPartition partition, CancellationToken stop)
    {
        if (partition.Storing is { IsCompleted: true } storing)
        {
            partition.Storing = null;
            storing.GetAwaiter().GetResult();
        }

        if (partition.Storing is null && partition.Waiting.Count > 0)
        {
            long newest = partition.NewestRead;
            TopicBatch batch = store.BatchOf(partition, partition.Take(), partition.Position);
            partition.Storing = Task.Run(() => StoreAsync(partition, batch, newest, stop), CancellationToken.None);
        }
    }

    private async Task StoreAsync(KafkaPartition partition, TopicBatch batch, long newest, CancellationToken stop)
    {
        if (await store.StoreAsync(batch, stop).ConfigureAwait(false))
        {
            partition.NewestStored = newest;
            partition.Stored = batch.NextOffset;
            partition.StoringBytes = 0;
        }
    }

    // Once a second: where partitions end, positions that nothing else says, and the group.
    private void Keep(CancellationToken stop)
    {
        foreach (KafkaPartition partition in _all.Where(static one => !one.IsStopped))
        {
            WatermarkOffsets known = consumer.GetWatermarkOffsets(partition.Place);
            partition.End = known.High == Offset.Unset ? partition.End : Math.Max(partition.End, known.High);
            if (partition is { Storing: null, Waiting.Count: 0 } && partition.Position > partition.Settled)
            {
                Settle(partition, stop);
            }
        }

        _group?.Commit(_all);
    }

    private void Settle(KafkaPartition partition, CancellationToken stop)
    {
        if (store.StoreAsync(store.BatchOf(partition, [], partition.Position), stop).GetAwaiter().GetResult())
        {
            partition.Stored = partition.Settled = partition.Position;
        }
    }

    // The broker does not have the record that comes next.
    private void Gap(KafkaPartition partition, CancellationToken stop)
    {
        WatermarkOffsets has = consumer.QueryWatermarkOffsets(partition.Place, Answer);
        long at = partition.Position;
        bool isBehind = at < has.Low;
        if (!isBehind && at <= has.High)
        {
            consumer.IncrementalUnassign([partition.Place]);
            Assign(partition);
            return;
        }

        string reason = isBehind ? $"the broker has deleted the records from offset {at} to {has.Low - 1} before they were read"
            : $"it ends at offset {has.High}, but was read up to {at}: the topic was made again, or has lost records";
        consumer.IncrementalUnassign([partition.Place]);
        if (!topics.SkipsGaps)
        {
            partition.IsStopped = true;
            logger.GapStops(partition.Place.Partition, partition.Place.Topic, reason, has.Low);
            return;
        }

        metrics.SourceGap(NameOf(partition), isBehind ? has.Low - at : 0);
        logger.GapSkipped(partition.Place.Partition, partition.Place.Topic, has.Low, reason);
        partition.Storing?.GetAwaiter().GetResult();
        var next = new KafkaPartition(partition.Place, isBehind ? partition.Identity : KafkaPlaces.MadeAgain(partition.Identity), has.Low);
        Set(next);
        if (store.StoreAsync(store.BatchOf(next, [], has.Low), stop).GetAwaiter().GetResult())
        {
            Assign(next);
        }
    }

    private void Finish()
    {
        foreach (KafkaPartition partition in _all)
        {
            partition.Storing?.GetAwaiter().GetResult();
            if (partition.Stored > partition.Settled)
            {
                store.StoreAsync(store.BatchOf(partition, [], partition.Stored), new CancellationToken(canceled: true)).GetAwaiter().GetResult();
            }
        }

        _group?.Finish(_all);
        consumer.Close();
    }

    private void Lost(string reason)
    {
        if (lost.IsDue(reason))
        {
            logger.TopicsLost(topics, reason);
        }
    }

    private IEnumerable<SourceLag> Lags() => _all.Select(one => new SourceLag(
        NameOf(one), one.Place.Partition, one.Lag,
        one.Lag > 0 && one.NewestStored > 0 ? clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(one.NewestStored) : TimeSpan.Zero));

    private static string NameOf(KafkaPartition partition) => $"kafka:{partition.Place.Topic}";
}
