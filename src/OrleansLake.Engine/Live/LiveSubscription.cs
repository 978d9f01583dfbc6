using System.Diagnostics;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Publishing;

namespace OrleansLake.Engine.Live;

/// <summary>
/// One watcher of the live view. It asks for the next step when it is ready for it, and gets everything since the last
/// in one: what waits meanwhile is the set of rows that were touched, so a slow watcher costs no more than a quick one.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class LiveSubscription : IDisposable
{
    // The state stands still while changes are read out of it: at most a fifth of the time for one watcher. Of three times the middle one counts: one
    // of them may have been a collection of garbage in the middle of it, and a rest after that is a delay of nothing but itself.
    private const int RestFactor = 4;
    private static readonly TimeSpan RestMax = TimeSpan.FromMilliseconds(250);

    private readonly LiveView _view;
    private readonly LakePartition _partition;
    private StateChanges? _changes;
    private (long Offset, long Rejected) _taken;
    private TimeSpan _rest;
    private TimeSpan _before;
    private TimeSpan _beforeThat;
    private long _lastTaken;

    internal LiveSubscription(LiveView view, LakePartition partition, IReadOnlyList<ReportDefinition> reports)
    {
        _view = view;
        _partition = partition;
        (LiveCounts counts, ReportCopy[] copies) = partition.Look(moment =>
        {
            _changes = moment.State.TrackChanges();
            _taken = (moment.Applied.Offset, moment.Rejected);
            return (view.CountsAt(moment), reports.Select(moment.State.Copy).ToArray());
        });
        Start = new LiveStart(counts, [.. ReportCopies.Make(copies, static copy => copy.Table()).Select(partition.Named)]);
    }

    /// <summary>Gets the offset at which it starts.</summary>
    public LiveStart Start { get; }

    /// <summary>Waits until something has changed, and returns everything that did since the last call.</summary>
    /// <exception cref="LiveViewClosedException">The lake was closed or reopened: subscribe again.</exception>
    public async ValueTask<LiveStep> NextAsync(CancellationToken cancellationToken)
    {
        TimeSpan left = _rest - Stopwatch.GetElapsedTime(_lastTaken);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, cancellationToken).ConfigureAwait(false);
        }

        while (true)
        {
            // Before the read: what is applied after it sets the next signal.
            Task advanced = _view.AdvancedAsync(_partition);
            if (TryTake() is { } step)
            {
                return step;
            }

            await advanced.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Stops collecting changes for it.</summary>
    public void Dispose()
    {
        _partition.Look(moment =>
        {
            _changes?.Dispose();
            _changes = null;
            return 0;
        });
        _view.Left();
    }

    private ReportChange Named(ReportChange change) => change with { Rows = _partition.Named(change.Rows), Removed = _partition.Named(change.Removed) };

    private TimeSpan MiddleOf(TimeSpan last)
    {
        (TimeSpan low, TimeSpan high) = last < _before ? (last, _before) : (_before, last);
        TimeSpan middle = _beforeThat < low ? low : _beforeThat > high ? high : _beforeThat;
        (_beforeThat, _before) = (_before, last);
        return middle;
    }

    private LiveStep? TryTake()
    {
        LiveStep? step = _partition.Look(moment =>
        {
            if ((moment.Applied.Offset, moment.Rejected) == _taken)
            {
                return null;
            }

            long started = Stopwatch.GetTimestamp();
            IReadOnlyList<ReportChange> changes = _changes!.Take();
            _taken = (moment.Applied.Offset, moment.Rejected);
            _rest = MiddleOf(Stopwatch.GetElapsedTime(started)) * RestFactor;
            return new LiveStep(_view.CountsAt(moment), changes);
        });
        _rest = _rest > RestMax ? RestMax : _rest;
        _lastTaken = Stopwatch.GetTimestamp();
        return step is null ? null : step with { Changes = [.. step.Changes.Select(Named)] };
    }
}
