using Confluent.Kafka;
using OrleansLake.Core.Messages;

namespace OrleansLake.Sources.Kafka;

/// <summary>A partition of a topic that is read. The thread that reads owns it; <see cref="Stored"/> and what is for metrics may be read by any.</summary>
/// <param name="place">The topic and the partition's number.</param>
/// <param name="identity">The topic's identity in the lake.</param>
/// <param name="position">The offset from which it is read.</param>
internal sealed class KafkaPartition(TopicPartition place, string identity, long position)
{
    private long _stored = position;
    private long _end = position;
    private long _newest;

    internal TopicPartition Place => place;

    /// <summary>Gets the topic's identity in the lake.</summary>
    internal string Identity => identity;

    /// <summary>Gets or sets the offset behind what was read.</summary>
    internal long Position { get; set; } = position;

    /// <summary>Gets the records that wait for the batch before them.</summary>
    internal List<TopicRecord> Waiting { get; private set; } = [];

    /// <summary>Gets the bytes of those records.</summary>
    internal long WaitingBytes { get; private set; }

    /// <summary>Gets or sets the bytes of the records that are being stored.</summary>
    internal long StoringBytes { get; set; }

    /// <summary>Gets or sets the batch that is being stored; null if there is none.</summary>
    internal Task? Storing { get; set; }

    /// <summary>Gets or sets the position that frames of the lake have said to be complete.</summary>
    internal long Settled { get; set; } = position;

    /// <summary>Gets or sets a value indicating whether it is not read any further.</summary>
    internal bool IsStopped { get; set; }

    /// <summary>Gets or sets the offset behind what the lake has.</summary>
    internal long Stored
    {
        get => Volatile.Read(ref _stored);
        set => Volatile.Write(ref _stored, value);
    }

    /// <summary>Gets or sets the offset at which the partition ends, as far as the brokers have said.</summary>
    internal long End
    {
        get => Volatile.Read(ref _end);
        set => Volatile.Write(ref _end, value);
    }

    /// <summary>Gets or sets the broker's time of the newest record that the lake has, in milliseconds since 1970; 0: none.</summary>
    internal long NewestStored
    {
        get => Volatile.Read(ref _newest);
        set => Volatile.Write(ref _newest, value);
    }

    /// <summary>Gets the broker's time of the newest record that was read.</summary>
    internal long NewestRead { get; private set; }

    /// <summary>Gets the number of records that the lake does not have yet.</summary>
    internal long Lag => Math.Max(0, End - Stored);

    internal void Add(TopicRecord record, long timestamp)
    {
        Waiting.Add(record);
        WaitingBytes += record.Value.Length;
        Position = record.Offset + 1;
        NewestRead = timestamp;
    }

    /// <summary>Takes the records that wait, for a batch.</summary>
    internal List<TopicRecord> Take()
    {
        List<TopicRecord> taken = Waiting;
        StoringBytes = WaitingBytes;
        Waiting = [];
        WaitingBytes = 0;
        return taken;
    }
}
