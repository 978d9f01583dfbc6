using Microsoft.AspNetCore.Hosting.Server;
using OrleansLake.Server.Requests;

namespace OrleansLake.Server.Hosting;

/// <summary>
/// Ends the web server of a program of its own within the time that requests have, once the lake has drained: half a request,
/// or who reads its answer slowly, would keep it for as long as the whole host may take to stop.
/// </summary>
internal sealed class WebServerEnd(IServer server, DrainState drain, TimeProvider clock) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The services are stopped in reverse order: those of the lake, added after this one, are done with it.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        using var max = new CancellationTokenSource(drain.Left, clock);
        await server.StopAsync(max.Token).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
