using OrleansLake.Client;
using OrleansLake.Client.Embedded;

namespace OrleansLake.Server.Sources;

/// <summary>
/// Reads the partitions of a source by one reader, or those of a share: finds them, gathers their records into batches, and has these stored, of each
/// partition one after the other. Runs on one thread.
/// </summary>
/// <remarks>
/// While a batch is being stored the next one gathers, so batches grow with the load and their fsyncs are shared; when nothing waits, a record is
/// sent at once. What is read and not stored yet is at most <see cref="BytesMax"/>: then the broker waits.
/// </remarks>
internal sealed class SourceReading(
    ITopicSource source, ITopicReader reader, SourceShare? share, SourceStore store, LakeMetrics metrics, TimeProvider clock, ILogger logger, Action<string> lost, Action isWell)
{
    private const long BytesMax = 64 << 20;
    private const long BatchBytesMax = 4 << 20;
    private const int BatchRecordsMax = 20_000;

    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MissingInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UpkeepInterval = TimeSpan.FromSeconds(1);
    // Asking for the time takes as long as reading a record does.
    private const int RecordsBetweenTimes = 32;

    private static readonly TimeSpan GatherMax = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(2);

    private readonly ReadPartitions _partitions = new(clock);
    private readonly RepeatedLine _withoutValue = new(clock);

    // What others want of the thread that reads.
    private readonly SourceRequests _requests = new();
    private bool _isPaused;

    // Whether there are partitions of the share that the reader, or the lake, does not know yet.
    private bool _isMissing;

    /// <summary>Gets a value indicating whether anything was read.</summary>
    internal bool HasRead { get; private set; }

    /// <summary>Reads until it is to stop, and then stores what is known of the positions and disposes the reader.</summary>
    /// <exception cref="SourceException">The reader cannot go on; another one reads on from the positions in the lake.</exception>
    /// <param name="isPaused">Whether it begins paused.</param>
    /// <param name="stop">Whether it is to stop.</param>
    internal void Run(bool isPaused, CancellationToken stop)
    {
        _isPaused = isPaused;
        using IDisposable observed = metrics.ObserveSource(_partitions.Lags);
        long refreshed = 0;
        int shared = 0;
        long kept = clock.GetTimestamp();
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (refreshed == 0 || shared != (share?.Version ?? 0) || clock.GetElapsedTime(refreshed) >= (_isMissing ? MissingInterval : RefreshInterval))
                {
                    shared = share?.Version ?? 0;
                    Refresh(stop);
                    refreshed = clock.GetTimestamp();
                }

                _requests.Answer(stop);
                Gather(stop);
                foreach (ReadPartition partition in _partitions.All)
                {
                    store.Sweep(partition, stop);
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
            _requests.Close();
            Finish();
        }
    }

    /// <summary>Returns the status of its partitions. Any threads.</summary>
    internal IReadOnlyList<SourcePartitionStatus> Statuses() => _partitions.Statuses();

    /// <summary>Pauses reading, or goes on. Any threads.</summary>
    internal Task<bool> PauseAsync(bool isPaused) => _requests.AskAsync(stop =>
    {
        Pause(isPaused, stop);
        return true;
    });

    /// <summary>Has partitions read from another offset. Any threads.</summary>
    /// <exception cref="LakeClientException">It cannot be done, and the message says why.</exception>
    internal Task<SourceMove[]> SeekAsync(SourceSeek seek) => _requests.AskAsync(stop =>
        SeekPlan.Of(seek, [.. _partitions.Places], reader, stop).Select(move => Seek(_partitions.Find(move.Partition)!, move.NextOffset, stop)).ToArray());

    /// <summary>Reads a partition no longer, and stores what was read of it. Any threads.</summary>
    /// <returns>Whether it was read.</returns>
    internal Task<bool> ReleaseAsync(SourcePartition place) => _requests.AskAsync(stop => Release(place, stop));

    // Finds topics and partitions that are new.
    private void Refresh(CancellationToken stop)
    {
        FindEnds(stop);
        SourcePartition[]? wanted = share?.Beside(_partitions.Places);
        _isMissing = wanted is { Length: > 0 };
        if (share is not null && !_isMissing)
        {
            return;
        }

        SourcePartition[] found = [.. reader.FindPartitionsAsync(stop).GetAwaiter().GetResult().Where(place => wanted?.Contains(place) ?? _partitions.Find(place) is null)];
        if (found.Length == 0)
        {
            return;
        }

        // Once for all that are new: the first of a topic's partitions does not make the others ones that were added later.
        IReadOnlyList<TopicPosition> known = store.PositionsAsync().GetAwaiter().GetResult();
        int before = _partitions.All.Length;
        foreach (SourcePartition place in found)
        {
            try
            {
                Start(place, known, stop);
            }
            catch (SourceException e)
            {
                lost(e.Message);
            }
        }

        _isMissing = share?.Beside(_partitions.Places).Length > 0;
        if (_partitions.All.Length > before)
        {
            logger.TopicsConnected(_partitions.All.Length, source);
        }
    }

    // Of what is not read, where readers may not know it.
    private void FindEnds(CancellationToken stop)
    {
        try
        {
            foreach (ReadPartition partition in _partitions.All.Where(one => _isPaused || one.Stopped is not null))
            {
                partition.End = reader.FindOffsetAsync(partition.Place, SourcePlace.Latest, stop).GetAwaiter().GetResult();
            }
        }
        catch (SourceException e)
        {
            lost(e.Message);
        }
    }

    private void Start(SourcePartition place, IReadOnlyList<TopicPosition> known, CancellationToken stop)
    {
        TopicPosition? at = TopicGenerations.NewestOf(known, place);
        if (at is null && share is not null)
        {
            // Where it begins is decided for all processes, by one of them.
            return;
        }

        var partition = new ReadPartition(
            place, at?.Topic ?? place.Topic, at?.NextOffset ?? reader.FindOffsetAsync(place, TopicGenerations.BeginOf(known, place.Topic), stop).GetAwaiter().GetResult());

        // Known from now on, or it would be looked for again after a stop that came before its first record.
        if (at is null && !store.StorePosition(partition, partition.Position, stop))
        {
            return;
        }

        _partitions.Set(partition);
        if (!_isPaused)
        {
            reader.Assign(place, partition.Position);
        }

        logger.PartitionStarted(place, $"offset {partition.Position} on{(at is null ? "" : ", where the lake is")}");
    }

    // Reads for some milliseconds at most, or until there is nothing.
    private void Gather(CancellationToken stop)
    {
        if (_partitions.All.Sum(static one => one.Waiting.Bytes + one.StoringBytes) > BytesMax)
        {
            stop.WaitHandle.WaitOne(Busy);
            return;
        }

        long begun = clock.GetTimestamp();
        bool isRead = Poll(Array.Exists(_partitions.All, static one => one.Waiting.Count > 0) ? Busy : Idle, stop);
        if (isRead)
        {
            NoteRead();
        }

        for (int i = 1; isRead && (i % RecordsBetweenTimes != 0 || clock.GetElapsedTime(begun) < GatherMax); i++)
        {
            isRead = Poll(TimeSpan.Zero, stop);
        }
    }

    // Whether there was something.
    private bool Poll(TimeSpan wait, CancellationToken stop)
    {
        SourceRead read = reader.Read(wait);
        if (read.Kind == SourceReadKind.Nothing || _partitions.Find(read.Partition) is not { Stopped: null } partition || _isPaused)
        {
            return false;
        }

        switch (read.Kind)
        {
            case SourceReadKind.Record when read.Offset >= partition.Position:
                partition.Add(read.Record, read.Time);
                if (partition.Waiting.Bytes >= BatchBytesMax || partition.Waiting.Count >= BatchRecordsMax)
                {
                    store.Sweep(partition, stop);
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
        isWell();
    }

    // Once a second: where partitions end, positions that nothing else says, and what others are shown.
    private void Keep(CancellationToken stop)
    {
        foreach (ReadPartition partition in _partitions.All.Where(one => one.Stopped is null && !_isPaused))
        {
            partition.End = Math.Max(partition.End, reader.EndOf(partition.Place) ?? 0);
            if (partition is { Storing: null, Waiting.Count: 0 } && partition.Position > partition.Settled
                && store.StorePosition(partition, partition.Position, stop))
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
        partition.End = has.End;
        if (!source.SkipsGaps)
        {
            partition.Stopped = reason;
            logger.GapStops(partition.Place, reason, source.Name, partition.Place.Number, has.Offset);
            return;
        }

        logger.GapSkipped(partition.Place, has.Offset, reason);
        store.Drain(partition, stop);
        Move(partition, has.Offset, isBehind, stop);
    }

    // Forward under its identity, back under the next generation of it.
    private void Move(ReadPartition partition, long to, bool isForward, CancellationToken stop)
    {
        metrics.SourceGap(partition.Place.Name, isForward ? to - partition.Position : 0);
        var next = new ReadPartition(partition.Place, isForward ? partition.Identity : TopicGenerations.Next(partition.Identity, partition.Place.Topic), to) { End = Math.Max(partition.End, to) };
        _partitions.Set(next);
        if (store.StorePosition(next, to, stop) && !_isPaused)
        {
            reader.Assign(next.Place, to);
        }
    }

    private SourceMove Seek(ReadPartition partition, long to, CancellationToken stop)
    {
        reader.Unassign(partition.Place);
        store.Drain(partition, stop);
        long from = partition.Position;
        logger.Sought(partition.Place, from, to, Math.Max(0, to - from), Math.Max(0, from - to));
        Move(partition, to, to >= from, stop);
        return new SourceMove(partition.Place.Name, partition.Place.Number, from, to);
    }

    private bool Release(SourcePartition place, CancellationToken stop)
    {
        if (_partitions.Find(place) is not { } partition)
        {
            return false;
        }

        reader.Unassign(place);
        store.Drain(partition, stop);
        Settle(partition, stop);
        _partitions.Remove(place);
        return true;
    }

    private void Pause(bool isPaused, CancellationToken stop)
    {
        if (_isPaused == isPaused)
        {
            return;
        }

        _isPaused = isPaused;
        foreach (ReadPartition partition in _partitions.All.Where(static one => one.Stopped is null))
        {
            if (isPaused)
            {
                reader.Unassign(partition.Place);
                store.Drain(partition, stop);
            }
            else
            {
                reader.Assign(partition.Place, partition.Position);
            }
        }
    }

    private void Finish()
    {
        try
        {
            foreach (ReadPartition partition in _partitions.All)
            {
                partition.Storing?.GetAwaiter().GetResult();
                Settle(partition, new CancellationToken(canceled: true));
            }

            ShowStored();
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    // Where all of the lake's partitions are to have it that is known of one.
    private void Settle(ReadPartition partition, CancellationToken stop)
    {
        if (partition.Stored > partition.Settled)
        {
            store.StorePosition(partition, partition.Stored, stop);
        }
    }

    private void ShowStored() => reader.ShowStored([.. _partitions.All.Select(static one => new SourcePosition(one.Place, one.Stored))]);
}
