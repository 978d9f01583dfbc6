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

        // Not as a hosted service of its type: of each type there is one.
        return services.AddSingleton<IHostedService>(provider => NewHost(LakeRegistration.Required(provider, nameof(AddTopicSource)), source(provider)));
    }

    private static SourceHost NewHost(IServiceProvider provider, ITopicSource source) => new(
        source,
        provider.GetService<ITopicLake>()
            ?? throw new ServeSettingsException($"{source} cannot be read into a lake of other processes: its positions are stored by a lake of this process, which AddOrleansLake() adds."),
        provider.GetRequiredService<ILakeClient>(),
        provider.GetRequiredService<LakeMetrics>(),
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<SourceHost>>());
}
