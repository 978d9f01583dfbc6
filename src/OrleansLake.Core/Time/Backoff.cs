namespace OrleansLake.Core.Time;

/// <summary>The waits between tries: a first one, and after each further failure twice as long, up to a longest.</summary>
/// <param name="First">The wait after the first failure.</param>
/// <param name="Max">The longest.</param>
internal readonly record struct Backoff(TimeSpan First, TimeSpan Max)
{
    /// <summary>Returns the wait after a number of failures in a row; none after none.</summary>
    internal TimeSpan After(int failures) => After(failures, 1);

    /// <summary>Returns the same, half to one and a half times as long, so that many who failed at once do not come back at once.</summary>
#pragma warning disable CA5394 // Chance against crowds, not against attackers.
    internal TimeSpan AfterSpread(int failures) => After(failures, 0.5 + Random.Shared.NextDouble());
#pragma warning restore CA5394

    // As a number, which a wait that is doubled often is not too long for.
    private TimeSpan After(int failures, double spread) =>
        failures <= 0 ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Min(Max.Ticks, First.Ticks * Math.Pow(2, failures - 1) * spread));
}
