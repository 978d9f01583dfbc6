namespace OrleansLake.Client.Http;

/// <summary>The back-off before a call is repeated: twice as long each time, with jitter, so that many who failed at once do not come
/// back at once.</summary>
internal static class Retrying
{
    internal static TimeSpan Delay(LakeHttpOptions options, int tries, TimeSpan? told)
    {
        if (told is { } given)
        {
            return given < options.RetryDelayMax ? given : options.RetryDelayMax;
        }

        double factor = Math.Pow(2, Math.Min(tries - 1, 20));
#pragma warning disable CA5394 // Chance against crowds, not against attackers.
        double ms = Math.Min(options.RetryDelayMax.TotalMilliseconds, options.RetryDelay.TotalMilliseconds * factor * (0.5 + Random.Shared.NextDouble()));
#pragma warning restore CA5394
        return TimeSpan.FromMilliseconds(ms);
    }
}
