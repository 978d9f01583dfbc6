using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansLake.Grains;

namespace OrleansLake.Client.Orleans;

/// <summary>Puts a lake that runs on silos into an application's services.</summary>
public static class OrleansLakeClusterServices
{
    /// <summary>The name by which the cluster's client is registered beside others: <c>[FromKeyedServices("cluster")] ILakeClient</c>.</summary>
    public const string ClusterName = "cluster";

    /// <summary>
    /// Connects the application to a cluster, and makes <see cref="ILakeClient"/> and <see cref="ITopicLake"/> its lake: under
    /// <see cref="ClusterName"/>, and without a name if no other client was added before.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="configure">Where the silos are: <c>UseLocalhostClustering(serviceId: "lake", clusterId: "lake")</c>, or a database.</param>
    /// <exception cref="InvalidOperationException">It is connected to one already: Orleans has one cluster for an application.</exception>
    public static IHostApplicationBuilder AddOrleansLakeCluster(this IHostApplicationBuilder builder, Action<IClientBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        if (builder.Services.Any(service => service.ServiceType == typeof(GrainLakeClient)))
        {
            throw new InvalidOperationException("The application is connected to a cluster already, and Orleans connects it to one only. Reach the other lake over HTTP: AddOrleansLakeClient(\"name\").");
        }

        builder.UseOrleansClient(configure);
        builder.Services.AddOrleansLakeCluster();
        return builder;
    }

    /// <summary>Adds an <see cref="ILakeClient"/> and an <see cref="ITopicLake"/> over the grains that the services have already: those of a silo, or of a client.</summary>
    public static IServiceCollection AddOrleansLakeCluster(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new GrainLakeClient(
            provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<TimeProvider>(), reports: provider.GetService<IOptions<LakeClusterOptions>>()?.Value.Reports, presence: provider.GetService<LakePresence>()));
        services.TryAddSingleton(static provider => new GrainTopicLake(provider.GetRequiredService<IGrainFactory>()));
        services.TryAddKeyedSingleton<ITopicLake>(ClusterName, (provider, _) => provider.GetRequiredService<GrainTopicLake>());
        services.TryAddSingleton<ITopicLake>(provider => provider.GetRequiredService<GrainTopicLake>());
        services.TryAddKeyedSingleton<ILakeClient>(ClusterName, (provider, _) => provider.GetRequiredService<GrainLakeClient>());
        services.TryAddSingleton<ILakeClient>(provider => provider.GetRequiredService<GrainLakeClient>());
        return services;
    }
}
