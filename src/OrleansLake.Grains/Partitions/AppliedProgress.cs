using OrleansLake.Storage;

namespace OrleansLake.Grains.Partitions;

/// <summary>Tracks how far a partition is applied, who waits for more of it, and whether it is being deactivated. Thread-safe.</summary>
internal sealed class AppliedProgress
{
    private readonly TimeProvider _clock;
    private readonly TaskCompletionSource _left = New();
    private TaskCompletionSource _next = New();
    private long _offset;
    private long _sequence;
    private long _lastApplied;
    private volatile bool _isLeaving;

    internal AppliedProgress(LogPosition applied, TimeProvider clock)
    {
        _clock = clock;
        Note(applied);
    }

    /// <summary>Gets the first offset that is not applied.</summary>
    internal long Offset => Volatile.Read(ref _offset);

    /// <summary>Gets the first frame that is not applied.</summary>
    internal long Sequence => Volatile.Read(ref _sequence);

    /// <summary>Gets the time since something was applied.</summary>
    internal TimeSpan SinceLast => _clock.GetElapsedTime(Volatile.Read(ref _lastApplied));

    /// <summary>Gets a value indicating whether it is being deactivated: see <see cref="Leave"/>.</summary>
    internal bool IsLeaving => _isLeaving;

    /// <summary>Gets a task that ends when it is to be deactivated.</summary>
    internal Task Left => _left.Task;

    /// <summary>Notifies those who wait that more is applied.</summary>
    internal void Note(LogPosition applied)
    {
        Volatile.Write(ref _offset, applied.Offset);
        Volatile.Write(ref _sequence, applied.Sequence);
        Volatile.Write(ref _lastApplied, _clock.GetTimestamp());
        Interlocked.Exchange(ref _next, New()).TrySetResult();
    }

    /// <summary>
    /// Cancels those who wait for something to be applied, or apply it: a grain of a message may be long in answering while
    /// silos come and go. Nothing is applied any more by a partition that is to go, and it cannot go while a call is under way.
    /// </summary>
    internal void Leave()
    {
        _isLeaving = true;
        _left.TrySetResult();
        Volatile.Read(ref _next).TrySetResult();
    }

    /// <summary>Ends when everything before an offset is applied, or after a while.</summary>
    /// <returns>Whether it is applied.</returns>
    /// <exception cref="OwnershipLostException">The partition is leaving: ask its next owner.</exception>
    internal async Task<bool> WaitAsync(long offset, TimeSpan max, CancellationToken cancellationToken)
    {
        long started = _clock.GetTimestamp();
        while (true)
        {
            // Taken before looking at how far it is: none is missed.
            Task next = Volatile.Read(ref _next).Task;
            if (Offset >= offset)
            {
                return true;
            }

            ThrowIfLeaving();
            TimeSpan left = max - _clock.GetElapsedTime(started);
            try
            {
                await next.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _clock, cancellationToken);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
    }

    /// <summary>Ends as what applies something does, but no later than the partition leaves.</summary>
    /// <exception cref="OwnershipLostException">The partition is leaving.</exception>
    internal async Task WhileHereAsync(Task applying)
    {
        if (!applying.IsCompleted && await Task.WhenAny(applying, _left.Task) != applying && !applying.IsCompleted)
        {
            // It ends by itself, when a grain has answered or was waited for long enough, and applies nothing.
            _ = applying.ContinueWith(static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw Leaving();
        }

        await applying;
    }

    /// <exception cref="OwnershipLostException">The partition is leaving.</exception>
    internal void ThrowIfLeaving()
    {
        if (_isLeaving)
        {
            throw Leaving();
        }
    }

    private static OwnershipLostException Leaving() => new("the partition is moving to another silo");

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
