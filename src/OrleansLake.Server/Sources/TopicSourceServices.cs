using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Server.Requests;
using OrleansLake.Server.Sources;

namespace OrleansLake.Server;

/// <summary>Makes an application's lake read sources whose brokers keep records under offsets.</summary>
public static class TopicSourceServices
{
    /// <summary>Reads a source into the lake, each record once. May be called several times.</summary>
    /// <param name="services">The services, with a lake of this process.</param>
    /// <param name="source">Makes the source, when the host is started.</param>
    public static IServiceCollection AddTopicSource(this IServiceCollection services, Func<IServiceProvider, ITopicSource> source)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(source);

        services.TryAddSingleton<SourceRegistry>();
        services.TryAddSingleton<ILakeSources>(static provider => provider.GetRequiredService<SourceRegistry>());

        // Not as a hosted service of its type: of each type there is one.
        return services.AddSingleton<IHostedService>(provider => NewHost(LakeRegistration.Required(provider, nameof(AddTopicSource)), source(provider)));
    }

    private static SourceHost NewHost(IServiceProvider provider, ITopicSource source) => provider.GetService<ISourceSettings>() is { } settings
        ? new SourceHost(
            source,
            provider.GetRequiredService<ITopicLake>(),
            settings,
            provider.GetRequiredService<ILakeClient>(),
            provider.GetRequiredService<SourceRegistry>(),
            provider.GetRequiredService<LakeMetrics>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SourceHost>>())
        : throw new ServeSettingsException($"{source} cannot be read into a lake of other processes: it is read by the process that has the lake, which AddOrleansLake() adds.");
}
