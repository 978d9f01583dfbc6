using System.Text;
using Orleans.Concurrency;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Sending;
using OrleansLake.Grains.Cluster;
using OrleansLake.Grains.Reports;
using OrleansLake.Storage.Log;

namespace OrleansLake.Grains.Gateway;

/// <inheritdoc cref="IGatewayGrain"/>
/// <remarks>Reentrant, because some calls wait for long and it has no state that another could find half changed.</remarks>
[Reentrant]
[StatelessWorker]
internal sealed class GatewayGrain(LakeClusterHost host) : Grain, IGatewayGrain
{
    // Before the caller takes no answer for a failure, which it does after 30 s.
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

    // A partition that moves is there again by then; one of an earlier version never answers.
    private static readonly TimeSpan AskedFor = TimeSpan.FromSeconds(5);

    public async Task<SendReceipt> SendAsync(SendRequest request, CancellationToken cancellationToken)
    {
        PartitionedLake lake = await host.LakeAsync();
        SendOptions options = request.ToOptions(host.Dates);
        if (host.InFlight.TryBegin(options.Key) is { } inFlight)
        {
            throw new LakeBusyException(inFlight.Reason!) { IsInFlight = true };
        }

        try
        {
            SendPlan plan = await Task.Run(() => lake.Planner.Plan(request.Ndjson, options), cancellationToken);
            var receipts = new AppendReceipt?[lake.Partitions];
            SendOutcome? refusal = plan.Refusal is null || await IsRepeatAsync(plan, options.Key, lake.Partitions) ? null : plan.Refusal;
            if (refusal is null && options.Key is not null)
            {
                // One partition takes the key first, so that other messages under it are refused before any is stored.
                int home = FramePartitioner.HomeOf(request.Key!, lake.Partitions);
                receipts[home] = await AppendAsync(home, plan.Frames[home], options.Key, cancellationToken);
                plan.Frames[home].Clear();
                refusal = RefusalOf(receipts[home], options.Key);
            }

            if (refusal is null)
            {
                await AppendOthersAsync(plan, receipts, options.Key, cancellationToken);
                refusal = receipts.Select(receipt => RefusalOf(receipt, options.Key)).FirstOrDefault(static one => one is not null);
            }

            if (refusal is not null)
            {
                return SendReceipt.Of(refusal, request.ErrorsMax, [], 0);
            }

            bool isRepeat = Array.TrueForAll(receipts, static receipt => receipt is null or { Outcome: AppendOutcome.Repeated });
            return SendReceipt.Of(
                new SendOutcome { Status = isRepeat ? SendStatus.Repeated : SendStatus.Stored, Accepted = plan.Accepted, Rejections = plan.Rejections, IsMapped = plan.IsMapped, MissingColumns = plan.MissingColumns, LeftOut = plan.LeftOut },
                request.ErrorsMax, [.. receipts.Select(static receipt => receipt?.EndOffset ?? 0)], receipts.Max(static receipt => receipt?.Generation ?? 0));
        }
        finally
        {
            host.InFlight.End(options.Key);
        }
    }

    public Task<SendReceipt> SendTopicAsync(TopicBatchEnvelope batch, CancellationToken cancellationToken) =>
        new TopicGateway(host, GrainFactory).SendAsync(batch.Batch, cancellationToken);

    public Task<TopicPositionDto[]> GetTopicPositionsAsync() => new TopicGateway(host, GrainFactory).PositionsAsync();

    public async Task<ReportResponse> GetReportAsync(string report)
    {
        _ = host.Options.Reports.IndexOf(report);

        LakeResponse response = await GetReportsAsync([new ReportRequest(report, null)]);
        return response.Reports[0];
    }

