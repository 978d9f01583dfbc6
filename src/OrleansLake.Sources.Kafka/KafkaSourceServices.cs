using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLake.Client;
using OrleansLake.Server;

namespace OrleansLake.Sources.Kafka;

/// <summary>Makes an application's lake read topics of Kafka.</summary>
public static class KafkaSourceServices
{
    /// <summary>Reads topics as well. May be called several times, for several clusters and mappings.</summary>
    /// <param name="services">The services, with a lake of this process, or of the silo that it is.</param>
    /// <param name="source"><c>kafka://host:9092/topic</c>.</param>
    /// <exception cref="ServeSettingsException">It is not such an address, or names a topic that was added before.</exception>
    public static IServiceCollection AddKafkaSource(this IServiceCollection services, string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return KafkaTopics.TryParse(source, out KafkaTopics? topics, out string? error) ? services.AddKafkaSource(topics) : throw new ServeSettingsException($"The source cannot be used: {error}.");
    }

    /// <summary>Reads topics as well. May be called several times, for several clusters and mappings.</summary>
    /// <param name="services">The services, with a lake of this process, or of the silo that it is.</param>
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

        string topics = NameOf(source);

        // Topics of one name at two clusters that have no names here.
        string name = services.Any(one => one.ImplementationInstance is NamedSource named && named.Name == topics) ? $"{topics}@{string.Join(",", source.Brokers)}" : topics;
        return services.AddSingleton(new NamedSource(name))
            .AddTopicSource(provider => NewSource(source, name, provider));
    }

    /// <summary>Lets <see cref="LakeServerOptions.Sources"/>, and so the setting <c>OrleansLake:Sources</c>, name topics by <c>kafka://</c>.</summary>
    /// <param name="services">The services, with a lake of this process, or of the silo that it is.</param>
    public static IServiceCollection AddKafkaSources(this IServiceCollection services) => services.AddTopicSources(["kafka"], Parse);

    private static Func<IServiceProvider, ITopicSource> Parse(string address) => KafkaTopics.TryParse(address, out KafkaTopics? topics, out string? error)
        ? provider => NewSource(topics, NameOf(topics), provider)
        : throw new ServeSettingsException($"the source cannot be used: {error}.");

    private static KafkaSource NewSource(KafkaTopics topics, string name, IServiceProvider provider) =>
        new(topics, name, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<KafkaSource>>());

    private static string NameOf(KafkaTopics topics) => $"kafka:{(topics.Cluster is { } cluster ? $"{cluster}:" : "")}{string.Join(",", topics.Names)}";

    private sealed record NamedSource(string Name);

    private sealed record NamedTopic(string Brokers, string Name);
}
