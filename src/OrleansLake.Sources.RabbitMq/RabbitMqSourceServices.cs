using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Server;
using OrleansLake.Server.Requests;

namespace OrleansLake.Sources.RabbitMq;

/// <summary>Makes an application's lake consume messages from queues of RabbitMQ.</summary>
public static class RabbitMqSourceServices
{
    /// <summary>Consumes a broker's queue or stream as well. May be called several times, for several of them.</summary>
    /// <param name="services">The services, with a lake.</param>
    /// <param name="source"><c>rabbitmq://user@host:5672/vhost?queue=messages</c>.</param>
    /// <exception cref="ServeSettingsException">It is not such an address, or the queue was added by another one.</exception>
    public static IServiceCollection AddRabbitMqSource(this IServiceCollection services, Uri source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return services.AddRabbitMqSource(source.OriginalString);
    }

    /// <inheritdoc cref="AddRabbitMqSource(IServiceCollection, Uri)"/>
    public static IServiceCollection AddRabbitMqSource(this IServiceCollection services, string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return RabbitQueue.TryParse(source, out RabbitQueue? queue, out string? error) ? services.AddRabbitMqSource(queue) : throw new ServeSettingsException($"The source cannot be used: {error}.");
    }

    /// <summary>Consumes a broker's queue as well. May be called several times, for several queues.</summary>
    /// <param name="services">The services, with a lake.</param>
    /// <param name="source">The queue.</param>
    public static IServiceCollection AddRabbitMqSource(this IServiceCollection services, RabbitQueue source)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(source);

        string key = $"{source.Endpoint} {source.VirtualHost} {source.Name}";
        if (services.Select(one => one.ImplementationInstance).OfType<NamedQueue>().FirstOrDefault(named => named.Key == key) is { } named)
        {
            // Two readers of one queue would take turns, and tell everything twice.
            return named.Queue.IsReadAs(source) ? services
                : throw new ServeSettingsException($"{source} is named twice, with another user, password, scheme or parameter: a queue is read once. Leave one of the two out.");
        }

        services.AddSingleton(new NamedQueue(key, source));
        if (source.IsStream)
        {
            return services.AddStream(source);
        }

        // Not as a hosted service of its type: of each type there is one.
        return services.AddSingleton<IHostedService>(provider => new RabbitSource(
            source,
            LakeRegistration.Required(provider, nameof(AddRabbitMqSource)).GetRequiredService<ILakeClient>(),
            provider.GetRequiredService<LakeServerOptions>().Limits,
            provider.GetRequiredService<LakeMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RabbitSource>>()));
    }

    /// <summary>
    /// Lets <see cref="LakeServerOptions.Sources"/>, and so the setting <c>OrleansLake:Sources</c>, name streams:
    /// <c>rabbitmq://user@host/vhost?stream=messages</c>. Queues are added by their own method.
    /// </summary>
    /// <param name="services">The services, with a lake of this process, or of the silo that it is.</param>
    public static IServiceCollection AddRabbitMqSources(this IServiceCollection services) => services.AddTopicSources(["rabbitmq", "rabbitmqs", "amqp", "amqps"], Parse);

    private static Func<IServiceProvider, ITopicSource> Parse(string address) => !RabbitQueue.TryParse(address, out RabbitQueue? stream, out string? error)
        ? throw new ServeSettingsException($"the source cannot be used: {error}.")
        : stream.IsStream ? provider => NewStream(stream, NameOf(stream), provider)
        : throw new ServeSettingsException("a queue is not read from settings: name a stream (stream=NAME), which has offsets, or give the queue to `lake serve --source` or AddRabbitMqSource(...).");

    private static RabbitStreamSource NewStream(RabbitQueue stream, string name, IServiceProvider provider) =>
        new(stream, name, provider.GetRequiredService<LakeServerOptions>().Limits.UnpackedBytesMax, provider.GetRequiredService<TimeProvider>());

    private static string NameOf(RabbitQueue stream) => $"rabbitmq:{stream.Name.Replace("/", "%2F", StringComparison.Ordinal)}";

    private static IServiceCollection AddStream(this IServiceCollection services, RabbitQueue stream)
    {
        // Streams of one name, of two virtual hosts or brokers.
        string plain = NameOf(stream);
        string name = services.Any(one => one.ImplementationInstance is NamedStream named && named.Name == plain) ? $"{plain}@{stream.Endpoint}:{Uri.EscapeDataString(stream.VirtualHost)}" : plain;
        return services.AddSingleton(new NamedStream(name)).AddTopicSource(provider => NewStream(stream, name, provider));
    }

    private sealed record NamedStream(string Name);

    private sealed record NamedQueue(string Key, RabbitQueue Queue);
}