    public async Task<LakeResponse> GetReportsAsync(IReadOnlyList<ReportRequest> reports)
    {
        while (true)
        {
            LakeVersion moment = await GetVersionAsync();
            AggregateResponse[] responses = await Task.WhenAll(reports.Select(report =>
                Retries.RunAsync(() => GrainFactory.GetGrain<IReportGrain>(report.Report).ReadAsync(moment, report.Top))));

            // A partition went to another owner, or the readers were too slow: at a newer version then.
            if (responses.All(response => response.Moment is not null))
            {
                return new LakeResponse(moment, [.. reports.Zip(responses, (report, response) => new ReportResponse(report.Report, moment.Position, response.Parts))]);
            }
        }
    }

    public async Task<LakeVersion> GetVersionAsync() => await ReportFollower.VersionAsync(GrainFactory, (await host.LakeAsync()).Partitions);

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

    public async Task<MessageHistoryResponse> GetMessageAsync(string messageId)
    {
        PartitionedLake lake = await host.LakeAsync();
        int home = PartitionedMessages.PartitionOf(Encoding.UTF8.GetBytes(messageId), lake.Partitions);
        LakeOffsets position = (await GetVersionAsync()).Position;
        MessageHistoryResponse history = await Retries.RunAsync(() => Partition(home).SearchAsync(messageId));

        // No other partition has anything of it.
        return history with { Position = position with { Offsets = [.. position.Offsets.Select((offset, i) => i == home ? history.Position.Offsets[0] : offset)] } };
    }

    public async Task<QuarantineResponse> GetQuarantineAsync(RejectionReason? code, string? source, int recordsMax)
    {
        PartitionedLake lake = await host.LakeAsync();
        return QuarantineResponse.Sum(await AskEachAsync(lake, partition => partition.GetQuarantineAsync(code, source, recordsMax)), recordsMax);
    }

    public async Task<IdTypesDto> GetIdTypesAsync() => IdTypesDto.Of((await host.LakeAsync()).Reports.Ids);

    public async Task<Dictionary<string, string>> GetMappingsAsync()
    {
        PartitionedLake lake = await host.LakeAsync();
        return await Task.Run(lake.Mappings.Texts);
    }

    public async Task<string?> SetMappingAsync(string name, string json)
    {
        PartitionedLake lake = await host.LakeAsync();
        string? fault = await Task.Run(() => lake.Mappings.TrySet(name, json));
        await (fault is null ? Task.Delay(PartitionedLake.MappingsAgeMax, host.Clock) : Task.CompletedTask);
        return fault;
    }

    public async Task<bool> RemoveMappingAsync(string name)
    {
        PartitionedLake lake = await host.LakeAsync();
        bool wasThere = await Task.Run(() => lake.Mappings.Remove(name));
        await (wasThere ? Task.Delay(PartitionedLake.MappingsAgeMax, host.Clock) : Task.CompletedTask);
        return wasThere;
    }

    public async Task<PartitionStatus[]> GetStatusesAsync()
    {
        PartitionedLake lake = await host.LakeAsync();
        return await AskEachAsync(lake, static partition => partition.GetStatusAsync());
    }

