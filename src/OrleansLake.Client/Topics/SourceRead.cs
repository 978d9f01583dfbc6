using OrleansLake.Core.Messages;

namespace OrleansLake.Client;

/// <summary>A record of a partition, or another thing that a reader has met in it.</summary>
public readonly record struct SourceRead
{
    private readonly SourcePartition? _partition;

    private SourceRead(SourceReadKind kind, SourcePartition partition, long offset)
    {
        Kind = kind;
        _partition = partition;
        Offset = offset;
    }

    /// <summary>Gets that nothing came.</summary>
    public static SourceRead Nothing => default;

    /// <summary>Gets what it is.</summary>
    public SourceReadKind Kind { get; }

    /// <summary>Gets the partition.</summary>
    /// <exception cref="InvalidOperationException">Nothing came.</exception>
    public SourcePartition Partition => _partition ?? throw new InvalidOperationException("Nothing was read.");

    /// <summary>Gets the record, whose value and key are good until the next call of its reader; an empty one of other kinds.</summary>
    public TopicRecord Record { get; private init; }

    /// <summary>Gets the broker's time of a record; the least time there is where it has none.</summary>
    public DateTimeOffset Time { get; private init; }

    /// <summary>Gets the offset of a record, of the end, or the first one that the broker still has.</summary>
    public long Offset { get; }

    /// <summary>Gets the offset at which a partition ends of which the record that comes next is gone.</summary>
    public long End { get; private init; }

    /// <summary>Returns a record that was read.</summary>
    /// <param name="partition">Its partition.</param>
    /// <param name="record">The record.</param>
    /// <param name="time">The broker's time of it; the least time there is: it has none.</param>
    public static SourceRead Of(SourcePartition partition, in TopicRecord record, DateTimeOffset time) =>
        new(SourceReadKind.Record, partition, record.Offset) { Record = record, Time = time };

    /// <summary>Returns that there is a record without a value.</summary>
    /// <param name="partition">Its partition.</param>
    /// <param name="offset">Its offset.</param>
    public static SourceRead WithoutValue(SourcePartition partition, long offset) => new(SourceReadKind.WithoutValue, partition, offset);

    /// <summary>Returns that the end of a partition is reached, for now.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="end">The offset that the next record gets, or one before it.</param>
    public static SourceRead AtEnd(SourcePartition partition, long end) => new(SourceReadKind.End, partition, end);

    /// <summary>Returns that the record is gone that comes next.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="first">The first offset that the broker has.</param>
    /// <param name="end">The offset at which the partition ends: before the one that comes next, where the topic was made again.</param>
    public static SourceRead OutOfRange(SourcePartition partition, long first, long end) => new(SourceReadKind.OutOfRange, partition, first) { End = end };
}
