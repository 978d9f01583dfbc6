using System.Collections.Immutable;
using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Publishing;

namespace OrleansLake.Engine.Live;

/// <summary>
/// A lake as it is right now: messages are applied as soon as they are durable, not at the trigger, and reads show all
/// of a message's effects or none, with the version that they are true as of. While nobody reads or watches it costs
/// what applying costs.
/// </summary>
/// <remarks>
/// All methods may be called by any threads. Partitions are read one after the other, each at a version of its own, which
/// the reading's version names: all effects of a message are in one partition.
/// </remarks>
public sealed class LiveView : IDisposable
{
    // How soon it is noticed that the lake reopened its partition: the one before wakes nobody any more.
    private static readonly TimeSpan RebindInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryRest = TimeSpan.FromMilliseconds(200);

    private readonly Func<IReadOnlyList<LakePartition>> _current;
    private readonly ParallelWork _work;
    private readonly TimeProvider _clock;
    private readonly ReportCatalog _reports;
    private readonly ReadingCache[] _readings;
    private readonly AutoResetEvent _durable = new(initialState: true);
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private TaskCompletionSource _advanced = NewSignal();
    private readonly long[] _promised;
    private volatile LakePartition[] _bound;
    private int _watchers;
    private volatile bool _isClosed;

    internal LiveView(Func<IReadOnlyList<LakePartition>> current, ParallelWork work, TimeProvider clock)
    {
        _current = current;
        _work = work;
        _clock = clock;
        _bound = [.. current()];
        _promised = new long[_bound.Length];
        _reports = _bound[0].Reports;
        _readings = [.. _reports.Select(static report => new ReadingCache(report))];
        foreach (LakePartition partition in _bound)
        {
            partition.GoLive(() => _durable.Set());
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "lake live" };
        _thread.Start();
    }

    /// <summary>Gets the number of subscriptions.</summary>
    public int Watchers => Volatile.Read(ref _watchers);

    /// <summary>Gets the lake's generation.</summary>
    public long Generation => _bound[0].Generation;

    /// <summary>Gets the number of partitions that the lake has.</summary>
    public int Partitions => _promised.Length;

    /// <summary>Something went wrong while messages were applied; it is tried again. Called by the view's thread.</summary>
    public event Action<Exception>? Failed;

    /// <summary>Returns a whole report.</summary>
    /// <param name="report">One of the catalog.</param>
    /// <remarks>It shows all that was reported as applied (<see cref="WaitAppliedAsync"/>).</remarks>
    public LiveReading Read(ReportDefinition report)
    {
        long[] promised = new long[_promised.Length];
        for (int i = 0; i < promised.Length; i++)
        {
            promised[i] = Volatile.Read(ref _promised[i]);
        }

        return _readings[_reports.IndexOf(report)].Read(this, _bound, promised);
    }

    /// <summary>Returns whole reports and the counts, all at one version.</summary>
    /// <param name="reports">Some of the catalog.</param>
    public LiveStart ReadTogether(params IReadOnlyList<ReportDefinition> reports)
    {
        (LiveCounts Counts, ReportCopy[] Copies)[] looks =
            [.. _bound.Select(partition => partition.Look(moment => (CountsAt(moment), reports.Select(moment.State.Copy).ToArray())))];
        ReportPart[][] parts = [.. looks.Select(look => ReportCopies.Make(look.Copies, static copy => copy.Part()))];
        return new LiveStart(
            SumOf([.. looks.Select(look => look.Counts)]),
            [.. reports.Select((report, i) => _bound[0].Named(ReportPart.Sum(report, [.. parts.Select(part => part[i])])))]);
    }

    /// <summary>Returns the counts as of now.</summary>
    public LiveCounts Counts() => SumOf([.. _bound.Select(partition => partition.Look(CountsAt))]);

    /// <summary>Returns the ledger as of now.</summary>
    public (LiveVersion At, Ledger Ledger) Ledger()
    {
        (LiveCounts Counts, Ledger Ledger)[] each =
            [.. _bound.Select(partition => partition.Look(moment => (CountsAt(moment), moment.State.Ledger.WithRejected(moment.Rejected))))];
        return (SumOf([.. each.Select(one => one.Counts)]).At, Core.State.Ledger.Sum(each.Select(one => one.Ledger)));
    }

    /// <summary>Returns all copies of a message, and which of them count.</summary>
    public MessageHistory Find(string messageId)
    {
        ArgumentNullException.ThrowIfNull(messageId);
        LakePartition[] bound = _bound;
        int home = PartitionedMessages.PartitionOf(Encoding.UTF8.GetBytes(messageId), bound.Length);
        LiveVersion others = SumOf([.. bound.Select(partition => partition.Look(CountsAt))]).At;

        // No other partition has anything of it.
        MessageHistory history = MessageSearch.Run(bound[home], moment => CountsAt(moment).At, messageId);
        return history with { At = history.At with { Offsets = others.Offsets.SetItem(home, history.At.Offset) } };
    }

