using OrleansLake.Core.Messages;

namespace OrleansLake.Grains;

/// <summary>
/// The way into and out of a lake: takes messages as they are sent, and adds up what the partitions say. It has no
/// state, and as many activations as there is work; any key will do.
/// </summary>
[Alias("OrleansLake.IGatewayGrain")]
internal interface IGatewayGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Takes NDJSON in. Every message is durable in its partition when the task ends; a call that failed may have
    /// stored some partitions' messages, and repeating it under the same key completes it.
    /// </summary>
    [Alias("Send")]
    Task<SendReceipt> SendAsync(SendRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores records of a topic's partition, each once. When the task ends, they and the position behind them are durable; a call that failed may
    /// have stored some of them, and repeating it, however much later, completes it.
    /// </summary>
    [Alias("SendTopic")]
    Task<SendReceipt> SendTopicAsync(TopicBatchEnvelope batch, CancellationToken cancellationToken = default);

    /// <summary>Returns the positions of all partitions of topics of which something was stored.</summary>
    [Alias("TopicPositions")]
    Task<TopicPositionDto[]> GetTopicPositionsAsync();

    /// <summary>Returns a report of the whole lake.</summary>
    [Alias("Report")]
    Task<ReportResponse> GetReportAsync(string report);

    /// <summary>Returns reports of the whole lake, all at one version.</summary>
    [Alias("Reports")]
    Task<LakeResponse> GetReportsAsync(IReadOnlyList<ReportRequest> reports);

    /// <summary>Returns the current version: the counts in all, and where each partition is.</summary>
    [Alias("Moment")]
    Task<LakeVersion> GetVersionAsync();

    /// <summary>Ends when something beyond a position is applied, or after a while.</summary>
    /// <returns>Whether something is.</returns>
    [Alias("WaitBeyond")]
    Task<bool> WaitBeyondAsync(LakeOffsets position, TimeSpan max);

    /// <summary>Returns all copies of a message.</summary>
    [Alias("Message")]
    Task<MessageHistoryResponse> GetMessageAsync(string messageId);

    /// <summary>Returns the types of the lake's ids.</summary>
    [Alias("IdTypes")]
    Task<IdTypesDto> GetIdTypesAsync();

    /// <summary>Returns the mappings that the lake keeps: by its name the JSON of each.</summary>
    [Alias("Mappings")]
    Task<Dictionary<string, string>> GetMappingsAsync();

    /// <summary>Keeps a mapping in the lake; every silo uses it when the task has ended.</summary>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    [Alias("SetMapping")]
    Task<string?> SetMappingAsync(string name, string json);

    /// <summary>Removes a mapping from the lake.</summary>
    /// <returns>Whether there was one.</returns>
    [Alias("RemoveMapping")]
    Task<bool> RemoveMappingAsync(string name);

    /// <summary>Returns rejected records that fit, oldest first: at most so many, and how many there are.</summary>
    [Alias("Quarantine")]
    Task<QuarantineResponse> GetQuarantineAsync(RejectionReason? code, string? source, int recordsMax);

    /// <summary>Returns the status of each partition.</summary>
    [Alias("Standings")]
    Task<PartitionStatus[]> GetStatusesAsync();

    /// <summary>Returns the counts of the whole lake.</summary>
    [Alias("Ledger")]
    Task<LedgerResponse> GetLedgerAsync();

    /// <summary>Ends when reports show everything before a position.</summary>
    [Alias("WaitApplied")]
    Task WaitAppliedAsync(LakeOffsets position, CancellationToken cancellationToken = default);

    /// <summary>Publishes what is durable now in every partition, gold included.</summary>
    [Alias("Commit")]
    Task CommitAsync();
}
