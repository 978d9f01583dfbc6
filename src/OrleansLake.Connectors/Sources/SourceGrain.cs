using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Client.Orleans;
using OrleansLake.Server.Sources;

namespace OrleansLake.Connectors.Sources;

/// <inheritdoc cref="ISourceGrain"/>
/// <remarks>
/// Where a partition begins that the lake does not have is decided once: it is in grain storage, by a write that an earlier activation's cannot
/// follow, before it is in the lake, and in the lake before the partition is read.
/// </remarks>
internal sealed partial class SourceGrain(
    [PersistentState("source", LakeConnectors.Storage)] IPersistentState<SourceState> state,
    SourceCatalog sources,
    [FromKeyedServices(OrleansLakeClusterServices.ClusterName)] ITopicLake lake,
    LakeMetrics metrics,
    TimeProvider clock,
    ILocalSiloDetails silo,
    ILoggerFactory loggers,
    ILogger<SourceGrain> logger) : Grain, ISourceGrain, IRemindable, IDisposable
{
    private const string Reminder = "alive";

    // How long a partition is not read that moves from one silo to another, at most, beside what it takes to store what was read.
    private static readonly TimeSpan KeepInterval = TimeSpan.FromSeconds(1);

    // Topics grow.
    private static readonly TimeSpan FindInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FindMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CallMax = TimeSpan.FromSeconds(5);

    private readonly Dictionary<SourcePlaceId, PartitionReport?> _partitions = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly RepeatedLine _notFound = new(clock);
    private SourceFinder? _finder;
    private bool _isReminded;

    private string Name => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (sources.Find(Name) is { } source)
        {
            _finder = new SourceFinder(source, lake, metrics, clock, loggers.CreateLogger<SourceRunner>());
            this.RegisterGrainTimer(FindOrTryAgainAsync, new GrainTimerCreationOptions(TimeSpan.Zero, FindInterval) { KeepAlive = true, Interleave = true });
            this.RegisterGrainTimer(KeepAllAsync, new GrainTimerCreationOptions(KeepInterval, KeepInterval) { KeepAlive = true, Interleave = true });
        }

        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (_finder is { } finder)
        {
            // It may wait for a broker.
            await finder.DisposeAsync().AsTask().WaitAsync(CallMax, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    public void Dispose() => _stop.Dispose();

    public async Task StartAsync()
    {
        if (_finder is null)
        {
            DeactivateOnIdle();
            throw SourceCallException.NotHere(Name, silo);
        }

        if (!_isReminded)
        {
            await this.RegisterOrUpdateReminder(Reminder, LakeConnectors.ReminderPeriod, LakeConnectors.ReminderPeriod);
            _isReminded = true;
        }
    }

    public async Task<SourceReport> GetStatusAsync()
    {
        SourcePlaceId[] places = [.. _partitions.Keys];
        PartitionReport?[] reports = await Task.WhenAll(places.Select(ReportAsync));
        return new SourceReport(state.State.IsPaused, _finder?.Trouble, places, reports);
    }

    public async Task SetPausedAsync(bool isPaused)
    {
        if (state.State.IsPaused != isPaused)
        {
            await WriteAsync(stored => stored.IsPaused = isPaused);
        }

        await Task.WhenAll(_partitions.Keys.ToArray().Select(KeepAsync));
    }

    public async Task<PartitionMove[]> SeekAsync(SeekRequest seek)
    {
        SourcePosition[] to;
        try
        {
            to = _finder is null ? throw sources.Unknown(Name) : await Task.Run(() => _finder.PlanAsync(seek.ToSeek(Name), _stop.Token));
        }
        catch (LakeClientException e)
        {
            throw SourceCallException.Of(e);
        }

        var moves = new List<PartitionMove>();
        foreach (SourcePosition one in to)
        {
            moves.Add(await SourcePlaceId.Of(one.Partition).GrainOf(GrainFactory, Name).SeekAsync(one.NextOffset));
        }

        return [.. moves];
    }

    // To be here is all that it asks for.
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (_finder is null)
        {
            // Its settings have it no more: a silo that has it asks for it again when it starts.
            LogNotHere(Name);
            if (await this.GetReminder(Reminder) is { } reminder)
            {
                await this.UnregisterReminder(reminder);
            }

            DeactivateOnIdle();
        }
    }

    private Task KeepAllAsync(CancellationToken cancellationToken) => Task.WhenAll(_partitions.Keys.ToArray().Select(KeepAsync));

    private async Task FindOrTryAgainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FindAsync();
            _notFound.Reset();
        }
        catch (Exception e) when (e is not InconsistentStateException)
        {
            // A broker, the lake or grain storage is away: what is read is read on, and this is tried again.
            string reason = e.Message.ReplaceLineEndings(" ").TrimEnd('.');
            if (!_stop.IsCancellationRequested && _notFound.IsDue(reason))
            {
                LogNotFound(Name, reason);
            }
        }
    }

    private async Task FindAsync()
    {
        SourcePosition[] decided = [.. (state.State.Starts ?? []).Select(static one => one.ToPosition())];
        using var tooLong = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        tooLong.CancelAfter(FindMax);
        SourceFinder finder = _finder!;
        (IReadOnlyList<SourcePartition> all, IReadOnlyList<SourcePosition> begin) = await Task.Run(() => finder.FindAsync(decided, tooLong.Token));
        if (!begin.ToHashSet().SetEquals(decided))
        {
            await WriteAsync(stored => stored.Starts = [.. begin.Select(SourceStart.Of)]);
        }

        HashSet<SourcePartition> waiting = [.. begin.Select(static one => one.Partition)];
        foreach (SourcePosition one in begin)
        {
            if (await Task.Run(() => finder.Begin(one, tooLong.Token)))
            {
                waiting.Remove(one.Partition);
            }
        }

        foreach (SourcePartition place in all.Where(place => !waiting.Contains(place)))
        {
            _partitions.TryAdd(SourcePlaceId.Of(place), null);
        }
    }

    private async Task KeepAsync(SourcePlaceId place)
    {
        try
        {
            _partitions[place] = await place.GrainOf(GrainFactory, Name).KeepAsync(new PartitionOrder(Name, place, state.State.IsPaused)).WaitAsync(CallMax, clock);
        }
#pragma warning disable CA1031 // Its silo has died, say: the next one is asked the next time.
        catch (Exception e)
#pragma warning restore CA1031
        {
            string reason = e.Message.ReplaceLineEndings(" ").TrimEnd('.');
            _partitions[place] = (_partitions[place] ?? new PartitionReport()) with { Trouble = $"{place.ToPartition()} is asked for again: {reason}" };
            LogNotRead($"{place.ToPartition()}", reason);
        }
    }

    private async Task<PartitionReport?> ReportAsync(SourcePlaceId place)
    {
        try
        {
            PartitionReport report = await place.GrainOf(GrainFactory, Name).GetReportAsync().WaitAsync(CallMax, clock);
            return report.IsRead ? report : _partitions.GetValueOrDefault(place);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            return _partitions.GetValueOrDefault(place);
        }
    }

    private async Task WriteAsync(Action<SourceState> change)
    {
        SourceState before = new() { IsPaused = state.State.IsPaused, Starts = state.State.Starts };
        try
        {
            change(state.State);
            await state.WriteStateAsync();
        }
        catch (InconsistentStateException)
        {
            // Another activation has begun: what this one knows is old.
            DeactivateOnIdle();
            throw;
        }
        catch (Exception e)
        {
            state.State = before;
            throw new SourceCallException(LakeClientErrorKind.Unavailable, $"{Name}: grain storage did not keep it, so nothing is changed: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}.");
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Source}: its partitions cannot be looked for, and are looked for again: {Reason}")]
    private partial void LogNotFound(string source, string reason);

    [LoggerMessage(2, LogLevel.Debug, "{Partition} could not be kept, and is asked for again: {Reason}")]
    private partial void LogNotRead(string partition, string reason);

    [LoggerMessage(3, LogLevel.Warning, "{Source} was read by this cluster, and is not among the sources of this silo: it is not read until a silo that has it starts")]
    private partial void LogNotHere(string source);
}
