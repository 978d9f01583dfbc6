using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLake.Client;
using OrleansLake.Client.Orleans;
using OrleansLake.Server.Sinks;

namespace OrleansLake.Connectors.Sinks;

/// <summary>Has each sink written by its grain, on whatever silo that is.</summary>
internal sealed partial class GrainSinks(SinkCatalog sinks, IGrainFactory grains, [FromKeyedServices(OrleansLakeClusterServices.ClusterName)] ILakeClient lake, TimeProvider clock, ILogger<GrainSinks> logger) : ISinkPlacement, IDisposable
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private Task _starting = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string name in sinks.Names)
        {
            SinkFollowing.Check(sinks.Find(name)!, lake);
        }

        // Grain storage, or the database of reminders, may be away: the silo runs without.
        _starting = Task.WhenAll(sinks.Names.Select(name => Task.Run(() => StartAsync(name), CancellationToken.None)));
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _starting.ConfigureAwait(false);
    }

    public void Dispose() => _stop.Dispose();

    public async Task<IReadOnlyList<Client.SinkStatus>> GetSinksAsync(CancellationToken cancellationToken = default)
    {
        LakeStanding? standing = await SinkLags.StandingAsync(lake, cancellationToken).ConfigureAwait(false);
        return await Task.WhenAll(sinks.Names.Select(async name => (await StatusAsync(name, cancellationToken).ConfigureAwait(false)).ToStatus(name).Behind(standing))).ConfigureAwait(false);
    }

    private async Task<SinkStatus> StatusAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await grains.GetSink(name).GetStatusAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // What the cluster or grain storage ends a call with.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            throw new LakeClientException(LakeClientErrorKind.Unavailable, $"{name} cannot be asked how far it is: {ClusterCalls.ReasonOf(e).ReplaceLineEndings(" ")}. Try again.", e);
        }
    }

    private async Task StartAsync(string name)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await grains.GetSink(name).StartAsync().WaitAsync(_stop.Token).ConfigureAwait(false);
                return;
            }
#pragma warning disable CA1031 // Whatever it is: the sink is asked for until it is written.
            catch (Exception e) when (!_stop.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogNotStarted(name, e.Message.ReplaceLineEndings(" ").TrimEnd('.'));
                await Task.Delay(Rest, clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Sink} could not be begun, and is tried again: {Reason}")]
    private partial void LogNotStarted(string sink, string reason);
}
