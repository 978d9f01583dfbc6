using System.Buffers;
using System.Runtime.CompilerServices;
using OrleansLake.Client.Faults;
using OrleansLake.Client.Http;
using OrleansLake.Client.Reading;
using OrleansLake.Client.Reports;
using OrleansLake.Client.Sending;
using OrleansLake.Client.Watching;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Grains;
using OrleansLake.Grains.Wire;
using static OrleansLake.Client.Orleans.ClusterCalls;

namespace OrleansLake.Client.Orleans;

/// <summary>The client's contract over the grains of a cluster. Silos may come and go under its calls.</summary>
/// <param name="grains">The cluster's grains.</param>
/// <param name="clock">The clock.</param>
/// <param name="datesPerSendMax">The number of dates that the messages of one send by a <see cref="SendOptions.Sender"/> may have; null: any number.</param>
/// <param name="watchOutageMax">
/// How long watching continues while the cluster is away, as <see cref="LakeHttpOptions.WatchOutageMax"/> says; null: five minutes.
/// </param>
/// <param name="reports">The reports that the cluster's lake keeps; null: the two of <see cref="LakeReports.All"/>.</param>
/// <param name="datesPerSenderMax">The number of dates that one sender's messages may have within an hour, through one silo; null: any number.</param>
/// <param name="presence">The watch of the lake's folder, in a silo: while it is away, the server over this client says so. Null: it is not watched here.</param>
public sealed class GrainLakeClient(
    IGrainFactory grains, TimeProvider clock, int? datesPerSendMax = null, TimeSpan? watchOutageMax = null, ReportCatalog? reports = null, int? datesPerSenderMax = null, LakePresence? presence = null) : ILakeClient, ILakeOutage
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>The time that a read waits for its position.</summary>
    private static readonly TimeSpan PositionWaitMax = TimeSpan.FromSeconds(10);

    /// <summary>The time after which a watcher is notified that a call waits for something that moves.</summary>
    private static readonly TimeSpan WatchPatience = TimeSpan.FromSeconds(2);

    private readonly LakeHttpOptions _outages = Outages(watchOutageMax);
    private volatile ReportCatalog? _asked;
    private int _watchers;

    /// <inheritdoc/>
    public ReportCatalog Reports => _asked ?? reports ?? LakeReports.All;

    /// <inheritdoc/>
    public async ValueTask<IdTypes> GetIdTypesAsync(CancellationToken cancellationToken = default) =>
        (_asked ??= (reports ?? LakeReports.All).Of((await CallAsync(Gateway.GetIdTypesAsync, cancellationToken).ConfigureAwait(false)).ToIdTypes())).Ids;

    string? ILakeOutage.Outage(bool looks) => presence?.Outage(looks);

    private IGatewayGrain Gateway => grains.GetGrain<IGatewayGrain>(0);

    /// <inheritdoc/>
    public async Task<SendResult> SendAsync(ReadOnlySequence<byte> messages, SendOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        IdempotencyKeys.Check(options.IdempotencyKey);
        var request = new SendRequest
        {
            Ndjson = messages.ToArray(),
            Key = options.IdempotencyKey,
            Strict = options.Strict,
            IsJsonText = options.IsJsonText,
            RefusedFor = options.Refusal?.Reason,
            RefusedBecause = options.Refusal?.Detail,
            Source = options.Source ?? "send",
            ErrorsMax = options.ErrorsMax,
            Sender = options.Sender,
            DatesMax = options.Sender is null ? null : datesPerSendMax,
            SenderDatesMax = datesPerSenderMax,
            Mapping = options.Mapping,
            OriginOffset = options.Origin?.Offset,
            OriginAttributes = options.Origin?.Attributes,
        };
        SendReceipt receipt;
        try
        {
            // Without a key only the sender can say whether to send again what may or may not be stored.
            receipt = request.Key is null ? await Gateway.SendAsync(request, cancellationToken).ConfigureAwait(false)
                : await Retries.RunAsync(() => Gateway.SendAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LakeBusyException || (e is IOException && request.Key is not null))
        {
            return new SendResult { Status = e is LakeBusyException { IsInFlight: true } ? SendStatus.InFlight : SendStatus.TryAgain, RetryAfter = RetryAfter, Detail = e.Message };
        }
        catch (Exception e) when (e is IOException || IsOfCluster(e, cancellationToken))
        {
            throw request.Key is null
                ? new LakeClientException(
                    LakeClientErrorKind.Failed, $"Whether the messages were stored is not known: {ReasonOf(e)}. Ask for one of them before they are sent again; under an Idempotency-Key that is not needed.", e)
                : new LakeClientException(
                    LakeClientErrorKind.Unavailable, $"Whether the messages were stored is not known: {ReasonOf(e)}. Send the same again under the same key: it is stored once.", e);
        }

        LakePosition? position = ReceiptResults.PositionOf(receipt);
        if (options.WaitForReports && position is not null)
        {
            await WaitForReportsAsync(new LakeOffsets(position.Generation, receipt.EndOffsets), position, cancellationToken).ConfigureAwait(false);
        }

        return ReceiptResults.Of(receipt);
    }

    /// <inheritdoc/>
    public async ValueTask<ReportSnapshot> GetReportAsync(ReportQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ReportDefinition report = ReportPages.Definition(Reports, query.Report);
        var filtering = new ReportFiltering(report, query.Filter);
        if (query.MinPosition is { } min)
        {
            await ReachAsync(min, cancellationToken).ConfigureAwait(false);
        }

        LakeResponse response = await CallAsync(() => Gateway.GetReportsAsync([new ReportRequest(query.Report, TopOf(report, query.Filter))]), cancellationToken).ConfigureAwait(false);
        return ReportPages.Of(TableOf(response, 0), query, filtering, PositionOf(response.Moment.Position), clock.GetUtcNow());
    }

    private ReportTable TableOf(LakeResponse response, int report)
    {
        ReportTable table = response.Reports[report].ToTable(Reports);
        var names = new KeptNames([.. response.Moment.Partitions[0].ColumnNames.Where(cell => cell.Report == table.Definition.Name).Select(cell => new KeptName(cell.Value, cell.Name))]);
        return names.Apply(table);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LiveUpdate> WatchAsync(LiveQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ReportRequest[] requests = [.. query.Reports.Select(report => new ReportRequest(report.Report, null))];
        Interlocked.Increment(ref _watchers);
        try
        {
            await foreach (LiveUpdate update in ReportWatch.RunAsync(
                query,
                Reports,
                async () =>
                {
                    LakeResponse response = await ReceiveAsync(() => Gateway.GetReportsAsync(requests), cancellationToken).ConfigureAwait(false);
                    return new WatchReading(StatusOf(response.Moment, clock.GetUtcNow()), [.. response.Reports.Select((_, i) => TableOf(response, i))]);
                },
                (seen, max) => ReceiveAsync(() => Gateway.WaitBeyondAsync(new LakeOffsets(seen.Generation, [.. seen.Offsets]), max), cancellationToken),
                clock,
                new WatchOutage(_outages, clock),
                cancellationToken).ConfigureAwait(false))
            {
                yield return update;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _watchers);
        }
    }

    /// <inheritdoc/>
    public async Task<MessageLife> GetMessageAsync(string messageId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messageId);
        UnicodeText.Check(messageId, "id");
        MessageHistoryResponse history = await CallAsync(() => Gateway.GetMessageAsync(messageId), cancellationToken).ConfigureAwait(false);
        return new MessageLife(messageId, PositionOf(history.Position), [.. history.Copies.Select(copy => CopyOf(copy, history))]);
    }

    /// <inheritdoc/>
    public async ValueTask<LakeLedger> GetLedgerAsync(CancellationToken cancellationToken = default)
    {
        LedgerResponse response = await CallAsync(Gateway.GetLedgerAsync, cancellationToken).ConfigureAwait(false);
        return LakeLedger.Of(PositionOf(response.Position), clock.GetUtcNow(), response.ToLedger());
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, string>> GetMappingsAsync(CancellationToken cancellationToken = default) =>
        await CallAsync(Gateway.GetMappingsAsync, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task SetMappingAsync(string name, string json, CancellationToken cancellationToken = default)
    {
        if (await CallAsync(() => Gateway.SetMappingAsync(name, json), cancellationToken).ConfigureAwait(false) is { } fault)
        {
            throw new LakeClientException(LakeClientErrorKind.BadRequest, fault);
        }
    }

    /// <inheritdoc/>
    public Task<bool> RemoveMappingAsync(string name, CancellationToken cancellationToken = default) => Engine.Mappings.LakeMappings.FaultOfName(name) is { } fault
        ? throw new LakeClientException(LakeClientErrorKind.BadRequest, fault) : CallAsync(() => Gateway.RemoveMappingAsync(name), cancellationToken);

    /// <inheritdoc/>
    public async Task<QuarantinePage> GetQuarantineAsync(QuarantineQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        RejectionReason? reason = query.Code is { } code ? Enum.GetValues<RejectionReason>().Cast<RejectionReason?>().FirstOrDefault(one => RejectionCodes.Of(one!.Value) == code) : null;
        bool isKnown = query.Code is null || reason is not null;
        int recordsMax = isKnown ? (int)Math.Min(query.Skip + query.Take, int.MaxValue) : 0;
        QuarantineResponse response = await CallAsync(() => Gateway.GetQuarantineAsync(reason, query.Source, recordsMax), cancellationToken).ConfigureAwait(false);
        return new QuarantinePage(
            !isKnown ? 0 : reason is { } wanted ? response.ByReason.GetValueOrDefault(wanted) : response.ByReason.Values.Sum(),
            response.ByReason.ToDictionary(one => RejectionCodes.Of(one.Key), one => one.Value),
            [
                .. response.Records.Skip((int)Math.Min(query.Skip, int.MaxValue)).Select(record => new QuarantineRecord(
                    record.Source, record.Record, record.Position < 0 ? null : record.Position, RejectionCodes.Of(record.Reason), record.Detail, record.Raw) { Mapping = record.Mapping }),
            ]);
    }

    /// <inheritdoc/>
    public async ValueTask<LakeStanding> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        LakeVersion moment = await CallAsync(Gateway.GetVersionAsync, cancellationToken).ConfigureAwait(false);
        PartitionStatus[] partitions = await CallAsync(Gateway.GetStatusesAsync, cancellationToken).ConfigureAwait(false);
        IdTypes ids = await GetIdTypesAsync(cancellationToken).ConfigureAwait(false);
        DateTimeOffset now = clock.GetUtcNow();
        LiveStatus status = StatusOf(moment, now);
        return new LakeStanding
        {
            Position = status.Position,
            Time = now,
            Accepted = partitions.Sum(p => p.Accepted),
            Durable = partitions.Sum(p => p.Durable),
            Applied = partitions.Sum(p => p.Applied),
            Published = partitions.Sum(p => p.Published),
            Ledger = status.Ledger,
            Keys = partitions.Sum(p => p.Keys),
            CommitNumber = partitions.Sum(p => p.CommitNumber),
            CommitMs = partitions.Max(p => p.CommitMs),
            FsyncMs = partitions.Max(p => p.FsyncMs),
            Files = partitions.Sum(p => p.Files),
            ExternalFiles =
            [
                .. partitions.SelectMany(p => p.ExternalFiles).GroupBy(file => file.Path).OrderBy(shares => shares.Key, StringComparer.Ordinal)
                    .Select(shares => new ExternalFileStatus(
                        shares.Key, Engine.ExternalFile.NameOf(shares.First().State), shares.Sum(share => share.Rows), shares.First().RenamedTo)),
            ],
            NewestEvent = status.NewestEvent,
            Watchers = Volatile.Read(ref _watchers),
            Ids = ids,
            TimeZone = partitions[0].TimeZone,
            Keep = partitions[0].Keep,
        };
    }

    // The first rows alone cost less, where nothing else is asked of the report's order.
    private static int? TopOf(ReportDefinition report, ReportFilter filter) =>
        report.Order == ReportOrder.ByTotalDescendingThenKeys && filter is { From: null, To: null, Channels: null, Users: null } ? filter.Top : null;

    private static LakePosition PositionOf(LakeOffsets position) => new(position.Generation, [.. position.Offsets]);

    private static LiveStatus StatusOf(LakeVersion moment, DateTimeOffset now) => new(
        PositionOf(moment.Position),
        now,
        Ledger.Sum(moment.Partitions.Select(partition => partition.Ledger.ToLedger())).Total,
        CopyOutcome.Time(moment.Partitions.Max(partition => partition.NewestMicros)));

    private static MessageCopy CopyOf(MessageCopyDto copy, MessageHistoryResponse history)
    {
        MessageCopyDto? counted = copy.IsCorrupted ? null : history.Copies.First(other => other.Offset == copy.CountedOffset);
        return CopyOutcome.Of(
            copy.Offset, copy.TimestampMicros, copy.Date, copy.Value, copy.EventType, copy.Channel,
            IdsDto.CountryOf(copy.Ids, copy.CountryId), IdsDto.UserOf(copy.Ids, copy.UserId),
            counted is null ? null : (counted.Offset, counted.TimestampMicros)) with
        { Attributes = copy.Attributes, Source = copy.Source, SourceOffset = copy.SourceOffset, Columns = copy.Columns };
    }

    private async Task ReachAsync(LakePosition min, CancellationToken cancellationToken)
    {
        LakeVersion moment = await CallAsync(Gateway.GetVersionAsync, cancellationToken).ConfigureAwait(false);
        LakePosition now = PositionOf(moment.Position);
        if (min.Generation != now.Generation || min.Offsets.Length != now.Offsets.Length)
        {
            throw new LakeClientException(LakeClientErrorKind.PositionGone, $"The position {min} is of another generation of the lake: it was emptied or repartitioned since. Read again without it.");
        }

        if (now.Covers(min))
        {
            return;
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(PositionWaitMax);
        try
        {
            await CallAsync(() => Gateway.WaitAppliedAsync(new LakeOffsets(min.Generation, [.. min.Offsets]), timeout.Token), timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LakeClientException(LakeClientErrorKind.PositionNotReached, $"The lake has not come to {min} within {PositionWaitMax.TotalSeconds:0} s. Try again, or read without it.");
        }
    }

    private async Task WaitForReportsAsync(LakeOffsets offsets, LakePosition position, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync(() => Gateway.WaitAppliedAsync(offsets, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (LakeClientException e) when (e.Kind == LakeClientErrorKind.Unavailable)
        {
            throw new LakeClientException(
                LakeClientErrorKind.PositionNotReached, $"The messages are stored, and are not to be sent again; that reports show them could not be waited for ({ReasonOf(e.InnerException ?? e)}). Read with min_position={position}.", e);
        }
    }

    private static LakeHttpOptions Outages(TimeSpan? max)
    {
        if (max is { } given && given != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(given, TimeSpan.Zero, nameof(watchOutageMax));
        }

        var options = new LakeHttpOptions();
        options.WatchOutageMax = max ?? options.WatchOutageMax;
        return options;
    }

    // For a watcher, who is notified soon that nothing arrives.
    private static async Task<T> ReceiveAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await Retries.RunAsync(call, WatchPatience, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfCluster(e, cancellationToken))
        {
            throw new LakeClientException(LakeClientErrorKind.Unavailable, $"The cluster does not answer: {ReasonOf(e)}.", e);
        }
    }
}
