using System.Diagnostics;
using System.Text;
using Orleans.Concurrency;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;
using OrleansLake.Engine;
using OrleansLake.Engine.Sending;
using OrleansLake.Storage;

namespace OrleansLake.Grains;

/// <inheritdoc cref="IGatewayGrain"/>
/// <remarks>Reentrant, because some calls wait for long and it has no state that another could find half changed.</remarks>
[Reentrant]
[StatelessWorker]
internal sealed class GatewayGrain(LakeClusterHost host) : Grain, IGatewayGrain
{
    // Before the caller takes no answer for a failure, which it does after 30 s.
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

    public async Task<SendReceipt> SendAsync(SendRequest request, CancellationToken cancellationToken)
    {
        PartitionedLake lake = await host.LakeAsync();
        var piece = new SentPiece { Start = 0, End = request.Ndjson.Length };
        MessageBatch batch = piece.Batch;
        List<Rejection> rejections = piece.Rejections;
        await Task.Run(() => Parse(request, lake.TimeZone, batch, rejections), cancellationToken);
        RejectedRecord[] errors = [.. rejections.Take(request.ErrorsMax).Select(r => new RejectedRecord(r.Record, r.Reason, r.Detail))];
        var receipts = new AppendReceipt?[lake.Partitions];
        if (request.Strict && rejections.Count > 0)
        {
            return Receipt(SendOutcome.Refused);
        }

        if (request.DatesMax is { } datesMax && SentDates.Of([piece], lake.TimeZone).Count > datesMax)
        {
            return Receipt(SendOutcome.TooManyDates);
        }

        FrameContent?[] frames = Frames(request, batch, rejections, lake.Partitions);
        if (request.Key is { } key)
        {
            // One partition takes the key first, so that other messages under it are refused before any is stored.
            int home = DividedFrames.HomeOf(key, lake.Partitions);
            AppendReceipt first = await AppendAsync(home, frames[home]!, isKeyed: true, cancellationToken);
            if (first.Outcome is AppendOutcome.Conflict or AppendOutcome.Forgotten)
            {
                return Receipt(first.Outcome == AppendOutcome.Conflict ? SendOutcome.KeyConflict : SendOutcome.KeyForgotten);
            }

            receipts[home] = first;
            frames[home] = null;
        }

        Task[] appends =
        [
            .. frames.Select(async (frame, partition) =>
            {
                if (frame is not null)
                {
                    receipts[partition] = await AppendAsync(partition, frame, request.Key is not null, cancellationToken);
                }
            }),
        ];
        await Task.WhenAll(appends).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Task? unknown = Array.Find(appends, static append => !append.IsCompletedSuccessfully && append.Exception?.InnerException is not LakeBusyException);
        if (unknown is not null)
        {
            await unknown;
        }

        Task? busy = Array.Find(appends, static append => !append.IsCompletedSuccessfully);
        if (busy is not null && request.Key is null && Array.Exists(receipts, static receipt => receipt is not null))
        {
            // A sender that gets "busy" concludes that nothing is stored.
            throw new IOException($"some of them are, and others are not ({busy.Exception!.InnerException!.Message})");
        }

        if (busy is not null)
        {
            await busy;
        }

        return Receipt(SendOutcome.Stored);

        SendReceipt Receipt(SendOutcome outcome) => new()
        {
            Outcome = outcome,
            Accepted = receipts.Sum(r => r is { Outcome: AppendOutcome.Stored } ? r.Count : 0),
            Duplicates = receipts.Sum(r => r is { Outcome: AppendOutcome.Repeated } ? r.Count : 0),
            Rejected = rejections.Count,
            Errors = errors,
            EndOffsets = [.. receipts.Select(r => r?.EndOffset ?? 0)],
            Generation = receipts.Max(r => r?.Generation ?? 0),
        };
    }

    public async Task<ReportReadout> GetReportAsync(string report)
    {
        _ = host.Options.Reports.IndexOf(report);

        LakeReadout readout = await GetReportsAsync([new ReportRequest(report, null)]);
        return readout.Reports[0];
    }

    public async Task<LakeReadout> GetReportsAsync(IReadOnlyList<ReportRequest> reports)
    {
        while (true)
        {
            LakeMoment moment = await GetMomentAsync();
            AggregateReadout[] readouts = await Task.WhenAll(reports.Select(report =>
                Retries.RunAsync(() => GrainFactory.GetGrain<IReportGrain>(report.Report).ReadAsync(moment, report.Top))));

            // A partition went to another owner, or the readers were too slow: at a newer moment then.
            if (readouts.All(readout => readout.Moment is not null))
            {
                return new LakeReadout(moment, [.. reports.Zip(readouts, (report, readout) => new ReportReadout(report.Report, moment.Position, readout.Parts))]);
            }
        }
    }

    public async Task<LakeMoment> GetMomentAsync() => await ReportFollower.MomentAsync(GrainFactory, (await host.LakeAsync()).Partitions);

