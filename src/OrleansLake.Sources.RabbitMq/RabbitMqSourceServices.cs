using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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

        if (services.Select(static one => one.ImplementationInstance).OfType<NamedQueue>().Any(named => named.IsReadAlready(source)))
        {
            return services;
        }

        services.AddSingleton(new NamedQueue(source));
        if (source.IsStream)
        {
            return services.AddStream(source);
        }

        // Not as a hosted service of its type: of each type there is one.
        return services.AddSingleton<IHostedService>(provider => NewSource(source, LakeRegistration.Required(provider, nameof(AddRabbitMqSource))));
    }

    /// <summary>
    /// Lets <see cref="LakeServerOptions.Sources"/>, and so the setting <c>OrleansLake:Sources</c>, name queues and streams:
    /// <c>rabbitmq://user@host/vhost?queue=messages</c>, <c>?stream=messages</c>. A queue that several processes name is shared by its broker:
    /// each gets some of its deliveries.
    /// </summary>
    /// <param name="services">The services, with a lake of this process, or of the silo that it is; of queues any lake.</param>
    public static IServiceCollection AddRabbitMqSources(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSourceKind(RabbitQueues.Kind(static (stream, provider) => NewStream(stream, NameOf(stream), provider)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RabbitQueues>());
        return services;
    }

    /// <summary>Returns what consumes a queue.</summary>
    internal static RabbitSource NewSource(RabbitQueue queue, IServiceProvider provider) => new(
        queue,
        provider.GetRequiredService<ILakeClient>(),
        provider.GetService<ISourceSettings>() is not null,
        provider.GetRequiredService<LakeServerOptions>().Limits,
        provider.GetRequiredService<LakeMetrics>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<RabbitSource>>());

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
}
