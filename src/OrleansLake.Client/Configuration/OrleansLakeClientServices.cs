using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansLake.Client.Configuration;
using OrleansLake.Client.Settings;

namespace OrleansLake.Client;

/// <summary>
/// Puts lakes that are reached over HTTP into an application's services, any number of them: each by its name
/// (<c>[FromKeyedServices("name")] ILakeClient</c>), and the first one without it, too.
/// </summary>
public static class OrleansLakeClientServices
{
    private const string HttpClientName = "OrleansLake";

    /// <summary>
    /// Adds an <see cref="ILakeClient"/> over HTTP, configured as Aspire does it: by the connection string of that name (the server's
    /// address, or <c>Endpoint=address;Key=key</c>), by the section <c>OrleansLake:Client:{name}</c>, and by
    /// <c>OrleansLake:Client</c>, which counts for all names. What is missing or wrong is reported when the application starts.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="connectionName">The connection string's name, and the client's.</param>
    /// <param name="configure">Goes before all of them.</param>
    [RequiresUnreferencedCode(SettingBinder.Trimming)]
    public static IHostApplicationBuilder AddOrleansLakeClient(
        this IHostApplicationBuilder builder, string connectionName, Action<LakeHttpOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionName);
        LakeClientNames names = LakeClientNames.Of(builder.Services);
        names.Add(connectionName);
        if (names.AddConfigured(connectionName))
        {
            var configured = new ConfiguredLake(connectionName, names, builder.Configuration);
            builder.Services.AddSingleton<IConfigureOptions<LakeHttpOptions>>(configured);
            builder.Services.AddSingleton<IValidateOptions<LakeHttpOptions>>(configured);
        }

        builder.Services.AddNamedClient(connectionName, configure ?? (_ => { }));
        return builder;
    }

    /// <summary>Adds an <see cref="ILakeClient"/> over HTTP under a name; the first one that is added, without it as well.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The client's name.</param>
    /// <param name="configure">Configures how it is reached.</param>
    /// <returns>For conventions on its HTTP client. Handlers that repeat requests by a policy of their own are not for it: a send without a key would be stored several times.</returns>
    public static IHttpClientBuilder AddOrleansLakeClient(this IServiceCollection services, string name, Action<LakeHttpOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(configure);
        LakeClientNames.Of(services).Add(name);
        return services.AddNamedClient(name, configure);
    }

    /// <summary>Adds an <see cref="ILakeClient"/> over HTTP, for an application that has one.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Configures how it is reached.</param>
    /// <returns>For conventions on its HTTP client.</returns>
    /// <exception cref="InvalidOperationException">There is one without a name already.</exception>
    public static IHttpClientBuilder AddOrleansLakeClient(this IServiceCollection services, Action<LakeHttpOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return LakeClientNames.Of(services).Add(Options.DefaultName)
            ? services.AddNamedClient(Options.DefaultName, configure)
            : throw new InvalidOperationException("The application has a lake client without a name already; give each a name: AddOrleansLakeClient(\"name\", ...).");
    }

    private static IHttpClientBuilder AddNamedClient(this IServiceCollection services, string name, Action<LakeHttpOptions> configure)
    {
        services.AddOptions<LakeHttpOptions>(name).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LakeHttpOptions>, LakeHttpValidation>());

        // Made for each use, so that the factory can renew connections and with them addresses.
        services.TryAddKeyedTransient<ILakeClient>(name, (provider, _) => Client(provider, name));
        services.TryAddTransient<ILakeClient>(provider => Client(provider, name));
        return services.AddHttpClient(HttpNameOf(name))
            .ConfigureHttpClient((provider, http) => HttpLakeClient.Configure(http, OptionsOf(provider, name)))
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => OwnRetries.Only(handlers));
    }

    private static HttpLakeClient Client(IServiceProvider provider, string name) => new HttpLakeClient(
        provider.GetRequiredService<IHttpClientFactory>().CreateClient(HttpNameOf(name)), OptionsOf(provider, name), provider.GetService<TimeProvider>());

    private static LakeHttpOptions OptionsOf(IServiceProvider provider, string name) => provider.GetRequiredService<IOptionsMonitor<LakeHttpOptions>>().Get(name);

    private static string HttpNameOf(string name) => name.Length == 0 ? HttpClientName : $"{HttpClientName}:{name}";
}
