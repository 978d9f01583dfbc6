using System.Buffers;
using System.Runtime.CompilerServices;
using OrleansLake.Client.Faults;
using OrleansLake.Client.Reports;
using OrleansLake.Client.Sending;
using OrleansLake.Client.Watching;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Engine;
using OrleansLake.Engine.Live;
using OrleansLake.Engine.Sending;

namespace OrleansLake.Client.Embedded;

/// <summary>The client's contract over the engine in this process.</summary>
/// <param name="lake">The lake; it stays its opener's.</param>
/// <param name="clock">The clock.</param>
/// <param name="datesPerSendMax">The number of dates that the messages of one send by a <see cref="Client.SendOptions.Sender"/> may have; null: any number.</param>
/// <param name="datesPerSenderMax">The number of dates that one sender's messages may have within an hour; null: any number.</param>
public sealed class EmbeddedLakeClient(Lake lake, TimeProvider clock, int? datesPerSendMax = null, int? datesPerSenderMax = null) : ILakeClient
{
    /// <summary>The time that a read waits for its position.</summary>
    private static readonly TimeSpan PositionWaitMax = TimeSpan.FromSeconds(10);

    /// <summary>The interval at which a watcher for whom nothing changes is sent the lake's position.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);

    private readonly LiveView _live = lake.GoLive();
    private readonly DateBounds _dates = new(clock);

    /// <summary>Gets what stores the records of topics.</summary>
    internal ITopicLake Topics => new EmbeddedTopics(lake, () => Generation);

    internal PausedSources PausedSources => lake.PausedSources;

