using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansLake.Connectors;
using OrleansLake.Connectors.Sinks;
using OrleansLake.Connectors.Sources;
using OrleansLake.Server.Sinks;
using OrleansLake.Server.Sources;

namespace Orleans.Hosting;

/// <summary>Puts the sources and the sinks of a lake on its silos.</summary>
public static class LakeConnectorSiloExtensions
{
    /// <summary>
    /// Has the sources of the silo's host (<c>OrleansLake:Sources</c>, <c>AddKafkaSource(...)</c>) read by all silos of the cluster, each some of the
    /// partitions, and its sinks (<c>OrleansLake:Sinks</c>, <c>AddPostgreSqlSink(...)</c>) written by one silo each, and by another when that goes. All
    /// silos are to have the same sources and sinks.
    /// </summary>
    /// <param name="silo">The silo, with a lake, grain storage under <see cref="LakeConnectors.Storage"/> and reminders.</param>
    public static ISiloBuilder AddLakeConnectors(this ISiloBuilder silo)
    {
        ArgumentNullException.ThrowIfNull(silo);

        // Orleans refuses shorter ones than a minute; a silo that died is replaced by the next one.
        silo.Configure<ReminderOptions>(static options => options.MinimumReminderPeriod = LakeConnectors.ReminderPeriod);
        silo.Services.Replace(ServiceDescriptor.Singleton<ISinkPlacement, GrainSinks>());
        silo.Services.TryAddSingleton<SiloSources>();
        silo.Services.Replace(ServiceDescriptor.Singleton<ISourcePlacement, GrainSources>());
        return silo;
    }
}
