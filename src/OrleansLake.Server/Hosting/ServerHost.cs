using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Server.Diagnostics;
using OrleansLake.Server.Requests;

namespace OrleansLake.Server.Hosting;

/// <summary>
/// Shows the lake's status to metrics, which cannot wait: of a lake that another process owns as of a moment ago. Drains what is in flight when
/// the server stops.
/// </summary>
internal sealed class ServerHost(LakeServer server, LakeServerOptions options, LakeHost? own = null) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private LakeStanding _status = new() { Position = new LakePosition(0, 0), Time = default };

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (own is null)
        {
            server.Metrics.Observe(() => Volatile.Read(ref _status), () => server.Streams.Count, server.Clock);
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        server.Log.Draining(options.DrainMax.TotalSeconds);
        return server.Drain.DrainAsync(cancellationToken);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (own is null && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (server.Outage() is null)
                {
                    Volatile.Write(ref _status, await server.Client.GetStatusAsync(stoppingToken).ConfigureAwait(false));
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Of a lake that is damaged, say: it would end the server, and what is shown here is for metrics only.
            catch (Exception)
#pragma warning restore CA1031
            {
                // What was known stays; requests get the same failure and report it.
            }

            await Task.Delay(PollInterval, server.Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
