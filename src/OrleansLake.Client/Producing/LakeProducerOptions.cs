using System.ComponentModel.DataAnnotations;

namespace OrleansLake.Client;

/// <summary>How a <see cref="LakeProducer"/> makes batches.</summary>
public sealed record LakeProducerOptions
{
    /// <summary>Messages of a batch at most. 500: one fsync for all, and an answer within milliseconds.</summary>
    [Range(1, 100_000)]
    public int BatchMessagesMax { get; init; } = 500;

    /// <summary>Bytes at which a batch is full. 1 MiB.</summary>
    [Range(1, 8 * 1024 * 1024)]
    public int BatchBytesMax { get; init; } = 1024 * 1024;

    /// <summary>How long a batch waits for more messages. 5 ms.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Messages that may wait here; who writes more waits. 10,000.</summary>
    [Range(1, int.MaxValue)]
    public int BufferedMessagesMax { get; init; } = 10_000;

    /// <summary>The longest wait before a batch that could not be sent is sent again.</summary>
    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(10);
}
