namespace OrleansLake.Client;

/// <summary>The options by which a <see cref="LakeProducer"/> makes batches. An invalid value is reported, with the option's name,
/// when the producer is made.</summary>
public sealed record LakeProducerOptions
{
    private const int BatchMessagesLimit = SendErrors.ErrorsLimit;
    private const int BatchBytesLimit = 8 * 1024 * 1024;

    // Timers know no longer wait than 49 days; nobody means one longer than this.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromDays(1);

    /// <summary>Gets the number of messages of a batch at most. 500: one fsync for all, and an answer within milliseconds.</summary>
    public int BatchMessagesMax { get; init; } = 500;

    /// <summary>Gets the number of bytes at which a batch is full. 1 MiB.</summary>
    public int BatchBytesMax { get; init; } = 1024 * 1024;

    /// <summary>Gets the time that a batch waits for more messages. 5 ms.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Gets the number of messages that may wait here; further writes wait. 10,000.</summary>
    public int BufferedMessagesMax { get; init; } = 10_000;

    /// <summary>Gets the longest wait before a batch that could not be sent is sent again.</summary>
    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets the time that disposing waits for what is not sent yet; then it is given up and reported. 30 s: what hosts give an application
    /// to stop. <see cref="Timeout.InfiniteTimeSpan"/>: no limit.
    /// </summary>
    public TimeSpan DisposeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <exception cref="ArgumentOutOfRangeException">An option cannot be what it is.</exception>
    internal void Check()
    {
        Check(BatchMessagesMax, BatchMessagesLimit, nameof(BatchMessagesMax));
        Check(BatchBytesMax, BatchBytesLimit, nameof(BatchBytesMax));
        Check(BufferedMessagesMax, int.MaxValue, nameof(BufferedMessagesMax));
        Check(Linger, Linger >= TimeSpan.Zero, nameof(Linger), "from nothing to a day");
        Check(BackOffMax, BackOffMax > TimeSpan.Zero, nameof(BackOffMax), "longer than nothing and at most a day");
        Check(DisposeTimeout, DisposeTimeout >= TimeSpan.Zero || DisposeTimeout == Timeout.InfiniteTimeSpan, nameof(DisposeTimeout), "from nothing to a day, or Timeout.InfiniteTimeSpan");
    }

    private static void Check(int value, int max, string option)
    {
        if (value < 1 || value > max)
        {
            throw new ArgumentOutOfRangeException(option, value, $"LakeProducerOptions.{option} is to be from 1 to {max}.");
        }
    }

    private static void Check(TimeSpan value, bool isPossible, string option, string possible)
    {
        if (!isPossible || value > TimeLimit)
        {
            throw new ArgumentOutOfRangeException(option, value, $"LakeProducerOptions.{option} is to be {possible}.");
        }
    }
}
