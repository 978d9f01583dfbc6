using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OrleansLake.Server.Diagnostics;
using OrleansLake.Server.Requests;
using OrleansLake.Server.Security;

namespace OrleansLake.Server.Hosting;

/// <summary>Warns, once the application listens, where its lake can be reached from other machines and no key is asked for.</summary>
internal sealed class AccessNotice(AnonymousAccess anonymous, IServiceProvider services, ILogger<AccessNotice> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        string[] addresses = [.. (services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? []).Where(ListenAddress.IsBeyondLoopback)];
        if (anonymous.AreKeysRequired || addresses.Length == 0 || !await IsAnyRouteOpenAsync().ConfigureAwait(false))
        {
            return;
        }

        if (anonymous.IsOpenToEverybody)
        {
            logger.OpenToEverybody(string.Join(", ", addresses));
        }
        else
        {
            logger.ClosedBeyondLoopback(string.Join(", ", addresses));
        }
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async ValueTask<bool> IsAnyRouteOpenAsync()
    {
        foreach (Endpoint endpoint in services.GetService<EndpointDataSource>()?.Endpoints ?? [])
        {
            if (endpoint.Metadata.GetMetadata<LakeOperation>() is { Scope: not LakeScopes.None } && !await AnonymousAccess.IsAuthorizedAsync(endpoint.Metadata, services).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }
}
