using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansLake.Connectors;
using OrleansLake.Connectors.Sinks;
using OrleansLake.Server.Sinks;

namespace Orleans.Hosting;

/// <summary>Puts the sinks of a lake on its silos.</summary>
public static class LakeConnectorSiloExtensions
{
    /// <summary>
    /// Has the sinks of the silo's host (<c>OrleansLake:Sinks</c>, <c>AddPostgreSqlSink(...)</c>) written by one silo of the cluster each, and by another
    /// when that goes. All silos are to have the same sinks.
    /// </summary>
    /// <param name="silo">The silo, with a lake, grain storage under <see cref="LakeConnectors.Storage"/> and reminders.</param>
    public static ISiloBuilder AddLakeConnectors(this ISiloBuilder silo)
    {
        ArgumentNullException.ThrowIfNull(silo);

        // Orleans refuses shorter ones than a minute; a silo that died is replaced by the next one.
        silo.Configure<ReminderOptions>(static options => options.MinimumReminderPeriod = LakeConnectors.ReminderPeriod);
        silo.Services.TryAddSingleton<ISinkPlacement, GrainSinks>();
        return silo;
    }
}
