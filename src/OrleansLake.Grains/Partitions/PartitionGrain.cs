using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Streams;
using OrleansLake.Core;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Engine;
using OrleansLake.Engine.Partitions;
using OrleansLake.Grains.Cluster;
using OrleansLake.Grains.Messages;
using OrleansLake.Storage;
using OrleansLake.Storage.Log;

namespace OrleansLake.Grains.Partitions;

/// <inheritdoc cref="IPartitionGrain"/>
[Reentrant]
[PartitionPlacement]
[GrainDirectory(LakeGrains.PartitionDirectory)]
[ImplicitStreamSubscription(LakeStreams.Namespace)]
internal sealed partial class PartitionGrain(LakeClusterHost host, OpenPartitions partitions, PartitionMap map, LakeDamage damage, LakePresence presence, ILogger<PartitionGrain> logger)
    : Grain, IPartitionGrain, IAsyncBatchObserver<BronzeFrame>, IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    // Orleans gives a deactivation 30 s, and a silo that stops has 20 s for everything.
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(18);

    // Under load a batch of the stream takes many seconds, for all of which a silo that stops would wait before it says that it goes.
    private static readonly TimeSpan DeliveredWithin = TimeSpan.FromSeconds(1);

    private PartitionRunner? _opened;
    private LakePartition _partition = null!;
    private int _looksElsewhere;

    private PartitionRunner Runner => _opened!;

    private int Number => (int)this.GetPrimaryKeyLong();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        PartitionedLake lake = await host.LakeAsync();
        int number = Number;
        _partition = await OpenAsync(lake, number, cancellationToken);
        _opened = new PartitionRunner(
            _partition, host.RunnerOptions,
            host.Options.Deduplication == DeduplicationKind.MessageGrains ? new MessageGrainDeduplication(_partition, GrainFactory) : null,
            new Notices(this));
        partitions.Add(number, _opened);
        LogOpened(number, _partition.Epoch.Value, _partition.Current.Applied.Offset);
        IAsyncStream<BronzeFrame> stream = this.GetStreamProvider(LakeStreams.ProviderName).GetStream<BronzeFrame>(LakeStreams.StreamOf(number));
        await stream.SubscribeAsync(this, LakeStreams.TokenOf(Runner.AppliedSequence - 1));
        this.RegisterGrainTimer(PollAsync, new GrainTimerCreationOptions(PollInterval, PollInterval) { KeepAlive = true, Interleave = true });
        this.RegisterGrainTimer(OnTriggerAsync, new GrainTimerCreationOptions(host.Options.Trigger, host.Options.Trigger) { KeepAlive = true, Interleave = true });
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_opened is null)
        {
            return;
        }

        partitions.Remove(Number, Runner);
        try
        {
            // The next owner has the less to read. What is not published is in the log.
            bool isLast = partitions.AreLeaving && await Task.Run(map.IsAlone, cancellationToken);
            if (isLast)
            {
                Runner.Leave();
            }

            await Runner.DrainAsync(appliesAll: isLast).WaitAsync(DrainTimeout, cancellationToken);
        }
        catch (Exception e) when (Failures.IsExpected(e) || e is TimeoutException or OperationCanceledException)
        {
            LogLeftBehind(Number, Failures.ReasonOf(e));
        }
    }

    public void Dispose()
    {
        if (_opened is not null)
        {
            partitions.Remove(Number, _opened);
            _opened.Dispose();
        }
    }

    public Task<AppendReceipt> AppendAsync(FrameEnvelope frame, CancellationToken cancellationToken) =>
        GuardedAsync(() => Runner.AppendAsync(frame, cancellationToken));

    public Task<bool> IsStoredAsync(string key, long? number, uint crc32C, long length) =>
        GuardedAsync(() => Task.FromResult(Runner.IsStored(new BatchKey(key, number), crc32C, length)));

    public Task<TopicProgressDto?> GetTopicAsync(string topic, int partition) =>
        GuardedAsync(async () => await Runner.TopicAsync(topic, partition) is { } progress ? TopicProgressDto.Of(progress) : null);

    public Task<TopicProgressDto[]> GetTopicsAsync() => GuardedAsync(async () => Array.ConvertAll(await Runner.TopicsAsync(), TopicProgressDto.Of));

    public async Task<FrameBlock> ReadAsync(long sequence, int framesMax) =>
        new(await GuardedAsync(() => Runner.ReadAsync(sequence, framesMax)));

    public async Task<PartitionResponse> ReadReportsAsync(params string[] reports)
    {
        ReportDefinition[] definitions = [.. reports.Select(name => _partition.Reports[_partition.Reports.IndexOf(name)])];
        PartitionReading reading = await GuardedAsync(() => Runner.ReadReportsAsync(definitions));
        return new PartitionResponse
        {
            Generation = reading.Generation,
            Offset = reading.Position.Offset,
            Ledger = LedgerDto.Of(reading.Ledger),
            Parts = [.. reading.Parts.Select(PartBytes.Of)],
        };
    }

    public Task<PartitionVersion> GetVersionAsync() => GuardedAsync(Runner.VersionAsync);

    public Task<ReportSteps> FollowAsync(ReportScope scope, long knownEpoch, long knownStep) =>
        GuardedAsync(() => Runner.FollowAsync(scope, knownEpoch, knownStep));

    public Task<MessageHistoryResponse> SearchAsync(string messageId) => GuardedAsync(() => Runner.SearchAsync(messageId));

    public Task<QuarantineResponse> GetQuarantineAsync(RejectionReason? code, string? source, int recordsMax) =>
        GuardedAsync(() => Runner.QuarantineAsync(code, source, recordsMax));

    public async Task<MessageOccurrenceDto[]> FindAsync(string messageId) =>
        [.. (await GuardedAsync(() => Runner.FindAsync(messageId))).Select(MessageOccurrenceDto.Of)];

    public Task<bool> WaitAppliedAsync(long offset, CancellationToken cancellationToken) =>
        GuardedAsync(() => Runner.WaitAppliedAsync(offset, cancellationToken));

    public async Task<CommittedResponse> GetCommittedAsync() => CommittedResponse.Of(await GuardedAsync(Runner.CommittedAsync));

    public async Task CommitAsync()
    {
        await GuardedAsync(async () =>
        {
            await Runner.CatchUpAsync();
            await Runner.WriteAsync(await host.LakeAsync(), GrainFactory);
            return true;
        });
    }

    public async Task<PartitionStatus> GetStatusAsync()
    {
        LakeStatus status = await GuardedAsync(Runner.StatusAsync);
        PartitionedLake lake = await host.LakeAsync();
        return new PartitionStatus
        {
            Silo = map.Here,
            Epoch = _partition.Epoch.Value,
            Accepted = status.Accepted,
            Durable = status.Durable,
            Applied = status.Applied,
            Published = status.Published,
            Keys = status.Keys,
            CommitNumber = status.CommitNumber,
            CommitMs = status.CommitMs,
            Files = status.Files,
            FsyncMs = status.FsyncMs,
            ExternalFiles = [.. status.ExternalFiles.Select(file => new ExternalFileDto(file.Path, file.State, file.Rows, file.RenamedTo))],
            TimeZone = lake.TimeZone.Id,
            Keep = lake.Keep,
        };
    }

    public async Task OnNextAsync(IList<SequentialItem<BronzeFrame>> items)
    {
        Task applying = GuardedAsync(async () =>
        {
            await Runner.ApplyAsync([.. items.Select(item => item.Item)]);
            return true;
        });
        try
        {
            await applying.WaitAsync(DeliveredWithin);
        }
        catch (TimeoutException) when (!applying.IsCompleted)
        {
            // It continues, before what comes next; what failed of it is read from the log.
            _ = applying.ContinueWith(static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    // The frames that the stream could not bring are read from the log.
    public Task OnErrorAsync(Exception ex)
    {
        LogStreamFailed(Number, Failures.ReasonOf(ex));
        return Task.CompletedTask;
    }

    private async Task PollAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Runner.IsLeaving)
            {
                // Its writer found that it is lost.
                DeactivateOnIdle();
                return;
            }

            await Runner.Loaded;
            Runner.StopTrackingIfIdle();
            if (Runner.IsStreamLate)
            {
                await Runner.CatchUpAsync();
            }
        }
        catch (Exception e) when (Failures.IsExpected(e))
        {
            Leave(e);
        }
    }

    private async Task OnTriggerAsync(CancellationToken cancellationToken)
    {
        try
        {
            await GrainFactory.GetGrain<ISilverWriterGrain>(Number).TriggerAsync();
        }
        catch (Exception e) when (e is OrleansException || Retries.IsTransient(e, cancellationToken))
        {
            // There is another trigger after this one.
            LogTriggerFailed(Number, Failures.ReasonOf(e));
        }

        MoveIfOthersShould();
    }

    // Twice in a row, so that a silo that comes and goes moves nothing.
    private void MoveIfOthersShould()
    {
        _looksElsewhere = map.IsPreferred(Number) ? 0 : _looksElsewhere + 1;
        if (_looksElsewhere >= 2)
        {
            LogMoves(Number);
            Go();
        }
    }

    private async Task<T> GuardedAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (Failures.IsLoss(e) || (e is CorruptDataException && _partition.Damage is not null))
        {
            Leave(e);
            throw PartitionMovedException.Of(Number, e);
        }
    }

    private async Task<LakePartition> OpenAsync(PartitionedLake lake, int number, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(() => lake.OpenPartition(new PartitionId(number)), cancellationToken);
        }
        catch (Exception e)
        {
            if (e is not LakeNotFoundException)
            {
                LogNotOpened(number, e.Message);
            }

            if (e is CorruptDataException damaged && !IsLakeAway())
            {
                damage.Report(damaged);
            }

            throw;
        }
    }

    private void Leave(Exception reason)
    {
        if (!Runner.IsLeaving)
        {
            if (!partitions.AreLeaving)
            {
                LogLost(Number, reason.Message);
                if (reason is FileNotFoundException { FileName: { } file } && !IsLakeAway())
                {
                    damage.ReportMissing(file);
                }
            }

            Go();
        }
    }

    // What is not found then is not damage: the silo waits until it is back.
    private bool IsLakeAway() => (presence.Lost() ?? presence.Lost(looks: true)) is not null;

    private void Go()
    {
        Runner.Leave();
        DeactivateOnIdle();
    }

    [LoggerMessage(1, LogLevel.Debug, "partition {Partition} is opened by epoch {Epoch}, published to offset {Offset}")]
    private partial void LogOpened(int partition, long epoch, long offset);

    [LoggerMessage(2, LogLevel.Warning, "partition {Partition} has another owner or lost its log, and goes: {Reason}")]
    private partial void LogLost(int partition, string reason);

    [LoggerMessage(3, LogLevel.Warning, "partition {Partition} could not call its writer, and tries again: {Reason}")]
    private partial void LogTriggerFailed(int partition, string reason);

    [LoggerMessage(4, LogLevel.Information, "partition {Partition} left its newest messages to the log: {Reason}")]
    private partial void LogLeftBehind(int partition, string reason);

    [LoggerMessage(5, LogLevel.Information, "partition {Partition} reads its log where the stream failed: {Reason}")]
    private partial void LogStreamFailed(int partition, string reason);

    [LoggerMessage(6, LogLevel.Debug, "partition {Partition} moves to another silo")]
    private partial void LogMoves(int partition);

    [LoggerMessage(7, LogLevel.Error, "partition {Partition} cannot be opened: {Reason}")]
    private partial void LogNotOpened(int partition, string reason);

    [LoggerMessage(8, LogLevel.Warning, "partition {Partition}: {Notice}")]
    private partial void LogNotice(int partition, string notice);

    private sealed class Notices(PartitionGrain grain) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => grain.LogNotice(grain.Number, value.Notice);
    }
}
