using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLake.Server;

namespace OrleansLake.Sources.Kafka;

/// <summary>Makes an application's lake read topics of Kafka.</summary>
public static class KafkaSourceServices
{
    /// <summary>Reads topics as well. May be called several times, for several clusters and mappings.</summary>
    /// <param name="services">The services, with a lake of this process.</param>
    /// <param name="source"><c>kafka://host:9092/topic</c>.</param>
    /// <exception cref="ServeSettingsException">It is not such an address, or names a topic that was added before.</exception>
    public static IServiceCollection AddKafkaSource(this IServiceCollection services, string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return KafkaTopics.TryParse(source, out KafkaTopics? topics, out string? error) ? services.AddKafkaSource(topics) : throw new ServeSettingsException($"The source cannot be used: {error}.");
    }

    /// <summary>Reads topics as well. May be called several times, for several clusters and mappings.</summary>
    /// <param name="services">The services, with a lake of this process.</param>
    /// <param name="source">The topics.</param>
    /// <exception cref="ServeSettingsException">A topic was added before.</exception>
    public static IServiceCollection AddKafkaSource(this IServiceCollection services, KafkaTopics source)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(source);
        foreach (NamedTopic named in source.Names.Select(name => new NamedTopic(string.Join(",", source.Brokers), name)))
        {
            if (services.Any(one => named.Equals(one.ImplementationInstance)))
            {
                throw new ServeSettingsException($"The topic '{named.Name}' at {named.Brokers} is named twice: it is read once. Leave one of the two out.");
            }

            services.AddSingleton(named);
        }

        string topics = $"kafka:{(source.Cluster is { } cluster ? $"{cluster}:" : "")}{string.Join(",", source.Names)}";

        // Topics of one name at two clusters that have no names here.
        string name = services.Any(one => one.ImplementationInstance is NamedSource named && named.Name == topics) ? $"{topics}@{string.Join(",", source.Brokers)}" : topics;
        return services.AddSingleton(new NamedSource(name))
            .AddTopicSource(provider => new KafkaSource(source, name, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<KafkaSource>>()));
    }

    private sealed record NamedSource(string Name);

    private sealed record NamedTopic(string Brokers, string Name);
}
