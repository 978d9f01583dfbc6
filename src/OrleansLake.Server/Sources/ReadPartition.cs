using OrleansLake.Client;
using OrleansLake.Core.Messages;

namespace OrleansLake.Server.Sources;

/// <summary>A partition that is read. The thread that reads owns it; <see cref="Stored"/> and what is for metrics may be read by any.</summary>
/// <param name="place">The partition, as its source gave it.</param>
/// <param name="identity">The topic's identity in the lake, with its generation.</param>
/// <param name="position">The offset from which it is read.</param>
internal sealed class ReadPartition(SourcePartition place, string identity, long position)
{
    private long _stored = position;
    private long _end = position;
    private long _newest;
    private RecordBuffer _waiting = new();
    private RecordBuffer _storing = new();

    internal SourcePartition Place => place;

    /// <summary>Gets the topic's identity in the lake.</summary>
    internal string Identity => identity;

    /// <summary>Gets or sets the offset behind what was read.</summary>
    internal long Position { get; set; } = position;

    /// <summary>Gets the records that wait for the batch before them.</summary>
    internal RecordBuffer Waiting => _waiting;

    /// <summary>Gets or sets the bytes of the records that are being stored.</summary>
    internal long StoringBytes { get; set; }

    /// <summary>Gets or sets the batch that is being stored; null if there is none.</summary>
    internal Task? Storing { get; set; }

    /// <summary>Gets or sets the position that frames of the lake have said to be complete.</summary>
    internal long Settled { get; set; } = position;

    /// <summary>Gets or sets the reason why it is not read any further; null while it is.</summary>
    internal volatile string? Stopped;

    /// <summary>Gets or sets the offset behind what the lake has.</summary>
    internal long Stored
    {
        get => Volatile.Read(ref _stored);
        set => Volatile.Write(ref _stored, value);
    }

    /// <summary>Gets or sets the offset at which the partition ends, as far as its broker has said.</summary>
    internal long End
    {
        get => Volatile.Read(ref _end);
        set => Volatile.Write(ref _end, value);
    }

    /// <summary>Gets or sets the broker's time of the newest record that the lake has, in ticks of UTC; 0: none.</summary>
    internal long NewestStored
    {
        get => Volatile.Read(ref _newest);
        set => Volatile.Write(ref _newest, value);
    }

    /// <summary>Gets the broker's time of the newest record that was read, in ticks of UTC.</summary>
    internal long NewestRead { get; private set; }

    /// <summary>Gets the number of records that the lake does not have yet.</summary>
    internal long Lag => Math.Max(0, End - Stored);

    /// <summary>Returns its status.</summary>
    internal SourcePartitionStatus StatusAt(DateTimeOffset now) => new(place.Name, place.Number, Stored, Math.Max(End, Stored), LagTime(now), Stopped);

    /// <summary>Returns the age of the newest record that the lake has, where it does not have all.</summary>
    internal TimeSpan LagTime(DateTimeOffset now) => Lag > 0 && NewestStored > 0 ? TimeSpan.FromTicks(Math.Max(0, now.UtcTicks - NewestStored)) : TimeSpan.Zero;

    internal void Add(in TopicRecord record, DateTimeOffset time)
    {
        _waiting.Add(record);
        Position = record.Offset + 1;
        End = Math.Max(End, Position);
        NewestRead = time.UtcTicks;
    }

    /// <summary>Takes the records that wait, for a batch: nothing is being stored.</summary>
    internal IReadOnlyList<TopicRecord> Take()
    {
        (_waiting, _storing) = (_storing, _waiting);
        StoringBytes = _storing.Bytes;
        return _storing.Records;
    }

    /// <summary>Lets go of the records that were taken: nothing reads them any more.</summary>
    internal void LetGo()
    {
        _storing.Clear();
        StoringBytes = 0;
    }
}
