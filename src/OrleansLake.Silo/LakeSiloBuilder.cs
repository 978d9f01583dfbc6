using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace OrleansLake.Silo;

/// <summary>Puts a silo together from its settings.</summary>
public static class LakeSiloBuilder
{
    /// <summary>Adds the silo to a host.</summary>
    public static IHostApplicationBuilder AddLakeSilo(this IHostApplicationBuilder builder, SiloSettings settings)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(settings);

        // Orleans places grains through Polly, which has a line or two to say of every activation that went well: with a
        // grain for each message they take more time than the grains.
        builder.Logging.AddFilter("Polly", LogLevel.Warning);
        return builder.UseOrleans(silo =>
        {
            switch (settings.Clustering)
            {
                case ClusteringKind.PostgreSql:
                    silo.UseAdoNetClustering(options =>
                    {
                        options.Invariant = "Npgsql";
                        options.ConnectionString = settings.PostgreSql!;
                    });
                    silo.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = settings.ClusterId);
                    silo.Configure<EndpointOptions>(options =>
                    {
                        options.AdvertisedIPAddress = settings.Address;
                        options.SiloPort = settings.SiloPort;
                        options.GatewayPort = settings.GatewayPort;
                    });
                    break;
                default:
                    silo.UseLocalhostClustering(
                        settings.SiloPort, settings.GatewayPort, new IPEndPoint(IPAddress.Loopback, settings.PrimaryPort), settings.ClusterId, settings.ClusterId);
                    break;
            }

            silo.Configure<ClusterMembershipOptions>(options =>
            {
                options.ProbeTimeout = settings.ProbeEvery;
                options.TableRefreshTimeout = settings.ProbeEvery * 2;

                // A cluster that died as a whole must not wait for its dead to answer: after three of these they are stale.
                options.IAmAliveTablePublishTimeout = settings.ProbeEvery * 2;
            });
            silo.AddLake(_ => settings.OpenStore(), options =>
            {
                options.Partitions = settings.Partitions;
                options.TimeZone = settings.TimeZone;
                options.Deduplication = settings.Deduplication;
                options.Trigger = settings.Trigger;
            });
        });
    }
}
