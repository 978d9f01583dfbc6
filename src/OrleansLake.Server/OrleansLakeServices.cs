using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansLake.Client;
using OrleansLake.Client.Configuration;
using OrleansLake.Client.Embedded;
using OrleansLake.Server.Diagnostics;
using OrleansLake.Server.Embedding;
using OrleansLake.Server.Hosting;
using OrleansLake.Server.Requests;
using OrleansLake.Server.Security;
using OrleansLake.Server.Settings;

namespace OrleansLake.Server;

/// <summary>Puts a lake into an application's services.</summary>
public static class OrleansLakeServices
{
    /// <summary>The section of an application's configuration that <see cref="LakeServerOptions"/> are read from.</summary>
    public const string Section = EmbeddedLakeServices.Section;

    /// <summary>
    /// Adds a lake that this process owns: it is opened when the application starts and given back when it stops.
    /// <see cref="ILakeClient"/> is it for the application's own code, <see cref="OrleansLakeRoutes.MapOrleansLake"/> for others.
    /// </summary>
    /// <exception cref="ServeSettingsException">The application has a lake already.</exception>
    public static IServiceCollection AddOrleansLake(this IServiceCollection services, Action<LakeServerOptions>? configure = null)
    {
        Add(services, configure, ownsLake: true);
        return services.AddLakeHost(static provider => provider.GetRequiredService<LakeServerOptions>()).AddSourceHosting().AddSinkHosting();
    }

    /// <summary>
    /// Adds a server over the <see cref="ILakeClient"/> that the services have, before or after: that of a cluster, in a silo of it or in an application
    /// that is its client (<c>AddOrleansLakeCluster</c>), or of a server (<c>AddOrleansLakeClient</c>). The options about a lake's folder mean nothing.
    /// </summary>
    /// <exception cref="ServeSettingsException">The application has a lake already.</exception>
    public static IServiceCollection AddOrleansLakeServer(this IServiceCollection services, Action<LakeServerOptions>? configure = null)
    {
        Add(services, configure, ownsLake: false);
        return services.AddSourceHosting().AddSinkHosting();
    }

    private static void Add(IServiceCollection services, Action<LakeServerOptions>? configure, bool ownsLake)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(static service => service.ServiceType == typeof(LakeServer) || service.ServiceType == typeof(LakeHost)))
        {
            // Two would want the same folder, or one would silently take precedence over the other.
            throw new ServeSettingsException("The application has a lake already: call AddOrleansLake() or AddOrleansLakeServer() once, and not AddEmbeddedOrleansLake() as well.");
        }

        LakeClientNames.Of(services).IsBesideServer = true;
        services.AddOptions<LakeServerOptions>()
            .Configure<IConfiguration, IServiceProvider>((options, configuration, provider) => LakeServerSettings.Bind(configuration, options, ownsLake, provider.GetService<LakeClientNames>() is { IsAnyConfigured: true }, provider.GetService<ServeSettings>()))
            .Configure(options => configure?.Invoke(options))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LakeServerOptions>, LakeServerSettings>());
        services.AddMetrics();
        services.AddProblemDetails();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<LakeServerOptions>>().Value);
        services.AddSingleton<DrainState>();
        services.TryAddSingleton<LakeMetrics>();
        services.AddSingleton(provider => new PrometheusText(provider.GetRequiredService<LakeMetrics>()));
        services.AddSingleton(provider => new ApiKeyAuthenticator([.. provider.GetRequiredService<LakeServerOptions>().Keys]));
        services.AddSingleton<ILakeAuthenticator>(provider => provider.GetRequiredService<ApiKeyAuthenticator>());
        services.AddSingleton(provider =>
        {
            EmbedOptions embed = provider.GetRequiredService<LakeServerOptions>().Embed;
            ILakeClient lake = provider.GetRequiredService<ILakeClient>();
            return new EmbedTokens(embed.Keys, embed.LifetimeMax, provider.GetRequiredService<TimeProvider>(), () => lake.Reports);
        });
        services.AddSingleton<ILakeAuthenticator, EmbedTokenAuthenticator>();
        services.AddSingleton<AnonymousAccess>();
        services.AddSingleton<IAuthorizationHandler, LakeKeyAuthorization>();
        LakeKeyRefusal.AddTo(services);
        services.AddHostedService<AccessNotice>();
        services.AddSingleton<LakeServer>();
        services.AddHostedService<ServerHost>();
    }
}
