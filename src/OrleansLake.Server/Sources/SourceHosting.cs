namespace OrleansLake.Server.Sources;

/// <summary>Has the application's sources read while its host runs. Placed and made when it starts, once all services are known.</summary>
internal sealed class SourceHosting(IServiceProvider provider) : IHostedService
{
    private ISourcePlacement? _placement;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (provider.GetRequiredService<SourceCatalog>().Names.Count > 0)
        {
            _placement = provider.GetRequiredService<ISourcePlacement>();
            await _placement.StartAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_placement is { } placement)
        {
            await placement.StopAsync().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
