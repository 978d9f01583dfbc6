using OrleansLake.Client;

namespace OrleansLake.Server.Hosting;

/// <summary>
/// Takes the place of a lake's owner, for a lake that another process owns: shows its status to metrics, which cannot
/// wait, as of a moment ago, and drains what is in flight when the server stops.
/// </summary>
internal sealed class RemoteLakeHost(LakeServer server) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private LakeStanding _status = new() { Position = new LakePosition(0, 0), Time = default };

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        server.Metrics.Observe(() => Volatile.Read(ref _status), () => server.Streams.Count, server.Clock);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => server.Drain.DrainAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
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