    public async Task<LedgerResponse> GetLedgerAsync()
    {
        PartitionResponse[] responses = await ReadAsync();
        return new LedgerResponse(OffsetsOf(responses), [.. responses.Select(r => r.Ledger)]);
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

    private static LakeOffsets OffsetsOf(PartitionResponse[] responses) => new(responses[0].Generation, [.. responses.Select(r => r.Offset)]);

    private async Task WaitAppliedAsync(int partition, long offset, CancellationToken cancellationToken)
    {
        long started = host.Clock.GetTimestamp();
        while (!await Retries.RunAsync(() => Partition(partition).WaitAppliedAsync(offset, cancellationToken), cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (host.Clock.GetElapsedTime(started) > WaitMax)
            {
                throw new TimeoutException($"partition {partition} has not applied its messages up to {offset}: wait again");
            }
        }
    }

    private IPartitionGrain Partition(int partition) => GrainFactory.GetGrain<IPartitionGrain>(partition);

    private async Task<PartitionResponse[]> ReadAsync(params string[] reports)
    {
        PartitionedLake lake = await host.LakeAsync();
        return await AskEachAsync(lake, partition => partition.ReadReportsAsync(reports));
    }

    private Task<T[]> AskEachAsync<T>(PartitionedLake lake, Func<IPartitionGrain, Task<T>> ask) =>
        Task.WhenAll(Enumerable.Range(0, lake.Partitions).Select(partition => Retries.RunAsync(() => ask(Partition(partition)))));

    // What would be refused now may have been stored before, when less was asked of it.
    private async Task<bool> IsRepeatAsync(SendPlan plan, SendKey? key, int partitions)
    {
        if (key is null)
        {
            return false;
        }

        int home = FramePartitioner.HomeOf(key.Key.Name, partitions);
        var batch = (SourceProgress.ProducerBatch)plan.Frames[home][^1].SourceProgress;
        try
        {
            return await Retries.RunAsync(() => Partition(home).IsStoredAsync(key.Key.Name, key.Key.Number, batch.PrefixCrc32C, batch.EndPosition), AskedFor);
        }
#pragma warning disable CA1031 // A silo of an earlier version has no answer: it is refused then.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private async Task AppendOthersAsync(SendPlan plan, AppendReceipt?[] receipts, SendKey? key, CancellationToken cancellationToken)
    {
        Task[] appends =
        [
            .. plan.Frames.Select(async (frames, partition) =>
            {
                if (frames.Count > 0)
                {
                    receipts[partition] = await AppendAsync(partition, frames, key, cancellationToken);
                }
            }),
        ];
        await Task.WhenAll(appends).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Task? busy = Array.Find(appends, static append => !append.IsCompletedSuccessfully);
        await (Array.Find(appends, static append => !append.IsCompletedSuccessfully && append.Exception?.InnerException is not LakeBusyException) ?? Task.CompletedTask);
        if (busy is not null && key is null && Array.Exists(receipts, static receipt => receipt is not null))
        {
            throw InPart(busy.Exception!.InnerException!);
        }

        await (busy ?? Task.CompletedTask);
    }

    // A sender that gets "busy" concludes that nothing is stored.
    private static IOException InPart(Exception reason) => new($"some of them are, and others are not ({reason.Message})", reason);

    // One after the other: each says where the next continues.
    private async Task<AppendReceipt> AppendAsync(int partition, List<FrameContent> frames, SendKey? key, CancellationToken cancellationToken)
    {
        AppendReceipt? whole = null;
        long after = 0;
        foreach (FrameContent frame in frames)
        {
            AppendReceipt receipt;
            try
            {
                receipt = await AppendAsync(partition, new FrameEnvelope(frame, after), key, cancellationToken);
            }
            catch (LakeBusyException e) when (key is null && whole is not null)
            {
                throw InPart(e);
            }

            if (receipt.Outcome is AppendOutcome.Conflict && after > 0)
            {
                throw new LakeBusyException("a silo of an earlier version has a partition, and takes only what fits into one frame: send the same again when it has gone");
            }

            if (receipt.Outcome is not (AppendOutcome.Stored or AppendOutcome.Repeated))
            {
                return receipt;
            }

            whole = whole is { Outcome: AppendOutcome.Stored } ? receipt with { Outcome = AppendOutcome.Stored } : receipt;
            after = (frame.SourceProgress as SourceProgress.ProducerBatch)?.EndPosition ?? 0;
        }

        return whole!;
    }

    // Under a key it is stored once however often it is sent; otherwise only the sender can say whether to send again.
    private Task<AppendReceipt> AppendAsync(int partition, FrameEnvelope frame, SendKey? key, CancellationToken cancellationToken) =>
        key is null ? Partition(partition).AppendAsync(frame, cancellationToken)
            : Retries.RunAsync(() => Partition(partition).AppendAsync(frame, cancellationToken), cancellationToken);

    private static SendOutcome? RefusalOf(AppendReceipt? receipt, SendKey? key) => receipt?.Outcome switch
    {
        AppendOutcome.Conflict or AppendOutcome.PieceConflict => SendOutcome.Conflict(key!),
        AppendOutcome.Forgotten => SendOutcome.Forgotten(key!),
        _ => null,
    };
}
