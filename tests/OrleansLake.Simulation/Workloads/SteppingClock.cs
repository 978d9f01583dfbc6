namespace OrleansLake.Simulation.Workloads;

/// <summary>
/// A clock that advances by a second whenever it is asked, and whose timers fire when they are made, so that nobody
/// waits for it. It may be set, forward or back; as with a real one, what measures time does not go back with it.
/// </summary>
internal sealed class SteppingClock : TimeProvider
{
    private long _ticks = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
    private long _setBy;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks += TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(_ticks + _setBy, TimeSpan.Zero);

    /// <summary>Somebody sets the clock.</summary>
    public void Set(TimeSpan by) => _setBy += by.Ticks;

    /// <summary>Time goes by.</summary>
    public void Stall(TimeSpan time) => _ticks += time.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        callback(state);
        return new FiredTimer();
    }

    private sealed class FiredTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
