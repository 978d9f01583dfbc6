using OrleansLake.Core.Time;

namespace OrleansLake.Client.Http;

/// <summary>The outage of a watcher's server: how long it has lasted, and how long the watcher still continues.</summary>
internal sealed class WatchOutage(LakeHttpOptions options, TimeProvider clock)
{
    private int _failures;
    private long _started;
    private bool _isLastTry;

    /// <summary>Gets the time when it began.</summary>
    internal DateTimeOffset Since { get; private set; }

    /// <summary>Returns the time that opening the stream may take.</summary>
    internal TimeSpan OpenMax()
    {
        IsCutShort = _failures > 0 && options.WatchOutageMax != Timeout.InfiniteTimeSpan && (options.TryTimeout == Timeout.InfiniteTimeSpan || Left() < options.TryTimeout);
        return IsCutShort ? Left() : options.TryTimeout;
    }

    /// <summary>Gets a value indicating whether that was less than a try may take.</summary>
    internal bool IsCutShort { get; private set; }

    /// <summary>Ends the outage: something came.</summary>
    internal void End() => _failures = 0;

    /// <summary>Returns the wait before the stream, which broke or could not be opened, is opened again; null: it has lasted too long.</summary>
    internal TimeSpan? NextWait()
    {
        if (_failures++ == 0)
        {
            _started = clock.GetTimestamp();
            Since = clock.GetUtcNow();
            _isLastTry = false;
        }

        TimeSpan wait = new Backoff(options.RetryDelay, options.RetryDelayMax).AfterSpread(_failures);
        if (options.WatchOutageMax == Timeout.InfiniteTimeSpan)
        {
            return wait;
        }

        TimeSpan left = Left();
        if (_isLastTry || left <= TimeSpan.Zero)
        {
            return null;
        }

        // The last try begins when the time is nearly over.
        _isLastTry = wait >= left;
        return _isLastTry ? left * 0.9 : wait;
    }

    private TimeSpan Left()
    {
        TimeSpan left = options.WatchOutageMax - clock.GetElapsedTime(_started);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
