using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Client.Orleans;
using OrleansLake.Server.Sinks;

namespace OrleansLake.Connectors.Sinks;

/// <inheritdoc cref="ISinkGrain"/>
/// <remarks>
/// An activation stores that it begins before it opens the sink: from then on an earlier one, which may not know that it was replaced, can store
/// nothing, and one that cannot store goes. The sink itself is written beside the grain's turns.
/// </remarks>
internal sealed partial class SinkGrain(
    [PersistentState("sink", LakeConnectors.Storage)] IPersistentState<SinkState> state,
    SinkCatalog sinks,
    [FromKeyedServices(OrleansLakeClusterServices.ClusterName)] ILakeClient lake,
    LakeMetrics metrics,
    TimeProvider clock,
    ILocalSiloDetails silo,
    ILoggerFactory loggers,
    ILogger<SinkGrain> logger) : Grain, ISinkGrain, IRemindable, IDisposable
{
    private const string Reminder = "alive";

    private static readonly TimeSpan StoreInterval = TimeSpan.FromSeconds(2);

    // Orleans gives a deactivation 30 s, and a silo that stops has 20 s for everything.
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(5);

    private CancellationTokenSource? _stop;
    private SinkFollowing? _following;
    private SinkProgress _stored = SinkProgress.None;
    private Task _running = Task.CompletedTask;

    private string Name => this.GetPrimaryKeyString();

    private SinkStatus Status
    {
        get => state.State.Status ?? new SinkStatus();
        set => state.State.Status = value;
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!Status.IsTaken)
        {
            await BeginAsync();
        }

        this.RegisterGrainTimer(StoreAsync, new GrainTimerCreationOptions(StoreInterval, StoreInterval) { KeepAlive = true });
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await EndAsync();
        try
        {
            await StoreAsync(cancellationToken);
        }
#pragma warning disable CA1031 // The next owner opens the sink whatever is stored of it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNotStored(Name, e.Message);
        }
    }

    public void Dispose() => _stop?.Dispose();

    public async Task StartAsync()
    {
        if (!sinks.Names.Contains(Name))
        {
            DeactivateOnIdle();
            throw SinkNotHereException.Of(Name, $"{silo.SiloAddress.Endpoint}");
        }

        await this.RegisterOrUpdateReminder(Reminder, LakeConnectors.ReminderPeriod, LakeConnectors.ReminderPeriod);
        if (_following is not { Progress.IsTaken: false })
        {
            await EndAsync();
            await BeginAsync();
        }
    }

    public Task<SinkStatus> GetStatusAsync() => Task.FromResult(_following is { } following ? With(following.Progress) : Status);

    // To be here is all that it asks for.
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (!sinks.Names.Contains(Name))
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

    // It is the owner of its state before it is one of the sink's place.
    private async Task BeginAsync()
    {
        if (sinks.Open(Name) is not { } sink)
        {
            return;
        }

        Status = Status with { Starts = Status.Starts + 1, IsTaken = false };
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            await sink.DisposeAsync();
            throw;
        }

        _stop = new CancellationTokenSource();
        _stored = SinkProgress.None;
        _following = new SinkFollowing(sink, lake, metrics, clock, loggers.CreateLogger<SinkFollowing>());
        _running = Task.Run(() => _following.RunAsync(_stop.Token));
    }

    private async Task EndAsync()
    {
        if (_stop is { } stop)
        {
            _stop = null;
            await stop.CancelAsync();
            await _running.WaitAsync(StopMax).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            stop.Dispose();
        }
    }

    private async Task StoreAsync(CancellationToken cancellationToken)
    {
        if (_following?.Progress is not { } progress || progress == _stored)
        {
            return;
        }

        SinkStatus before = Status;
        try
        {
            Status = With(progress);
            await state.WriteStateAsync(cancellationToken);
            _stored = progress;
        }
        catch (InconsistentStateException)
        {
            // Another activation has begun. What this one has was never stored, and nothing that it stores from now on would be.
            LogReplaced(Name);
            await EndAsync();
            _following = null;
            DeactivateOnIdle();
            throw;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The store is away: the sink goes on, and the next tick stores how far it is.
            Status = before;
            LogNotStored(Name, e.Message);
        }
    }

    private SinkStatus With(SinkProgress progress) => Status with
    {
        Epoch = progress.Epoch > 0 ? progress.Epoch : Status.Epoch,
        Position = progress.Written?.Position.ToString() ?? Status.Position,
        Time = progress.Written?.Time ?? Status.Time,
        Failure = progress.Failure ?? Status.Failure,
        FailedAt = progress.FailedAt ?? Status.FailedAt,
        IsTaken = progress.IsTaken,
    };

    [LoggerMessage(1, LogLevel.Warning, "{Sink} is written from another silo, and no longer from here")]
    private partial void LogReplaced(string sink);

    [LoggerMessage(2, LogLevel.Warning, "{Sink}: how far it is was not stored, and is stored later: {Reason}")]
    private partial void LogNotStored(string sink, string reason);

    [LoggerMessage(3, LogLevel.Warning, "{Sink} was written by this cluster, and is not among the sinks of this silo: it is not written until a silo that has it starts")]
    private partial void LogNotHere(string sink);
}
