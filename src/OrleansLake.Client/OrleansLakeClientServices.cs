using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace OrleansLake.Client;

/// <summary>Puts a lake that is reached over HTTP into an application's services.</summary>
public static class OrleansLakeClientServices
{
    private const string HttpClientName = "OrleansLake";

    /// <summary>
    /// <see cref="ILakeClient"/> over HTTP, configured as Aspire does it: by the connection string of that name (the server's
    /// address), and by the section <c>OrleansLake:Client</c>.
    /// </summary>
    public static IHostApplicationBuilder AddOrleansLakeClient(
        this IHostApplicationBuilder builder, string connectionName, Action<LakeHttpOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string? address = builder.Configuration.GetConnectionString(connectionName);
        builder.Services.AddOptions<LakeHttpOptions>().BindConfiguration("OrleansLake:Client");
        builder.Services.AddOrleansLakeClient(options =>
        {
            options.BaseAddress = address is null ? options.BaseAddress : new Uri(address, UriKind.Absolute);
            configure?.Invoke(options);
        });
        return builder;
    }

    /// <summary><see cref="ILakeClient"/> over HTTP.</summary>
    public static IHttpClientBuilder AddOrleansLakeClient(this IServiceCollection services, Action<LakeHttpOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<LakeHttpOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();

        // Made anew for each use, so that the factory can renew connections and with them addresses.
        services.AddTransient<ILakeClient>(provider => new HttpLakeClient(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientName),
            provider.GetRequiredService<IOptions<LakeHttpOptions>>().Value,
            provider.GetService<TimeProvider>()));
        return services.AddHttpClient(HttpClientName)
            .ConfigureHttpClient((provider, http) => HttpLakeClient.Configure(http, provider.GetRequiredService<IOptions<LakeHttpOptions>>().Value));
    }
}
