namespace OrleansLake.Simulation.Workloads;

/// <summary>A clock that goes on by a second whenever it is asked, so that nobody waits for it.</summary>
internal sealed class SteppingClock : TimeProvider
{
    private long _ticks = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks += TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(_ticks, TimeSpan.Zero);
}