    /// <inheritdoc/>
    public async Task<SendResult> SendAsync(ReadOnlySequence<byte> messages, Client.SendOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        IdempotencyKeys.Check(options.IdempotencyKey);
        SendOutcome outcome = await lake.SendAsync(
            messages,
            new Engine.SendOptions
            {
                Key = options.IdempotencyKey is { } key ? SendKey.Idempotency(key) : null,
                Strict = options.Strict,
                IsJsonText = options.IsJsonText,
                Mapping = options.Mapping,
                Origin = options.Origin,
                Refusal = options.Refusal,
                Source = options.Source ?? "send",
                AdmitDates = (datesPerSendMax ?? datesPerSenderMax) is not null && options.Sender is { } sender ? dates => _dates.Refuse(sender, dates, datesPerSendMax ?? int.MaxValue, datesPerSenderMax ?? int.MaxValue) : null,
            },
            cancellationToken).ConfigureAwait(false);
        if (outcome.IsUnknown && options.IdempotencyKey is null)
        {
            // Under a key the same is sent again; without one only the sender can say whether to.
            throw new LakeClientException(
                LakeClientErrorKind.Failed, $"Whether the messages were stored is not known: {outcome.Reason?.TrimEnd('.')}. Ask for one of them before they are sent again; under an Idempotency-Key that is not needed.");
        }

        if (options.WaitForReports && outcome.IsAcknowledged)
        {
            await _live.WaitAppliedAsync(outcome.EndOffsets, cancellationToken).ConfigureAwait(false);
        }

        return SendResults.Of(outcome, Generation, options.ErrorsMax);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, string>> GetMappingsAsync(CancellationToken cancellationToken = default) => EmbeddedMappings.GetAsync(lake.Mappings);

    /// <inheritdoc/>
    public Task SetMappingAsync(string name, string json, CancellationToken cancellationToken = default) => EmbeddedMappings.SetAsync(lake.Mappings, name, json);

    /// <inheritdoc/>
    public Task<bool> RemoveMappingAsync(string name, CancellationToken cancellationToken = default) => EmbeddedMappings.RemoveAsync(lake.Mappings, name);

    /// <inheritdoc/>
    public ReportCatalog Reports => lake.Reports;

    /// <inheritdoc/>
    public async ValueTask<ReportSnapshot> GetReportAsync(ReportQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ReportDefinition report = ReportPages.Definition(Reports, query.Report);
        if (query.MinPosition is { } min)
        {
            await ReachAsync(min, cancellationToken).ConfigureAwait(false);
        }

        LiveReading reading = _live.Read(report);
        if (query.Known is { } known && known.Position.Equals(PositionOf(reading.At)) && known.Time == reading.At.Time)
        {
            return known;
        }

        return ReportPages.Of(reading.Table, query, new ReportFiltering(report, query.Filter), PositionOf(reading.At), reading.At.Time);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<LiveUpdate> WatchAsync(LiveQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _live.Partitions == 1 ? WatchChangesAsync(query, cancellationToken) : WatchReadingsAsync(query, cancellationToken);
    }

    private async IAsyncEnumerable<LiveUpdate> WatchReadingsAsync(LiveQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ReportDefinition[] definitions = [.. query.Reports.Select(report => ReportPages.Definition(Reports, report.Report))];
        using IDisposable watcher = _live.Watch();
        await foreach (LiveUpdate update in ReportWatch.RunAsync(query, Reports, ReadAsync, IsBeyondAsync, clock, outage: null, cancellationToken).ConfigureAwait(false))
        {
            yield return update;
        }

        Task<WatchReading> ReadAsync() => Task.Run(
            () =>
            {
                LiveStart start = _live.ReadTogether(definitions);
                return new WatchReading(StatusOf(start.Counts), start.Tables);
            },
            cancellationToken);

        async Task<bool> IsBeyondAsync(LakePosition seen, TimeSpan max)
        {
            long started = clock.GetTimestamp();
            while (true)
            {
                // Before the read: what is applied after it sets the next signal.
                Task advanced = _live.AdvancedAsync();
                if (!PositionOf(_live.Counts().At).Equals(seen))
                {
                    return true;
                }

                TimeSpan left = max - clock.GetElapsedTime(started);
                try
                {
                    await advanced.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, cancellationToken).ConfigureAwait(false);
                }
                catch (TimeoutException)
                {
                    return false;
                }
                catch (LiveViewClosedException e)
                {
                    throw new LakeClientException(LakeClientErrorKind.Unavailable, e.Message, e);
                }
            }
        }
    }

    private async IAsyncEnumerable<LiveUpdate> WatchChangesAsync(LiveQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        WatchedReport[] reports = [.. query.Reports.Select(report => new WatchedReport(ReportPages.Definition(Reports, report.Report), report.Filter))];
        if (reports.DistinctBy(report => report.Definition).Count() != reports.Length)
        {
            throw new LakeClientException(LakeClientErrorKind.BadRequest, "A report occurs twice among those to be watched.");
        }

        LakePosition? after = query.After;
        while (true)
        {
            using LiveSubscription subscription = _live.Subscribe([.. reports.Select(report => report.Definition)]);
            LiveCounts at = subscription.Start.Counts;
            bool resumes = after is not null && after.Equals(PositionOf(at.At));
            if (after is not null && !resumes)
            {
                yield return new LiveRefetch(PositionOf(at.At), at.At.Time, "The changes since then are not kept.") { IsComplete = false };
            }

            var updates = new List<LiveUpdate>();
            for (int i = 0; i < reports.Length; i++)
            {
                ReportTable table = reports[i].Start(subscription.Start.Tables[i]);
                if (!resumes)
                {
                    updates.Add(SnapshotOf(table, at.At));
                }
            }

            after = null;
            if (query.WithStatus)
            {
                updates.Add(StatusOf(at));
            }

            foreach (LiveUpdate update in Completed(updates))
            {
                yield return update;
            }

            long told = clock.GetTimestamp();
            while (true)
            {
                LiveStep step = await NextAsync(subscription, cancellationToken).ConfigureAwait(false);
                updates.Clear();
                if (!TryUpdates(Reports, reports, step, updates))
                {
                    // The first rows of a report must be found again: as a whole, at a version of their own.
                    break;
                }

                if (query.WithStatus)
                {
                    updates.Add(StatusOf(step.Counts));
                }

                if (updates.Count == 0 && clock.GetElapsedTime(told) >= ProgressInterval)
                {
                    updates.Add(new LiveProgress(PositionOf(step.Counts.At), step.Counts.At.Time));
                }

                foreach (LiveUpdate update in Completed(updates))
                {
                    told = clock.GetTimestamp();
                    yield return update;
                }
            }
        }
    }

    /// <inheritdoc/>
    public async Task<MessageLife> GetMessageAsync(string messageId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messageId);
        UnicodeText.Check(messageId, "id");
        MessageHistory history = await Task.Run(() => _live.Find(messageId), cancellationToken).ConfigureAwait(false);
        return MessageLives.Of(messageId, history);
    }

    /// <inheritdoc/>
    public ValueTask<LakeLedger> GetLedgerAsync(CancellationToken cancellationToken = default)
    {
        (LiveVersion at, Ledger ledger) = _live.Ledger();
        return ValueTask.FromResult(LakeLedger.Of(PositionOf(at), at.Time, ledger));
    }

