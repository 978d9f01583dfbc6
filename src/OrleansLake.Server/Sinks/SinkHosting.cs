namespace OrleansLake.Server.Sinks;

/// <summary>Has the application's sinks written while its host runs. Placed and made when it starts, once all services are known.</summary>
internal sealed class SinkHosting(IServiceProvider provider) : IHostedService
{
    private ISinkPlacement? _placement;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (provider.GetRequiredService<SinkCatalog>().Names.Count > 0)
        {
            _placement = provider.GetRequiredService<ISinkPlacement>();
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
