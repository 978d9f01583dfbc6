using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace OrleansLake.Server.Hosting;

/// <summary>Checks of the addresses that a server is to listen at, before it serves.</summary>
internal static class ListenCheck
{
    /// <summary>Returns a sentence for each of the addresses that another program listens on now: it may have ended when a server is started.</summary>
    /// <exception cref="ServeSettingsException">One cannot be listened on, even if others do.</exception>
    internal static IReadOnlyList<string> FindPortsInUse(ServeSettings settings)
    {
        var inUse = new List<string>();
        foreach (string url in settings.Urls)
        {
            try
            {
                foreach (ListenAddress address in ListenAddress.Parse(url, settings.UrlsSetting).Resolve(settings.UrlsSetting))
                {
                    address.TryBind();
                }
            }
            catch (SocketException e)
            {
                ServeSettingsException failure = ListenFailure.Of(e, settings with { Urls = [url] });
                if (e.SocketErrorCode != SocketError.AddressAlreadyInUse)
                {
                    throw failure;
                }

                inUse.Add(failure.Message);
            }
        }

        return inUse;
    }

    /// <summary>
    /// Looks at the addresses and certificates of an application that is built and not yet started: before the lake is opened, or made,
    /// since what keeps the server from listening is to leave nothing behind.
    /// </summary>
    /// <exception cref="ServeSettingsException">It cannot listen; the message says what to change.</exception>
    internal static async Task CheckAsync(WebApplication app, Func<ServeSettings, WebApplicationBuilder> createBuilder, ServeSettings settings)
    {
        // As they were resolved.
        string urls = app.Configuration[WebHostDefaults.ServerUrlsKey] ?? "";
        ListenAddress[] addresses = [.. urls.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(url => ListenAddress.Parse(url, settings.UrlsSetting))];
        try
        {
            foreach (ListenAddress address in addresses)
            {
                address.TryBind();
            }

            // The server asks for the same again and gets what is loaded here.
            app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.ConfigurationLoader?.Load();
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException or InvalidOperationException or CryptographicException)
        {
            throw ListenFailure.Of(e, settings);
        }

        IConfigurationSection certificate = app.Configuration.GetSection("Kestrel:Certificates:Default");
        if (certificate["Password"] is null && certificate["KeyPath"] is null && addresses.Where(address => address.IsHttps).Select(address => address.OnFreePort().ToString()).FirstOrDefault() is { } secure)
        {
            // Without one that is named there is the developer's, or none; a file of it alone has no key, perhaps.
            await ListenAsync(createBuilder(settings), settings, [secure]).ConfigureAwait(false);
        }
    }

    /// <summary>Listens at the addresses for a moment, and answers nobody.</summary>
    /// <exception cref="ServeSettingsException">It cannot listen; the message says what to change.</exception>
    internal static async Task ListenAsync(WebApplicationBuilder builder, ServeSettings settings, string[] urls)
    {
        builder.WebHost.UseUrls(urls);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, CallersLifetime>();
        await using WebApplication app = builder.Build();
        try
        {
            await app.StartAsync().ConfigureAwait(false);
            await app.StopAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is, it is what would keep the server from listening.
        catch (Exception e)
#pragma warning restore CA1031
        {
            throw ListenFailure.Of(e, settings);
        }
    }
}
