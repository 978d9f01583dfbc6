using Orleans.Concurrency;
using OrleansLake.Core.Messages;

namespace OrleansLake.Grains;

/// <summary>
/// Owns one partition of the lake by its epoch: writes its bronze log, applies what is durable in the order of the
/// log, and commits. Its key is the partition's number.
/// </summary>
/// <remarks>
/// An activation that was replaced by another one, a zombie's too, can acknowledge nothing and publish nothing: the
/// store refuses it, and it goes.
/// </remarks>
[Alias("OrleansLake.IPartitionGrain")]
internal interface IPartitionGrain : IGrainWithIntegerKey
{
    /// <summary>Appends messages of this partition. When the task ends they are durable.</summary>
    /// <exception cref="LakeBusyException">More waits to be applied than fits in memory: nothing was stored.</exception>
    [AlwaysInterleave, Alias("Append"), ResponseTimeout(LakeGrains.AnswerWithin)]
    Task<AppendReceipt> AppendAsync(FrameEnvelope frame, CancellationToken cancellationToken = default);

    /// <summary>Returns whether a batch is stored here to its end: what its home, where each batch has a frame, says of all of it.</summary>
    /// <param name="key">The batch's key, or its producer.</param>
    /// <param name="number">Its number among those of its producer; null if the key stands for it alone.</param>
    /// <param name="crc32C">The CRC32C of its bytes.</param>
    /// <param name="length">The number of they that are.</param>
    [AlwaysInterleave, Alias("IsStored")]
    Task<bool> IsStoredAsync(string key, long? number, uint crc32C, long length);

    /// <summary>Returns what is durable here of a topic's partition; null if nothing is.</summary>
    /// <param name="topic">The topic's identity.</param>
    /// <param name="partition">The number of its partition.</param>
    [AlwaysInterleave, Alias("Topic")]
    Task<TopicProgressDto?> GetTopicAsync(string topic, int partition);

    /// <summary>Returns what is durable here of all topics.</summary>
    [AlwaysInterleave, Alias("Topics")]
    Task<TopicProgressDto[]> GetTopicsAsync();

    /// <summary>Returns durable frames of the log, from one on; none if the log ends there.</summary>
    /// <param name="sequence">The first frame's number; at least that of the newest commit.</param>
    /// <param name="framesMax">The largest number.</param>
    [AlwaysInterleave, Alias("Read")]
    Task<FrameBlock> ReadAsync(long sequence, int framesMax);

    /// <summary>Returns reports and counts at one version.</summary>
    /// <param name="reports">The reports' names; none for the counts alone.</param>
    [AlwaysInterleave, Alias("ReadReports")]
    Task<PartitionResponse> ReadReportsAsync(params string[] reports);

    /// <summary>Returns the current version, with everything that is applied.</summary>
    [AlwaysInterleave, Alias("Moment"), ResponseTimeout(LakeGrains.AnswerWithin)]
    Task<PartitionVersion> GetVersionAsync();

    /// <summary>Returns the changes in the rows of a scope since a step, up to now.</summary>
    /// <param name="scope">Which rows.</param>
    /// <param name="knownEpoch">The epoch of what the asker knows; 0 if nothing.</param>
    /// <param name="knownStep">Its step.</param>
    [AlwaysInterleave, Alias("Follow"), ResponseTimeout(LakeGrains.AnswerWithin)]
    Task<ReportSteps> FollowAsync(ReportScope scope, long knownEpoch, long knownStep);

    /// <summary>Returns all copies of a message of this partition.</summary>
    [AlwaysInterleave, Alias("Search")]
    Task<MessageHistoryResponse> SearchAsync(string messageId);

    /// <summary>Returns the first of the rejected records of this partition that fit.</summary>
    /// <param name="code">Only those with this reason; null: all.</param>
    /// <param name="source">Only those from this source; null: all.</param>
    /// <param name="recordsMax">The largest number.</param>
    [AlwaysInterleave, Alias("Quarantine")]
    Task<QuarantineResponse> GetQuarantineAsync(RejectionReason? code, string? source, int recordsMax);

    /// <summary>Returns the copies that count of a message of this partition: the first of each (event type, channel).</summary>
    [AlwaysInterleave, Alias("Find"), ResponseTimeout(LakeGrains.AnswerWithin)]
    Task<MessageOccurrenceDto[]> FindAsync(string messageId);

    /// <summary>Ends when the reports show everything before an offset of this partition, or after a second.</summary>
    /// <returns>Whether they show it.</returns>
    [AlwaysInterleave, Alias("WaitApplied"), ResponseTimeout(LakeGrains.AnswerWithin)]
    Task<bool> WaitAppliedAsync(long offset, CancellationToken cancellationToken = default);

    /// <summary>Returns the reports as of the newest commit, which is made first if there is none by this owner.</summary>
    [AlwaysInterleave, Alias("Committed")]
    Task<CommittedResponse> GetCommittedAsync();

    /// <summary>Publishes what is durable now, without waiting for the trigger.</summary>
    [AlwaysInterleave, Alias("Commit")]
    Task CommitAsync();

    /// <summary>Returns the partition's status.</summary>
    [AlwaysInterleave, Alias("Standing")]
    Task<PartitionStatus> GetStatusAsync();
}
