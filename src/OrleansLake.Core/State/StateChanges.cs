using OrleansLake.Core.Reports;

namespace OrleansLake.Core.State;

/// <summary>
/// One watcher's view of what changes in a state's reports. Its calls are calls on the state, as far as threads go.
/// </summary>
public sealed class StateChanges : IDisposable
{
    private readonly LakeState _state;
    private bool _isDisposed;

    internal StateChanges(LakeState state, ReportTracker[] trackers)
    {
        _state = state;
        Trackers = trackers;
    }

    internal ReportTracker[] Trackers { get; }

    /// <summary>
    /// Returns the changes of each of <see cref="LakeState.Reports"/> since the last call, or since it was created. It takes time by
    /// the rows that were touched, whatever the reports' size.
    /// </summary>
    public IReadOnlyList<ReportChange> Take()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _state.CollectChanges();
        return [.. Trackers.Select(tracker => tracker.Take())];
    }

    /// <summary>
    /// Returns the rows that changed in each of <see cref="LakeState.Reports"/> since the last call, whole and as they are now, by
    /// what they stand for; a row without a count was removed.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<ReportRow>> IngestRows()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _state.CollectChanges();
        return [.. Trackers.Select(tracker => tracker.IngestRows())];
    }

    /// <summary>Stops collecting changes for it.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _state.StopTracking(this);
        }
    }
}
