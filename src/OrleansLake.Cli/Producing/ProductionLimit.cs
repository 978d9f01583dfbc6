namespace OrleansLake.Cli.Producing;

/// <summary>The limit of how much is produced.</summary>
/// <param name="Count">How many messages, or null.</param>
/// <param name="For">For how long, or null.</param>
/// <param name="Rate">Messages a second, or null for as many as can be made.</param>
internal readonly record struct ProductionLimit(long? Count, TimeSpan? For, long? Rate)
{
    /// <summary>Returns the number of messages in all when there is a rate; without an end the greatest number.</summary>
    public long CountAtRate(long rate) =>
        Count ?? (For is { } time ? (long)Math.Round((decimal)time.Ticks * rate / TimeSpan.TicksPerSecond) : long.MaxValue);
}