    /// <inheritdoc/>
    public Task<QuarantinePage> GetQuarantineAsync(QuarantineQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Task.Run(
            () =>
            {
                List<QuarantineEntry> all =
                [
                    .. lake.OpenReader().Quarantine()
                        .Where(entry => query.Source is null || entry.Source == query.Source),
                ];
                Dictionary<string, long> byCode = all.GroupBy(entry => RejectionCodes.Of(entry.Rejection.Reason)).ToDictionary(code => code.Key, code => code.LongCount());
                List<QuarantineEntry> wanted = query.Code is { } code ? all.FindAll(entry => RejectionCodes.Of(entry.Rejection.Reason) == code) : all;
                return new QuarantinePage(
                    wanted.Count,
                    byCode,
                    [
                        .. wanted.Skip((int)Math.Min(query.Skip, int.MaxValue)).Take(query.Take).Select(entry => new QuarantineRecord(
                            entry.Source, entry.Rejection.Record, entry.Rejection.Position < 0 ? null : entry.Rejection.Position,
                            RejectionCodes.Of(entry.Rejection.Reason), entry.Rejection.Detail, entry.Rejection.Raw) { Mapping = entry.Rejection.Mapping }),
                    ]);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<LakeStanding> GetStatusAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(Standing());

    /// <summary>Returns the lake's status.</summary>
    internal LakeStanding Standing()
    {
        LakeStatus status = lake.Status;
        LiveCounts counts = _live.Counts();
        return new LakeStanding
        {
            Position = PositionOf(counts.At),
            Time = counts.At.Time,
            Accepted = status.Accepted,
            Durable = status.Durable,
            Applied = status.Applied,
            Published = status.Published,
            Ledger = counts.Total,
            Keys = status.Keys,
            CommitNumber = status.CommitNumber,
            CommitMs = status.CommitMs,
            FsyncMs = status.FsyncMs,
            Files = status.Files,
            ExternalFiles = [.. status.ExternalFiles.Select(file => new ExternalFileStatus(file.Path, file.StateName, file.Rows, file.RenamedTo))],
            NewestEvent = counts.NewestEvent,
            Watchers = _live.Watchers,
            Ids = lake.Reports.Ids,
            TimeZone = lake.TimeZone.Id,
            Keep = lake.Keep,
        };
    }

    private long Generation => _live.Generation;

    private static LakePosition PositionOf(LiveVersion at) => new(at.Generation, at.Offsets);

    private static LiveStatus StatusOf(LiveCounts counts) => new(PositionOf(counts.At), counts.At.Time, counts.Total, counts.NewestEvent);

    private static LiveSnapshot SnapshotOf(ReportTable table, LiveVersion at) =>
        new(new ReportSnapshot { Table = table, Position = PositionOf(at), Time = at.Time, RowsInAll = table.RowCount });

    private static async ValueTask<LiveStep> NextAsync(LiveSubscription subscription, CancellationToken cancellationToken)
    {
        try
        {
            return await subscription.NextAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (LiveViewClosedException e)
        {
            throw new LakeClientException(LakeClientErrorKind.Unavailable, e.Message, e);
        }
    }

    private static bool TryUpdates(ReportCatalog lakeReports, WatchedReport[] reports, LiveStep step, List<LiveUpdate> updates)
    {
        foreach (WatchedReport report in reports)
        {
            int index = lakeReports.IndexOf(report.Definition);
            if (report.Change(step.Changes[index]) is not { } change)
            {
                return false;
            }
            else if (change.Rows.RowCount > 0 || change.Removed.RowCount > 0 || step.Changes[index].ColumnsChanged)
            {
                updates.Add(new LiveDelta(PositionOf(step.Counts.At), step.Counts.At.Time)
                {
                    Rows = change.Rows,
                    Removed = change.Removed,
                    Columns = step.Changes[index].ColumnsChanged ? change.Rows.Columns : null,
                });
            }
        }

        return true;
    }

    // Only the last one completes its position.
    private static IEnumerable<LiveUpdate> Completed(List<LiveUpdate> updates)
    {
        for (int i = 0; i < updates.Count; i++)
        {
            yield return i == updates.Count - 1 ? updates[i] : updates[i] with { IsComplete = false };
        }
    }

    private async ValueTask ReachAsync(LakePosition min, CancellationToken cancellationToken)
    {
        if (min.Generation != Generation || min.Offsets.Length != _live.Partitions)
        {
            throw new LakeClientException(LakeClientErrorKind.PositionGone, $"The position {min} is of another generation of the lake: it was emptied or repartitioned since. Read again without it.");
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(PositionWaitMax);
        try
        {
            await _live.WaitAppliedAsync(min.Offsets, timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LakeClientException(LakeClientErrorKind.PositionNotReached, $"The lake has not come to {min} within {PositionWaitMax.TotalSeconds:0} s. Try again, or read without it.");
        }
    }
}
