using System.Net;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService.SiloMetadata;
using OrleansLake.Grains;
using OrleansLake.Hosting;

namespace OrleansLake.Silo;

/// <summary>Puts a silo together from its settings.</summary>
internal static class LakeSiloBuilder
{
    /// <summary>Adds the silo to a host.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="settings">The settings, checked.</param>
    /// <param name="found">What was found out as they were checked.</param>
    internal static IHostApplicationBuilder AddLakeSilo(this IHostApplicationBuilder builder, SiloSettings settings, CheckedSilo found)
    {
        bool isListWatched = settings.IsListElsewhere;
        builder.AddSiloLogging(isListWatched);
        builder.UseOrleans(silo =>
        {
            switch (settings.Cluster.Kind)
            {
                case ClusteringKind.PostgreSql:
                    silo.UseAdoNetClustering(options =>
                    {
                        options.Invariant = "Npgsql";
                        options.ConnectionString = settings.Cluster.PostgreSql!;
                    });
                    silo.Configure<ClusterOptions>(options => options.ClusterId = options.ServiceId = settings.Cluster.Id);
                    silo.Configure<EndpointOptions>(options =>
                    {
                        options.AdvertisedIPAddress = settings.Address;
                        options.SiloPort = settings.Silo.Port;
                        options.GatewayPort = settings.Silo.GatewayPort;
                    });
                    break;
                default:
                    silo.UseLocalhostClustering(
                        settings.Silo.Port, settings.Silo.GatewayPort, new IPEndPoint(IPAddress.Loopback, settings.Cluster.FirstPort), settings.Cluster.Id, settings.Cluster.Id);
                    break;
            }

            if (OtlpSettings.AreGiven)
            {
                // Otherwise a call between grains has no span, and what it causes a trace of its own.
                silo.AddActivityPropagation();
            }

            silo.Configure<ClusterMembershipOptions>(options =>
            {
                options.ProbeTimeout = settings.Cluster.ProbeEvery;
                options.TableRefreshTimeout = settings.Cluster.ProbeEvery * 2;

                // A cluster that died as a whole must not wait for its dead to answer: after three of these they are stale.
                options.IAmAliveTablePublishTimeout = settings.Cluster.ProbeEvery * 2;
            });

            // After a silo that died Orleans gives nothing out in its ranges for 30 s, less what its death took to be noticed, and where a
            // cluster starts again with such a silo in its list, nothing at all: with probes faster than the usual ones each start waited.
            // A partition's owner is known by its epoch, in the lake, so nothing depends on that.
            silo.Configure<GrainDirectoryOptions>(options => options.RangeLeaseDuration = TimeSpan.Zero);

            // Not compared, which two machines' /lake would pass: reported to silos that have another one.
            silo.UseSiloMetadata(new Dictionary<string, string> { [LakeClusterOptions.LocationMetadata] = settings.OpenStore().Location });
            silo.AddLake(_ => settings.OpenStore(), options =>
            {
                options.Partitions = settings.Lake.Partitions;
                options.TimeZone = settings.Lake.TimeZone;
                options.UserId = settings.Lake.UserId;
                options.CountryId = settings.Lake.CountryId;
                options.CountriesFile = settings.Lake.CountriesFile;
                options.Mapping = found.Mapping;
                options.Keep = settings.Lake.Keep;
                options.Codec = settings.Lake.Codec;
                options.Deduplication = settings.Lake.Deduplication;
                options.Trigger = TimeSpan.FromMilliseconds(settings.Lake.TriggerMs);
                options.Membership = found.Membership;
            });
            if (SiloConnectors.HaveGrains(settings))
            {
                SiloConnectors.AddTo(silo, settings);
            }
        });
        builder.Services.AddSingleton<SiloEnd>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SiloEnd>());
        builder.Services.AddSingleton<IFatalErrorHandler, FatalErrors>();
        builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, MembershipNews>();
        if (isListWatched)
        {
            builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services =>
                ActivatorUtilities.CreateInstance<FirstSiloWatch>(services, settings));
        }

        return builder;
    }
}
