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
