using OrleansLake.Core.Messages;

namespace OrleansLake.Client;

/// <summary>
/// A lake as a source sees it whose broker keeps records under offsets: where to read on, and records in, each of them once. The position is
/// stored with the rows, so nothing is lost and nothing is stored twice, wherever a process ends.
/// </summary>
/// <remarks>
/// A lake of this process has it, and one on silos: <c>AddOrleansLake</c> and <c>AddOrleansLakeCluster</c> put it into an application's services. One
/// over HTTP has not.
/// </remarks>
public interface ITopicLake
{
    /// <summary>Returns the positions of all partitions of topics of which something was stored.</summary>
    /// <exception cref="LakeClientException">The lake is not open.</exception>
    ValueTask<IReadOnlyList<TopicPosition>> GetPositionsAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores records. When the task ends with <see cref="SendStatus.Stored"/>, they and the position behind them are durable; else the same is to
    /// be sent again, from the same position on. Of one partition one batch at a time, in the order of their offsets.
    /// </summary>
    /// <exception cref="ArgumentException">The offsets of the records do not go up, or reach beyond the batch's position, or its identity is empty or too long.</exception>
    /// <exception cref="LakeClientException">The lake is not open.</exception>
    Task<SendResult> SendAsync(TopicBatch batch, CancellationToken cancellationToken = default);
}
