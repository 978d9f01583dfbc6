using System.Diagnostics;
using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Engine;
using OrleansLake.Engine.Reading;
using OrleansLake.Storage;

namespace OrleansLake.Grains;

/// <summary>
/// A partition under its owner, for a host whose threads must not wait: appends share fsyncs, frames are applied in the
/// order of the log wherever they come from, and readers are told how far it is.
/// </summary>
/// <remarks>
/// Only durable frames are applied. A frame that does not follow the last one (the stream skipped some, or has not begun)
/// is never applied: the log is read instead, so no host can lose or double one.
/// </remarks>
internal sealed class PartitionRunner : IDisposable
{
    private readonly LakePartition _partition;
    private readonly PartitionRunnerOptions _options;
    private readonly MessageGrainDeduplication? _deduplication;
    private readonly GroupFlush _flush;
    private readonly ReportFeed _feed;
    private readonly FrameTail _tail = new();
    private readonly Lock _appendGate = new();
    private readonly SemaphoreSlim _applying = new(1);
    private readonly SemaphoreSlim _publishing = new(1);
    private readonly SemaphoreSlim _takingIn = new(1);
    private readonly IProgress<RunProgress>? _notices;
    private BronzeWatch? _bronze;
    private bool _hasTakenIn;
    private readonly Task _loaded;
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _drained;
    private long _appending;
    private long _endOffset;
    private long _appliedOffset;
    private long _appliedSequence;
    private long _lastApplied = Stopwatch.GetTimestamp();
    private long _lastOwned = Stopwatch.GetTimestamp();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isLeaving;

    /// <param name="partition">The partition.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="deduplication">Who decides what counts; null if the partition does.</param>
    /// <param name="notices">Told what becomes of other programs' bronze files.</param>
    internal PartitionRunner(
        LakePartition partition, PartitionRunnerOptions options, MessageGrainDeduplication? deduplication, IProgress<RunProgress>? notices = null)
    {
        _notices = notices;
        _deduplication = deduplication;
        _partition = partition;
        _options = options;
        _flush = new GroupFlush(partition.Flush);
        _feed = new ReportFeed(partition);
        _endOffset = partition.Durable.Offset;
        NoteApplied();
        _loaded = Task.Run(async () =>
        {
            partition.Load();
            partition.KeepNewest();
            await ApplyInOrderAsync(null);
        });
    }

    /// <summary>The owner that this is.</summary>
    internal Epoch Epoch => _partition.Epoch;

    /// <summary>Its number, counted from 0 in every generation of the lake.</summary>
    internal int Number => _partition.Share.Place;

    /// <summary>The reports as of the newest commit that it wrote them for; null if there is none by this owner.</summary>
    internal CommittedReports? Committed => _partition.Committed;

    /// <summary>The first frame that is not applied.</summary>
    internal long AppliedSequence => Volatile.Read(ref _appliedSequence);

    /// <summary>Ends when the state is there, with everything that was in the log.</summary>
    internal Task Loaded => WhileHereAsync(_loaded);

    /// <summary>Gets a value indicating whether it is being deactivated: see <see cref="Leave"/>.</summary>
    internal bool IsLeaving => _isLeaving;

    /// <summary>Gets a value indicating whether durable frames have been waiting for longer than a stream should take to bring them.</summary>
    internal bool IsStreamLate => AppliedSequence < _partition.Durable.Sequence
        && Stopwatch.GetElapsedTime(Volatile.Read(ref _lastApplied)) > _options.StreamPatience;

