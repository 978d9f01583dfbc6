using Microsoft.Extensions.DependencyInjection;
using OrleansLake.Server;

namespace OrleansLake.Sinks.Kafka;

/// <summary>Makes an application's lake publish its reports to Kafka as well.</summary>
public static class KafkaSinkServices
{
    /// <summary>Publishes reports to topics, as they change. May be called several times, for several clusters and prefixes.</summary>
    /// <param name="services">The services, with a lake.</param>
    /// <param name="sink"><c>kafka://host:9092/prefix</c>.</param>
    /// <exception cref="ServeSettingsException">It is not such an address, or names topics that were added before.</exception>
    public static IServiceCollection AddKafkaSink(this IServiceCollection services, string sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        return KafkaReports.TryParse(sink, out KafkaReports? reports, out string? error) ? services.AddKafkaSink(reports) : throw new ServeSettingsException($"The sink cannot be used: {error}.");
    }

    /// <summary>Publishes reports to topics, as they change. May be called several times, for several clusters and prefixes.</summary>
    /// <param name="services">The services, with a lake.</param>
    /// <param name="sink">The topics.</param>
    /// <exception cref="ServeSettingsException">They were added before.</exception>
    public static IServiceCollection AddKafkaSink(this IServiceCollection services, KafkaReports sink)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(sink);
        var named = new NamedTopics(string.Join(",", sink.Brokers), sink.Prefix);
        if (services.Any(one => named.Equals(one.ImplementationInstance)))
        {
            throw new ServeSettingsException($"{sink} are named twice: they have one writer. Leave one of the two out, or give it another prefix.");
        }

        return services.AddSingleton(named).AddReportSink(_ => new KafkaSink(sink));
    }

    /// <summary>Lets <see cref="LakeServerOptions.Sinks"/>, and so the setting <c>OrleansLake:Sinks</c>, name places by <c>kafka://</c>.</summary>
    /// <param name="services">The services, with a lake.</param>
    public static IServiceCollection AddKafkaSinks(this IServiceCollection services) => services.AddReportSinks(["kafka"], Open);

    private static KafkaSink Open(string address) =>
        KafkaReports.TryParse(address, out KafkaReports? reports, out string? error) ? new KafkaSink(reports) : throw new ServeSettingsException($"the sink cannot be used: {error}.");

    private sealed record NamedTopics(string Brokers, string Prefix);
}
