using OrleansLake.Core.Time;

namespace OrleansLake.Client.Http;

/// <summary>The time that is left of a call's time limits.</summary>
internal readonly struct CallTime(LakeHttpOptions options, TimeProvider clock)
{
    private readonly long _started = clock.GetTimestamp();

    /// <summary>Returns the time that the next try may take; <see cref="Timeout.InfiniteTimeSpan"/>: no limit.</summary>
    internal TimeSpan TryMax()
    {
        if (options.CallTimeout == Timeout.InfiniteTimeSpan)
        {
            return options.TryTimeout;
        }

        TimeSpan left = options.CallTimeout - clock.GetElapsedTime(_started);
        left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        return options.TryTimeout == Timeout.InfiniteTimeSpan || left < options.TryTimeout ? left : options.TryTimeout;
    }

    /// <summary>Returns the time to wait before the next try; null: there is none.</summary>
    internal TimeSpan? NextWait(int tries, TimeSpan? told)
    {
        if (tries >= options.TriesMax || told > options.RetryDelayMax)
        {
            return null;
        }

        TimeSpan wait = told ?? new Backoff(options.RetryDelay, options.RetryDelayMax).AfterSpread(tries);
        return options.CallTimeout == Timeout.InfiniteTimeSpan || clock.GetElapsedTime(_started) + wait < options.CallTimeout ? wait : null;
    }
}