    public async Task<bool> WaitBeyondAsync(LakeOffsets position, TimeSpan max)
    {
        using var enough = new CancellationTokenSource(max);
        Task[] waits = [.. position.Offsets.Select((offset, partition) => WaitAppliedAsync(partition, offset + 1, enough.Token))];
        Task first = await Task.WhenAny(waits);
        bool isBeyond = first.IsCompletedSuccessfully;
        await enough.CancelAsync();
        await Task.WhenAll(waits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return isBeyond;
    }

    public async Task<MessageHistoryReadout> GetMessageAsync(string messageId)
    {
        PartitionedLake lake = await host.LakeAsync();
        int home = PartitionedMessages.PartitionOf(Encoding.UTF8.GetBytes(messageId), lake.Partitions);
        LakeOffsets position = (await GetMomentAsync()).Position;
        MessageHistoryReadout history = await Retries.RunAsync(() => Partition(home).SearchAsync(messageId));

        // No other partition has anything of it.
        return history with { Position = position with { Offsets = [.. position.Offsets.Select((offset, i) => i == home ? history.Position.Offsets[0] : offset)] } };
    }

    public async Task<QuarantineReadout> GetQuarantineAsync(RejectionReason? code, string? source, int recordsMax)
    {
        PartitionedLake lake = await host.LakeAsync();
        return QuarantineReadout.Sum(
            await Task.WhenAll(Enumerable.Range(0, lake.Partitions).Select(partition => Retries.RunAsync(() => Partition(partition).GetQuarantineAsync(code, source, recordsMax)))),
            recordsMax);
    }

    public async Task<PartitionStanding[]> GetStandingsAsync()
    {
        PartitionedLake lake = await host.LakeAsync();
        return await Task.WhenAll(Enumerable.Range(0, lake.Partitions).Select(partition => Retries.RunAsync(() => Partition(partition).GetStandingAsync())));
    }

    public async Task<LedgerReadout> GetLedgerAsync()
    {
        PartitionReadout[] readouts = await ReadAsync();
        return new LedgerReadout(OffsetsOf(readouts), [.. readouts.Select(r => r.Ledger)]);
    }

    public Task WaitAppliedAsync(LakeOffsets position, CancellationToken cancellationToken) =>
        Task.WhenAll(position.Offsets.Select((offset, partition) => WaitAppliedAsync(partition, offset, cancellationToken)));

    public async Task CommitAsync()
    {
        PartitionedLake lake = await host.LakeAsync();
        await Task.WhenAll(Enumerable.Range(1, lake.Partitions - 1).Select(partition => Retries.RunAsync(() => Partition(partition).CommitAsync())));

        // It publishes gold, so it comes last.
        await Retries.RunAsync(() => Partition(0).CommitAsync());
    }

    private static LakeOffsets OffsetsOf(PartitionReadout[] readouts) => new(readouts[0].Generation, [.. readouts.Select(r => r.Offset)]);

    private async Task WaitAppliedAsync(int partition, long offset, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await Retries.RunAsync(() => Partition(partition).WaitAppliedAsync(offset, cancellationToken), cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(started) > WaitMax)
            {
                throw new TimeoutException($"partition {partition} has not applied its messages up to {offset}: wait again");
            }
        }
    }

    private IPartitionGrain Partition(int partition) => GrainFactory.GetGrain<IPartitionGrain>(partition);

    private async Task<PartitionReadout[]> ReadAsync(params string[] reports)
    {
        PartitionedLake lake = await host.LakeAsync();
        return await Task.WhenAll(Enumerable.Range(0, lake.Partitions).Select(partition => Retries.RunAsync(() => Partition(partition).ReadReportsAsync(reports))));
    }

    // Under a key it is stored once however often it is sent; otherwise only the sender can say whether to send again.
    private Task<AppendReceipt> AppendAsync(int partition, FrameContent frame, bool isKeyed, CancellationToken cancellationToken)
    {
        var envelope = new FrameEnvelope(frame);
        return isKeyed ? Retries.RunAsync(() => Partition(partition).AppendAsync(envelope, cancellationToken), cancellationToken)
            : Partition(partition).AppendAsync(envelope, cancellationToken);
    }

    private static void Parse(SendRequest request, LakeTimeZone zone, MessageBatch batch, List<Rejection> rejections)
    {
        if (request.RefusedFor is { } reason)
        {
            rejections.Add(new Rejection(reason, request.RefusedBecause ?? "it is not read", request.FirstLine, 0, request.Ndjson));
            return;
        }

        var parser = new NdjsonParser(zone);
        var elements = new List<Range>();
        if (!JsonArrayText.TryCut(request.Ndjson, elements))
        {
            parser.Parse(request.Ndjson, request.FirstLine, 0, batch, rejections);
            elements.Clear();
            if (!request.IsJsonText || rejections.Count == 0 || !JsonTextSequence.TryCut(request.Ndjson, elements))
            {
                return;
            }

            batch.Truncate(0);
            rejections.Clear();
        }

        for (int i = 0; i < elements.Count; i++)
        {
            parser.ParseRecord(request.Ndjson.AsSpan(elements[i]), request.FirstLine + i, elements[i].Start.Value, batch, rejections);
        }
    }

    private static FrameContent?[] Frames(SendRequest request, MessageBatch batch, List<Rejection> rejections, int partitions)
    {
        int home = request.Key is { } key ? DividedFrames.HomeOf(key, partitions) : -1;
        long writtenAt = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        uint crc = request.Key is null ? 0 : Crc32C.Of(request.Ndjson);
        return
        [
            .. DividedFrames.Divide(batch, rejections, partitions).Select((part, partition) => part.IsEmpty && partition != home ? null : new FrameContent
            {
                Rows = part.Rows,
                Consumed = request.Key is null ? Consumed.Nothing : new Consumed.ProducerBatch(
                    new BatchKey(request.Key, request.Number), crc, request.Ndjson.Length, 1, part.RowCount, part.Rejections.Count, Completed: true),
                RejectedSource = part.Rejections.Count > 0 ? request.Source : "",
                Rejections = part.Rejections,
                WrittenAt = writtenAt,
            }),
        ];
    }
}
