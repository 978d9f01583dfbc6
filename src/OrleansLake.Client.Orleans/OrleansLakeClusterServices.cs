using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace OrleansLake.Client.Orleans;

/// <summary>Puts a lake that runs on silos into an application's services.</summary>
public static class OrleansLakeClusterServices
{
    /// <summary>Connects the application to a cluster, and makes <see cref="ILakeClient"/> its lake.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="configure">Where the silos are: <c>UseLocalhostClustering(serviceId: "lake", clusterId: "lake")</c>, or a database.</param>
    public static IHostApplicationBuilder AddOrleansLakeCluster(this IHostApplicationBuilder builder, Action<IClientBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.UseOrleansClient(configure);
        builder.Services.AddOrleansLakeCluster();
        return builder;
    }

    /// <summary><see cref="ILakeClient"/> over the grains that the services have already: those of a silo, or of a client.</summary>
    public static IServiceCollection AddOrleansLakeCluster(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ILakeClient>(provider => new GrainLakeClient(provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
