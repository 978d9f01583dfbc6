using System.Buffers;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;

namespace OrleansLake.Client.Embedded;

/// <summary>
/// The lake of this process for services that are constructed before it is open: an application's services are constructed before the
/// first of them is started.
/// </summary>
internal sealed class HostedLakeClient(LakeHost host) : ILakeClient, ITopicLake, ISourceSettings
{
    private EmbeddedLakeClient Lake => host.Client
        ?? throw new LakeClientException(LakeClientErrorKind.Unavailable, "The lake is not open yet: it opens when the application starts.");

    public ReportCatalog Reports => host.Reports;

    public Task<SendResult> SendAsync(ReadOnlySequence<byte> messages, SendOptions options, CancellationToken cancellationToken = default) =>
        Lake.SendAsync(messages, options, cancellationToken);

    public Task<SendResult> SendAsync(TopicBatch batch, CancellationToken cancellationToken = default) => Lake.Topics.SendAsync(batch, cancellationToken);

    public ValueTask<IReadOnlyList<TopicPosition>> GetPositionsAsync(CancellationToken cancellationToken = default) => Lake.Topics.GetPositionsAsync(cancellationToken);

    public ValueTask<bool> IsPausedAsync(string source, CancellationToken cancellationToken) => ValueTask.FromResult(Lake.PausedSources.Contains(source));

    public ValueTask SetPausedAsync(string source, bool isPaused, CancellationToken cancellationToken)
    {
        Lake.PausedSources.Set(source, isPaused);
        return ValueTask.CompletedTask;
    }

    public ValueTask<ReportSnapshot> GetReportAsync(ReportQuery query, CancellationToken cancellationToken = default) => Lake.GetReportAsync(query, cancellationToken);

    public IAsyncEnumerable<LiveUpdate> WatchAsync(LiveQuery query, CancellationToken cancellationToken = default) => Lake.WatchAsync(query, cancellationToken);

    public Task<MessageLife> GetMessageAsync(string messageId, CancellationToken cancellationToken = default) => Lake.GetMessageAsync(messageId, cancellationToken);

    public ValueTask<LakeLedger> GetLedgerAsync(CancellationToken cancellationToken = default) => Lake.GetLedgerAsync(cancellationToken);

    public Task<IReadOnlyDictionary<string, string>> GetMappingsAsync(CancellationToken cancellationToken = default) => Lake.GetMappingsAsync(cancellationToken);

    public Task SetMappingAsync(string name, string json, CancellationToken cancellationToken = default) => Lake.SetMappingAsync(name, json, cancellationToken);

    public Task<bool> RemoveMappingAsync(string name, CancellationToken cancellationToken = default) => Lake.RemoveMappingAsync(name, cancellationToken);

    public Task<QuarantinePage> GetQuarantineAsync(QuarantineQuery query, CancellationToken cancellationToken = default) => Lake.GetQuarantineAsync(query, cancellationToken);

    public ValueTask<LakeStanding> GetStatusAsync(CancellationToken cancellationToken = default) => Lake.GetStatusAsync(cancellationToken);
}
