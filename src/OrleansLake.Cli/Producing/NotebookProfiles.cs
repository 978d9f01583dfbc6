namespace OrleansLake.Cli.Producing;

/// <summary>The notebook's profile with the times that suit its use.</summary>
internal static class NotebookProfiles
{
    private const double PerSecondUnlessRated = 1_000;

    /// <summary>2024-12-16T12:00:00Z, when the notebook was run.</summary>
    private const long SeededStartMicros = 1_734_350_400_000_000;

    /// <summary>
    /// Creates a profile. With a seed the messages have times of their own, so that they are the same on any day and at any rate. Without, they start
    /// now; a known count that is made all at once is in the past, as messages do.
    /// </summary>
    public static NotebookProfile Create(long? seed, ProductionLimit limit, TimeProvider clock, long firstValue = 0)
    {
        if (seed is { } given)
        {
            return new NotebookProfile(given, SeededStartMicros, PerSecondUnlessRated, firstValue);
        }

        double perSecond = limit.Rate ?? PerSecondUnlessRated;
        double pastSeconds = limit is { Rate: null, Count: { } count } ? count / perSecond : 0;
        long nowMicros = (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return new NotebookProfile(Seeds.Fresh(), nowMicros - (long)(pastSeconds * 1_000_000), perSecond, firstValue);
    }
}