    /// <summary>Appends a frame; it is durable when the task ends.</summary>
    /// <exception cref="LakeBusyException">Too much waits to be applied: nothing was stored.</exception>
    /// <exception cref="OwnershipLostException">There is a later owner. It may or may not be stored: ask that one.</exception>
    internal async Task<AppendReceipt> AppendAsync(FrameContent content, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _appending);
        try
        {
            await MakeRoomAsync(cancellationToken);
            AppendReceipt receipt = await Task.Run(() => Append(content), cancellationToken);
            await _flush.FlushAsync();
            return receipt;
        }
        finally
        {
            if (Interlocked.Decrement(ref _appending) == 0)
            {
                Interlocked.Exchange(ref _drained, null)?.TrySetResult();
            }
        }
    }

    /// <summary>Ends when the appends under way have ended and what is applied is published: the partition can be given away.</summary>
    /// <param name="appliesAll">
    /// Whether what is in the log is applied before, by the partition itself: no message's grain can be asked where the last silo
    /// leaves. It is to go then: see <see cref="Leave"/>.
    /// </param>
    internal async Task DrainAsync(bool appliesAll = false)
    {
        var own = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource drained = Interlocked.CompareExchange(ref _drained, own, null) ?? own;
        if (Interlocked.Read(ref _appending) > 0)
        {
            await drained.Task;
        }

        if (!appliesAll)
        {
            await CommitAsync();
            return;
        }

        await Task.Run(() =>
        {
            // What others are about to apply is passed over by then.
            _partition.Load();
            foreach (LogFrame frame in _partition.ReadFrames(_partition.Applied))
            {
                _partition.TryApply(frame);
            }

            _partition.Commit();
        });
    }

    /// <summary>Durable frames from one on; none if the log ends there.</summary>
    internal async Task<IReadOnlyList<BronzeFrame>> ReadAsync(long sequence, int framesMax)
    {
        if (_tail.Read(sequence, _partition.Durable, framesMax) is { } recent)
        {
            return recent;
        }

        // What was published is no longer in the log.
        long first = Math.Max(sequence, _partition.Current.Applied.Sequence);
        return await Task.Run(() => (IReadOnlyList<BronzeFrame>)[.. _partition.ReadFrames(new LogPosition(first, 0)).Take(framesMax).Select(BronzeFrame.Of)]);
    }

    /// <summary>Applies frames that follow each other; where some are missing before them, these come from the log.</summary>
    /// <exception cref="OwnershipLostException">The partition is leaving.</exception>
    internal Task ApplyAsync(IReadOnlyList<BronzeFrame> frames)
    {
        return WhileHereAsync(RunAsync());

        async Task RunAsync()
        {
            await WhileHereAsync(_loaded);
            if (!await ApplyInOrderAsync(frames.Select(frame => frame.ToLogFrame())))
            {
                await ApplyInOrderAsync(null);
            }
        }
    }

    /// <summary>Applies what is in the log.</summary>
    /// <exception cref="OwnershipLostException">The partition is leaving.</exception>
    internal Task CatchUpAsync()
    {
        return WhileHereAsync(RunAsync());

        async Task RunAsync()
        {
            await WhileHereAsync(_loaded);
            await ApplyInOrderAsync(null);
        }
    }

    /// <summary>Reports and counts at one moment.</summary>
    internal Task<PartitionReading> ReadReportsAsync(IReadOnlyList<ReportDefinition> reports) => OwnedAsync(() => _partition.Read(reports));

    /// <summary>A moment of now.</summary>
    internal Task<PartitionMoment> MomentAsync() => OwnedAsync(_feed.Moment);

    /// <summary>Returns the changes in the rows of a scope since a step.</summary>
    internal async Task<ReportSteps> FollowAsync(ReportScope scope, long knownEpoch, long knownStep)
    {
        await WhileHereAsync(_loaded);
        return await Task.Run(() => _feed.Follow(scope, knownEpoch, knownStep));
    }

    /// <summary>Nothing is collected for those who stopped following.</summary>
    internal void RestIfIdle() => _feed.RestIfIdle();

    /// <summary>All copies of a message.</summary>
    internal Task<MessageHistoryReadout> SearchAsync(string messageId) => OwnedAsync(() => MessageHistoryReadout.Of(_partition.Search(messageId)));

    /// <summary>Rejected records, oldest first.</summary>
    internal async Task<QuarantineReadout> QuarantineAsync(RejectionReason? code, string? source, int recordsMax)
    {
        await WhileHereAsync(_loaded);
        return await Task.Run(() =>
        {
            // Identities and what is mended are not asked for here.
            IEnumerable<QuarantineEntry> all = QuarantineReader.Read(_partition.Store, 0, _partition.Quarantined(), [QuarantineRange.All], static _ => default);
            return QuarantineReadout.Of(all.Where(entry => source is null || entry.Source == source), code, recordsMax);
        });
    }

    /// <summary>Returns the copies of a message that count.</summary>
    internal Task<List<MessageOccurrence>> FindAsync(string messageId) => OwnedAsync(() => _partition.Find([Encoding.UTF8.GetBytes(messageId)])[0]);

    /// <summary>Ends when everything before an offset is applied, or after a while.</summary>
    /// <returns>Whether it is applied.</returns>
    /// <exception cref="OwnershipLostException">The partition is leaving: ask its next owner.</exception>
    internal async Task<bool> WaitAppliedAsync(long offset, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            Task progress = Volatile.Read(ref _progress).Task;
            if (Volatile.Read(ref _appliedOffset) >= offset)
            {
                return true;
            }

            if (!await HasProgressedAsync(progress, _options.WaitMax - Stopwatch.GetElapsedTime(started), cancellationToken))
            {
                return false;
            }
        }
    }

    /// <summary>
    /// Sends away whoever waits for something to be applied, or applies it: a grain of a message may be long in answering while
    /// silos come and go. Nothing is applied any more by a partition that is to go, and it cannot go while a call is under way.
    /// </summary>
    internal void Leave()
    {
        _isLeaving = true;
        _left.TrySetResult();
        Volatile.Read(ref _progress).TrySetResult();
    }

    /// <summary>Publishes what is applied.</summary>
    internal async Task CommitAsync()
    {
        await WhileHereAsync(_loaded);
        await Task.Run(() => _partition.Commit());
        NoteApplied();
    }

    /// <summary>The reports as of the newest commit.</summary>
    internal async Task<CommittedReports> CommittedAsync()
    {
        if (_partition.Committed is null)
        {
            await CommitAsync();
        }

        return _partition.Committed!;
    }

    /// <summary>Takes in what other programs have added to bronze, publishes what is applied, and as the owner of partition 0 the gold of all partitions.</summary>
    internal async Task WriteAsync(PartitionedLake lake, IGrainFactory grains)
    {
        await TakeInAsync(lake);
        await CommitAsync();
        if (_partition.Current.Partition.Value != 0)
        {
            return;
        }

        // One at a time: they would write one temporary file.
        await _publishing.WaitAsync();
        try
        {
            CommittedReadout[] others = await Task.WhenAll(Enumerable.Range(1, lake.Partitions - 1).Select(p => grains.GetGrain<IPartitionGrain>(p).GetCommittedAsync()));
            CommittedReports own = await CommittedAsync();
            await Task.Run(() => lake.PublishGold(_partition, [own, .. others.Select((readout, i) => readout.ToReports(i + 1))]));
        }
        finally
        {
            _publishing.Release();
        }
    }

    /// <summary>Returns the partition's status.</summary>
    internal async Task<LakeStatus> StatusAsync()
    {
        await WhileHereAsync(_loaded);
        return await Task.Run(() => _partition.Status);
    }

    public void Dispose()
    {
        Leave();
        _partition.Dispose();
        _applying.Dispose();
        _publishing.Dispose();
        _takingIn.Dispose();
    }

    // The partition's rows of each file. They stay in it, and are read there when the frame is applied.
    private async Task TakeInAsync(PartitionedLake lake)
    {
        await WhileHereAsync(_loaded);
        await _takingIn.WaitAsync();
        try
        {
            _hasTakenIn = false;
            _bronze ??= lake.WatchBronze(_partition, content =>
            {
                Append(content);
                _hasTakenIn = true;
            });
            await Task.Run(() => _bronze.TakeIn(_notices, CancellationToken.None));
            if (_hasTakenIn)
            {
                await CatchUpAsync();
            }
        }
        finally
        {
            _takingIn.Release();
        }
    }

    private async Task WhileHereAsync(Task applying)
    {
        if (!applying.IsCompleted && await Task.WhenAny(applying, _left.Task) != applying && !applying.IsCompleted)
        {
            // It ends by itself, when a grain has answered or was waited for long enough, and applies nothing.
            _ = applying.ContinueWith(static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw Leaving();
        }

        await applying;
    }

    private static OwnershipLostException Leaving() => new("the partition is moving to another silo");

    private async Task<T> OwnedAsync<T>(Func<T> read)
    {
        await WhileHereAsync(_loaded);
        return await Task.Run(() =>
        {
            // The look counts from before it: an owner that comes during it may have been missed.
            long now = Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref _lastOwned), now) >= _options.OwnedFor)
            {
                _partition.CheckOwnership();
                Volatile.Write(ref _lastOwned, now);
            }

            return read();
        });
    }

    private AppendReceipt Append(FrameContent content)
    {
        lock (_appendGate)
        {
            if (content.Consumed is Consumed.ProducerBatch batch)
            {
                if (_partition.Registry.BatchOf(batch.Key) is { } known)
                {
                    // What is known may still wait for its fsync; the caller waits for that as well.
                    bool isSame = known.Batch.PrefixCrc32C == batch.PrefixCrc32C && known.Batch.EndPosition == batch.EndPosition;
                    return new AppendReceipt(known.FirstOffset, known.EndOffset, isSame ? AppendOutcome.Repeated : AppendOutcome.Conflict, _partition.Generation);
                }

                if (_partition.Registry.IsForgotten(batch.Key))
                {
                    return new AppendReceipt(0, 0, AppendOutcome.Forgotten, _partition.Generation);
                }
            }

            AppendedFrame frame = _partition.Accept(content);
            Volatile.Write(ref _endOffset, frame.End.Offset);
            _tail.Add(new BronzeFrame(frame.Start.Sequence, frame.Start.Offset, content));
            return new AppendReceipt(frame.Start.Offset, frame.End.Offset, AppendOutcome.Stored, _partition.Generation);
        }
    }

    private async Task MakeRoomAsync(CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            Task progress = Volatile.Read(ref _progress).Task;
            if (Volatile.Read(ref _endOffset) - Volatile.Read(ref _appliedOffset) <= _options.UnappliedRowsMax)
            {
                return;
            }

            if (!await HasProgressedAsync(progress, _options.BusyAfter - Stopwatch.GetElapsedTime(started), cancellationToken))
            {
                throw new LakeBusyException($"more than {_options.UnappliedRowsMax} messages wait to be applied: send the same again after a moment");
            }
        }
    }

    // False if nothing was applied in time. The progress to wait for is taken before looking at how far it is: none is missed.
    private async Task<bool> HasProgressedAsync(Task progress, TimeSpan max, CancellationToken cancellationToken)
    {
        if (_isLeaving)
        {
            throw Leaving();
        }

        try
        {
            await progress.WaitAsync(max > TimeSpan.Zero ? max : TimeSpan.Zero, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // From the log if there are no frames. False if frames are missing before one.
    private async Task<bool> ApplyInOrderAsync(IEnumerable<LogFrame>? frames)
    {
        await _applying.WaitAsync();
        try
        {
            return await Task.Run(async () =>
            {
                foreach (LogFrame frame in frames ?? _partition.ReadFrames(_partition.Applied))
                {
                    if (frame.Start.Sequence < AppliedSequence)
                    {
                        continue;
                    }

                    if (frame.Start.Sequence > AppliedSequence)
                    {
                        return false;
                    }

                    KeyDecision[]? decisions = _deduplication is null ? null : await _deduplication.DecideAsync(frame, _left.Task);
                    if (_isLeaving)
                    {
                        throw Leaving();
                    }

                    if (!_partition.TryApply(frame, decisions))
                    {
                        return false;
                    }

                    NoteApplied();
                }

                return true;
            });
        }
        finally
        {
            _applying.Release();
        }
    }

    private void NoteApplied()
    {
        LogPosition applied = _partition.Applied;
        Volatile.Write(ref _appliedOffset, applied.Offset);
        Volatile.Write(ref _appliedSequence, applied.Sequence);
        Volatile.Write(ref _lastApplied, Stopwatch.GetTimestamp());
        Interlocked.Exchange(ref _progress, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}
