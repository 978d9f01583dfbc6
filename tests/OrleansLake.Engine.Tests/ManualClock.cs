namespace OrleansLake.Engine.Tests;

/// <summary>A clock that moves on demand. A timer fires when it is created, and the clock moves by its time.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Advance(dueTime);
        callback(state);
        return System.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    /// <summary>Waits for what other threads do.</summary>
    internal static async Task UntilAsync(Func<bool> condition, string what)
    {
        for (int tries = 0; !condition(); tries++)
        {
            Assert.True(tries < 4000, $"waited in vain for: {what}");
            await Task.Delay(5);
        }
    }
}
