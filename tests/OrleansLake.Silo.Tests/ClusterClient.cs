using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansLake.Grains;

namespace OrleansLake.Silo.Tests;

/// <summary>A client of a cluster whose silos come and go.</summary>
internal sealed class ClusterClient : IAsyncDisposable
{
    private readonly IHost _host;

    private ClusterClient(IHost host) => _host = host;

    internal IGatewayGrain Gateway => Grains.GetGrain<IGatewayGrain>(0);

    internal IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    internal static Task<ClusterClient> ConnectAsync(string postgreSql) => ConnectAsync(client => client.UseAdoNetClustering(options =>
    {
        options.Invariant = "Npgsql";
        options.ConnectionString = postgreSql;
    }));

    /// <summary>To a silo on this machine that keeps the list of silos.</summary>
    internal static Task<ClusterClient> ConnectAsync(int gatewayPort) =>
        ConnectAsync(client => client.UseLocalhostClustering(gatewayPort, serviceId: "lake", clusterId: "lake"));

    private static async Task<ClusterClient> ConnectAsync(Action<IClientBuilder> find)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.UseOrleansClient(client =>
        {
            find(client);
            client.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = "lake");
            client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1));
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(15));
        });
        IHost host = builder.Build();
        await host.StartAsync();
        return new ClusterClient(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
