using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Storage;

namespace OrleansLake.Engine.Live;

/// <summary>
/// A lake as it is right now: messages are applied as soon as they are durable, not at the trigger, and reads show all
/// of a message's effects or none, with the moment that they are true as of. While nobody reads or watches it costs
/// what applying costs.
/// </summary>
/// <remarks>All methods may be called by any threads.</remarks>
public sealed class LiveView : IDisposable
{
    // How soon it is noticed that the lake opened its partition anew: the one before wakes nobody any more.
    private static readonly TimeSpan RebindInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryRest = TimeSpan.FromMilliseconds(200);

    private readonly Func<LakePartition> _current;
    private readonly TimeProvider _clock;
    private readonly ReadingCache[] _readings = [.. LakeReports.All.Select(report => new ReadingCache(report))];
    private readonly AutoResetEvent _durable = new(initialState: true);
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private TaskCompletionSource _advanced = NewSignal();
    private LakePartition _bound;
    private long _promised;
    private int _watchers;
    private volatile bool _isClosed;

    internal LiveView(Func<LakePartition> current, TimeProvider clock)
    {
        _current = current;
        _clock = clock;
        _bound = current();
        _bound.GoLive(() => _durable.Set());
        _thread = new Thread(Run) { IsBackground = true, Name = "lake live" };
        _thread.Start();
    }

    /// <summary>How many subscriptions there are.</summary>
    public int Watchers => Volatile.Read(ref _watchers);

    /// <summary>The lake's generation.</summary>
    public long Generation => _bound.Generation;

    /// <summary>Something went wrong while messages were applied; it is tried again. Called by the view's thread.</summary>
    public event Action<Exception>? Failed;

    /// <summary>A whole report.</summary>
    /// <param name="report">One of <see cref="LakeReports.All"/>.</param>
    /// <param name="minOffset">What it must show at least; that must have been applied (<see cref="WaitAppliedAsync"/>).</param>
    public LiveReading Read(ReportDefinition report, long minOffset = 0)
    {
        return _readings[ReferenceEquals(report, LakeReports.All[0]) ? 0 : 1].Read(this, _bound, Math.Max(minOffset, Volatile.Read(ref _promised)));
    }

    /// <summary>The counts as of now.</summary>
    public LiveCounts Counts() => _bound.Look(CountsAt);

    /// <summary>The counts as of now, with those of each date.</summary>
    public (LiveCounts Counts, IReadOnlyList<Core.State.LedgerDay> Days) CountsByDate() => _bound.Look(moment => (CountsAt(moment), moment.State.Ledger.Days));

    /// <summary>All copies of a message, and which of them count.</summary>
    public MessageHistory Find(string messageId)
    {
        ArgumentNullException.ThrowIfNull(messageId);
        return MessageSearch.Run(_bound, moment => CountsAt(moment).At, messageId);
    }

    /// <summary>The generation and the offset that reads show at least from now on.</summary>
    public LiveMoment Now() => _bound.Look(moment => CountsAt(moment).At);

    /// <summary>Ends when reads show every message below an offset. It waits as long as it takes: for ever, if no message comes there.</summary>
    public async ValueTask WaitAppliedAsync(long offset, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task advanced = AdvancedAsync(null);
            if (_bound.AppliedOffsetSeen >= offset)
            {
                InterlockedMax(ref _promised, offset);
                return;
            }

            _durable.Set();
            await advanced.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Watches reports from now on.</summary>
    /// <param name="reports">Those that are wanted whole at the start; steps tell of all.</param>
    public LiveSubscription Subscribe(params IReadOnlyList<ReportDefinition> reports)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        Interlocked.Increment(ref _watchers);
        return new LiveSubscription(this, _bound, reports);
    }

    /// <summary>Ends it; who waits gets <see cref="LiveViewClosedException"/>.</summary>
    public void Dispose()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _durable.Set();
        _thread.Join();
        Signal();
        _durable.Dispose();
    }

    internal LiveCounts CountsAt(PartitionMoment moment)
    {
        LedgerTotals totals = moment.State.Totals;
        DateTimeOffset? newest = moment.NewestMicros is { } micros and > -62_135_596_800_000_000 and < 253_402_300_800_000_000
            ? DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond) : null;
        return new LiveCounts(
            new LiveMoment(moment.Generation, moment.Applied.Offset, _clock.GetUtcNow()),
            new LedgerEntry(totals.Bronze, totals.Messages, totals.Corrupted, moment.Rejected, totals.Deduplicated),
            newest);
    }

    /// <summary>Ends when something was applied after the call.</summary>
    /// <param name="partition">What the caller watches; null: whatever there is.</param>
    internal Task AdvancedAsync(LakePartition? partition)
    {
        if (_isClosed || (partition is not null && !ReferenceEquals(partition, _bound)))
        {
            return Task.FromException(new LiveViewClosedException());
        }

        return Volatile.Read(ref _advanced).Task;
    }

    internal void Left() => Interlocked.Decrement(ref _watchers);

    private void Run()
    {
        while (!_isClosed)
        {
            bool isWoken = _durable.WaitOne(RebindInterval);
            try
            {
                if (!Bind() && !isWoken)
                {
                    continue;
                }

                _bound.ApplyDurable();
            }
#pragma warning disable CA1031 // Whatever it is: the pipeline meets it too and decides what becomes of the lake.
            catch (Exception e) when (!_isClosed)
#pragma warning restore CA1031
            {
                Failed?.Invoke(e);
                Thread.Sleep(RetryRest);
                _durable.Set();
            }

            Signal();
        }
    }

    // The lake opens its partition anew after a disk failed, say.
    private bool Bind()
    {
        LakePartition current = _current();
        if (ReferenceEquals(current, _bound))
        {
            return false;
        }

        current.GoLive(() => _durable.Set());
        _bound = current;
        return true;
    }

    private void Signal()
    {
        TaskCompletionSource advanced;
        lock (_gate)
        {
            advanced = _advanced;
            Volatile.Write(ref _advanced, NewSignal());
        }

        advanced.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void InterlockedMax(ref long target, long value)
    {
        for (long seen = Volatile.Read(ref target); seen < value;)
        {
            long before = Interlocked.CompareExchange(ref target, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