    /// <summary>Ends when reads show every message below an offset of each partition. It waits without a limit, even if no message comes there.</summary>
    public async ValueTask WaitAppliedAsync(ImmutableArray<long> offsets, CancellationToken cancellationToken)
    {
        if (offsets.Length != _promised.Length)
        {
            throw new ArgumentException($"the lake has {_promised.Length} partitions, and offsets are of {offsets.Length}", nameof(offsets));
        }

        while (true)
        {
            Task advanced = AdvancedAsync(null);
            if (IsApplied(_bound, offsets.AsSpan()))
            {
                for (int i = 0; i < offsets.Length; i++)
                {
                    InterlockedMax(ref _promised[i], offsets[i]);
                }

                return;
            }

            _durable.Set();
            await advanced.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Watches reports from now on.</summary>
    /// <param name="reports">Those that are wanted whole at the start; steps include all.</param>
    /// <exception cref="InvalidOperationException">The lake has many partitions: a row's changes in one are not the row's. Watch <see cref="AdvancedAsync()"/> and read.</exception>
    public LiveSubscription Subscribe(params IReadOnlyList<ReportDefinition> reports)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        LakePartition only = _bound is [{ } one] ? one : throw new InvalidOperationException($"the lake has {_promised.Length} partitions");
        Interlocked.Increment(ref _watchers);
        return new LiveSubscription(this, only, reports);
    }

    /// <summary>Counts a watcher that reads instead, until it is disposed.</summary>
    public IDisposable Watch()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        Interlocked.Increment(ref _watchers);
        return new Watcher(this);
    }

    /// <summary>Ends when something was applied after the call.</summary>
    /// <exception cref="LiveViewClosedException">The lake was closed.</exception>
    public Task AdvancedAsync() => AdvancedAsync(null);

    /// <summary>Ends it; those who wait get <see cref="LiveViewClosedException"/>.</summary>
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

    internal LiveCounts CountsAt(PartitionVersion moment)
    {
        DateTimeOffset? newest = moment.NewestMicros is { } micros and >= -62_135_596_800_000_000 and < 253_402_300_800_000_000
            ? DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond) : null;
        return new LiveCounts(
            new LiveVersion(moment.Generation, [moment.Applied.Offset], _clock.GetUtcNow()),
            moment.State.Totals with { Rejected = moment.Rejected },
            newest);
    }

    /// <summary>Ends when something was applied after the call.</summary>
    /// <param name="partition">What the caller watches; null: whatever there is.</param>
    internal Task AdvancedAsync(LakePartition? partition)
    {
        if (_isClosed || (partition is not null && !ReferenceEquals(partition, _bound[0])))
        {
            return Task.FromException(new LiveViewClosedException());
        }

        return Volatile.Read(ref _advanced).Task;
    }

    /// <summary>Returns whether partitions show every message below an offset of each.</summary>
    internal static bool IsApplied(LakePartition[] partitions, ReadOnlySpan<long> offsets)
    {
        for (int i = 0; i < partitions.Length; i++)
        {
            if (partitions[i].AppliedOffsetSeen < offsets[i])
            {
                return false;
            }
        }

        return true;
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

                LakePartition[] bound = _bound;
                _work.For(bound.Length, i => bound[i].ApplyDurable());
            }
#pragma warning disable CA1031 // Whatever it is: the pipeline gets it too and decides what becomes of the lake.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (_isClosed)
                {
                    // What it looked at was closed beneath it.
                    break;
                }

                Failed?.Invoke(e);
                Thread.Sleep(RetryRest);
                _durable.Set();
            }

            Signal();
        }
    }

    // The lake reopens its partition after a disk failed, say.
    private bool Bind()
    {
        IReadOnlyList<LakePartition> current = _current();
        LakePartition[] bound = _bound;
        if (current.SequenceEqual(bound))
        {
            return false;
        }

        foreach (LakePartition partition in current.Except(bound))
        {
            partition.GoLive(() => _durable.Set());
        }

        _bound = [.. current];
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

    private LiveCounts SumOf(LiveCounts[] each) => each.Length == 1 ? each[0] : new LiveCounts(
        new LiveVersion(each[0].At.Generation, [.. each.Select(one => one.At.Offset)], _clock.GetUtcNow()),
        each.Aggregate(default(LedgerCounts), (sum, one) => sum + one.Total),
        each.Max(one => one.NewestEvent));

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

    private sealed class Watcher(LiveView view) : IDisposable
    {
        private int _isDisposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                view.Left();
            }
        }
    }
}
