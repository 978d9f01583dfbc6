using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansLake.Client;
using OrleansLake.Server.Connectors;
using OrleansLake.Server.Requests;
using OrleansLake.Server.Sources;

namespace OrleansLake.Server;

/// <summary>Makes an application's lake read sources whose brokers keep records under offsets.</summary>
public static class TopicSourceServices
{
    /// <summary>
    /// Reads a source into the lake, each record once: in this process, or, where silos have <c>AddLakeConnectors()</c>, on them, its partitions spread.
    /// May be called several times.
    /// </summary>
    /// <param name="services">The services, with a lake of this process, or of the silo that it is.</param>
    /// <param name="source">Makes the source, which reaches its broker when it is opened.</param>
    public static IServiceCollection AddTopicSource(this IServiceCollection services, Func<IServiceProvider, ITopicSource> source)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(source);
        return services.AddSingleton(new ConnectorRegistration<ITopicSource>(provider => source(LakeRegistration.Required(provider, nameof(AddTopicSource)))))
            .AddLakeSources().AddSourceHosting();
    }

    /// <summary>Lets <see cref="LakeServerOptions.Sources"/> name sources of a kind.</summary>
    /// <param name="services">The services, with a lake of this process, or of the silo that it is.</param>
    /// <param name="schemes">What addresses of such sources begin with, before <c>://</c>.</param>
    /// <param name="parse">
    /// Reads an address, and returns what makes its source; a <see cref="ServeSettingsException"/> says what is wrong with it, and holds no password.
    /// </param>
    public static IServiceCollection AddTopicSources(this IServiceCollection services, IReadOnlyList<string> schemes, Func<string, Func<IServiceProvider, ITopicSource>> parse)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSourceKind(new ConnectorKind<ITopicSource>(schemes, parse));
    }

    /// <summary>Lets the settings name sources of a kind, of which some may be queues.</summary>
    internal static IServiceCollection AddSourceKind(this IServiceCollection services, ConnectorKind<ITopicSource> kind) =>
        services.AddSingleton(kind).AddLakeSources().AddSourceHosting();

    /// <summary>Has the sources of the settings read, or what is wrong with them reported.</summary>
    internal static IServiceCollection AddSourceHosting(this IServiceCollection services)
    {
        services.TryAddSingleton(static provider => new SourceCatalog(provider));
        services.TryAddSingleton<ISourcePlacement, LocalSources>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SourceHosting>());
        return services;
    }

    // For an application's own code.
    private static IServiceCollection AddLakeSources(this IServiceCollection services)
    {
        services.TryAddSingleton<ILakeSources>(static provider => provider.GetRequiredService<ISourcePlacement>());
        return services;
    }
}
