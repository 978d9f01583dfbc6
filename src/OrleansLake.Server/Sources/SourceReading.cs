using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Core.Messages;

namespace OrleansLake.Server.Sources;

/// <summary>
/// Reads the partitions of a source by one reader: finds them, gathers their records into batches, and has these stored, of each partition one after the
/// other. Runs on one thread.
/// </summary>
/// <remarks>
/// While a batch is being stored the next one gathers, so batches grow with the load and their fsyncs are shared; when nothing waits, a record is
/// sent at once. What is read and not stored yet is at most <see cref="BytesMax"/>: then the broker waits.
/// </remarks>
internal sealed class SourceReading(
    ITopicSource source, ITopicReader reader, SourceStore store, LakeMetrics metrics, TimeProvider clock, ILogger logger, RepeatedLine lost)
{
    private const long BytesMax = 64 << 20;
    private const long BatchBytesMax = 4 << 20;
    private const int BatchRecordsMax = 20_000;

    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UpkeepInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GatherMax = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(2);

    private readonly Dictionary<SourcePartition, ReadPartition> _partitions = [];
    private readonly RepeatedLine _withoutValue = new(clock);
    private volatile ReadPartition[] _all = [];

    // Records of one partition come one after the other.
    private ReadPartition? _last;

    /// <summary>Gets a value indicating whether anything was read.</summary>
    internal bool HasRead { get; private set; }

    /// <summary>Reads until it is to stop, and then stores what is known of the positions and disposes the reader.</summary>
    /// <exception cref="SourceException">The reader cannot go on; another one reads on from the positions in the lake.</exception>
    internal void Run(CancellationToken stop)
    {
        using IDisposable observed = metrics.ObserveSource(Lags);
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
                foreach (ReadPartition partition in _all)
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

    // Finds topics and partitions that are new.
    private void Refresh(CancellationToken stop)
    {
        SourcePartition[] found = [.. reader.FindPartitionsAsync(stop).GetAwaiter().GetResult().Where(place => !_partitions.ContainsKey(place))];
        if (found.Length == 0)
        {
            return;
        }

        // Once for all that are new: the first of a topic's partitions does not make the others ones that were added later.
        IReadOnlyList<TopicPosition> known = store.PositionsAsync().GetAwaiter().GetResult();
        int before = _partitions.Count;
        foreach (SourcePartition place in found)
        {
            try
            {
                Start(place, known, stop);
            }
            catch (SourceException e)
            {
                Lost(e.Message);
            }
        }

        if (_partitions.Count > before)
        {
            logger.TopicsConnected(_partitions.Count, source);
        }
    }

    private void Start(SourcePartition place, IReadOnlyList<TopicPosition> known, CancellationToken stop)
    {
        TopicPosition? at = TopicGenerations.NewestOf(known, place);

        // Of a partition that was added later all is new.
        SourcePlace first = TopicGenerations.IsKnown(known, place.Topic) ? SourcePlace.Earliest : SourcePlace.Configured;
        var partition = new ReadPartition(place, at?.Topic ?? place.Topic, at?.NextOffset ?? reader.FindOffsetAsync(place, first, stop).GetAwaiter().GetResult());

        // Known from now on, or it would be looked for again after a stop that came before its first record.
        if (at is null && !store.StorePositionAsync(partition, partition.Position, stop).GetAwaiter().GetResult())
        {
            return;
        }

        Set(partition);
        reader.Assign(place, partition.Position);
        logger.PartitionStarted(place, $"offset {partition.Position} on{(at is null ? "" : ", where the lake is")}");
    }

    private void Set(ReadPartition partition)
    {
        _partitions[partition.Place] = partition;
        _all = [.. _partitions.Values];
        _last = null;
    }

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
        if (isRead)
        {
            NoteRead();
        }

        while (isRead && clock.GetElapsedTime(begun) < GatherMax)
        {
            isRead = Poll(TimeSpan.Zero, stop);
        }
    }

    // Whether there was something.
    private bool Poll(TimeSpan wait, CancellationToken stop)
    {
        SourceRead read = reader.Read(wait);
        if (read.Kind == SourceReadKind.Nothing || Of(read.Partition) is not { IsStopped: false } partition)
        {
            return false;
        }

        switch (read.Kind)
        {
            case SourceReadKind.Record when read.Offset >= partition.Position:
                partition.Add(read.Record!, read.Time);
                if (partition.WaitingBytes >= BatchBytesMax || partition.Waiting.Count >= BatchRecordsMax)
                {
                    Sweep(partition, stop);
                }

                return true;
            case SourceReadKind.WithoutValue when read.Offset >= partition.Position:
                partition.Position = read.Offset + 1;
                if (_withoutValue.IsDue(""))
                {
                    logger.RecordWithoutValue(partition.Place, read.Offset);
                }

                return true;
            case SourceReadKind.End:
                // Behind the last record may be offsets without one: of transactions, and of records that were compacted away.
                partition.Position = Math.Max(partition.Position, read.Offset);
                partition.End = Math.Max(partition.End, read.Offset);
                NoteRead();
                return false;
            case SourceReadKind.OutOfRange:
                Gap(partition, read, stop);
                return true;
            default:
                return true;
        }
    }

    private void NoteRead()
    {
        HasRead = true;
        lost.Reset();
    }

    private ReadPartition? Of(SourcePartition place)
    {
        if (!ReferenceEquals(_last?.Place, place))
        {
            _last = _partitions.GetValueOrDefault(place);
        }

        return _last;
    }

    // Stores what waits, unless something is being stored.
    private void Sweep(ReadPartition partition, CancellationToken stop)
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

    private async Task StoreAsync(ReadPartition partition, TopicBatch batch, long newest, CancellationToken stop)
    {
        if (await store.StoreAsync(batch, stop).ConfigureAwait(false))
        {
            partition.NewestStored = newest;
            partition.Stored = batch.NextOffset;
            partition.StoringBytes = 0;
        }
    }

    // Once a second: where partitions end, positions that nothing else says, and what others are shown.
    private void Keep(CancellationToken stop)
    {
        foreach (ReadPartition partition in _all.Where(static one => !one.IsStopped))
        {
            partition.End = Math.Max(partition.End, reader.EndOf(partition.Place) ?? 0);
            if (partition is { Storing: null, Waiting.Count: 0 } && partition.Position > partition.Settled
                && store.StorePositionAsync(partition, partition.Position, stop).GetAwaiter().GetResult())
            {
                partition.Stored = partition.Settled = partition.Position;
            }
        }

        ShowStored();
    }

    // The broker does not have the record that comes next.
    private void Gap(ReadPartition partition, SourceRead has, CancellationToken stop)
    {
        long at = partition.Position;
        bool isBehind = at < has.Offset;
        reader.Unassign(partition.Place);
        if (!isBehind && at <= has.End)
        {
            // It was so for a moment.
            reader.Assign(partition.Place, at);
            return;
        }

        string reason = isBehind ? $"the broker has deleted the records from offset {at} to {has.Offset - 1} before they were read"
            : $"it ends at offset {has.End}, but was read up to {at}: the topic was made again, or has lost records";
        if (!source.SkipsGaps)
        {
            partition.IsStopped = true;
            logger.GapStops(partition.Place, reason, has.Offset);
            return;
        }

        metrics.SourceGap(partition.Place.Name, isBehind ? has.Offset - at : 0);
        logger.GapSkipped(partition.Place, has.Offset, reason);
        Drain(partition, stop);
        var next = new ReadPartition(partition.Place, isBehind ? partition.Identity : TopicGenerations.Next(partition.Identity, partition.Place.Topic), has.Offset);
        Set(next);
        if (store.StorePositionAsync(next, has.Offset, stop).GetAwaiter().GetResult())
        {
            reader.Assign(next.Place, has.Offset);
        }
    }

    // What was read before is stored first, or the position would pass it by.
    private void Drain(ReadPartition partition, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && (partition.Storing is not null || partition.Waiting.Count > 0))
        {
            partition.Storing?.GetAwaiter().GetResult();
            Sweep(partition, stop);
        }
    }

    private void Finish()
    {
        try
        {
            foreach (ReadPartition partition in _all)
            {
                partition.Storing?.GetAwaiter().GetResult();
                if (partition.Stored > partition.Settled)
                {
                    store.StorePositionAsync(partition, partition.Stored, new CancellationToken(canceled: true)).GetAwaiter().GetResult();
                }
            }

            ShowStored();
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private void ShowStored() => reader.ShowStored([.. _all.Select(static one => new SourcePosition(one.Place, one.Stored))]);

    private void Lost(string reason)
    {
        if (lost.IsDue(reason))
        {
            logger.TopicsLost(source, reason);
        }
    }

    private IEnumerable<SourceLag> Lags()
    {
        DateTimeOffset now = clock.GetUtcNow();
        return _all.Select(one => new SourceLag(one.Place.Name, one.Place.Number, one.Lag, one.LagTime(now)));
    }
}
