using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using OrleansLake.Server.Settings;

namespace OrleansLake.Server.Hosting;

/// <summary>The web server below the routes: its addresses, its bounds, and the checks of both before it serves.</summary>
internal static class WebListening
{
    /// <summary>The time that a client may take for a request's headers.</summary>
    private static readonly TimeSpan HeadersMax = TimeSpan.FromSeconds(10);

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

    /// <summary>Returns the addresses that a server is to listen on, as the web server takes them, whatever its keys.</summary>
    /// <exception cref="ServeSettingsException">One is not an address of this machine.</exception>
    internal static string[] CheckUrls(ServeSettings settings)
    {
        var problems = new List<ServeSettingsException>();
        (string[] urls, _) = AddressesOf(settings, problems);
        ServeSettingsException.ThrowIfAny(problems);
        return urls;
    }

    /// <summary>Listens for a moment before the lake is opened, or made: what keeps the server from listening is to leave nothing behind.</summary>
    /// <exception cref="ServeSettingsException">It cannot.</exception>
    internal static async Task CheckListensAsync(WebApplication app, ServeSettings settings)
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
            await ListenAsync(settings, [secure]).ConfigureAwait(false);
        }
    }

    /// <summary>Returns a web server without a route and without logging.</summary>
    internal static WebApplication BuildPlain(ServeSettings settings, string[] urls)
    {
        WebApplicationBuilder builder = CreateBuilder(settings);
        builder.WebHost.UseUrls(urls);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(static kestrel => Configure(kestrel, new LakeServerLimits()));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, CallersLifetime>();
        return builder.Build();
    }

    /// <summary>Listens for a moment, and answers nobody.</summary>
    /// <exception cref="ServeSettingsException">It cannot.</exception>
    internal static async Task ListenAsync(ServeSettings settings, string[] urls)
    {
        await using WebApplication app = BuildPlain(settings, urls);
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

    /// <summary>Returns the host of a server, whose settings are those of the environment and of the program.</summary>
    internal static WebApplicationBuilder CreateBuilder(ServeSettings settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = "OrleansLake.Server",

            // An appsettings.json in the folder that it is started from is some other application's.
            ContentRootPath = AppContext.BaseDirectory,

            // Or its folder, and what is in it, is watched for changed settings: an event for every write.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        if (settings.Configuration is { } configuration)
        {
            // Copied: where this one listens is not to be written into the program's own settings, where another web server reads it.
            builder.Configuration.AddInMemoryCollection(configuration.AsEnumerable().Where(static setting => setting.Value is not null));
        }

        CertificatePaths.Resolve(builder.Configuration);
        return builder;
    }

    /// <summary>
    /// Returns where it is to listen, and whether only this machine can reach that. What is wrong with one address is added for that one; the
    /// others are looked at all the same.
    /// </summary>
    internal static (string[] Urls, bool IsLoopback) AddressesOf(ServeSettings settings, List<ServeSettingsException> problems)
    {
        var urls = new List<string>();
        bool isLoopback = true;
        foreach (string url in settings.Urls)
        {
            IsRight(problems, () =>
            {
                ListenAddress address = ListenAddress.Parse(url, settings.UrlsSetting);
                urls.AddRange(address.Resolve(settings.UrlsSetting).Select(one => one.ToString()));
                isLoopback &= address.IsLoopback;
            });
        }

        if (urls.GroupBy(url => url).FirstOrDefault(same => same.Count() > 1 && !same.Key.EndsWith(":0", StringComparison.Ordinal)) is { } twice)
        {
            problems.Add(new ServeSettingsException($"{settings.UrlsSetting} names {twice.Key} twice."));
        }

        return ([.. urls], isLoopback);
    }

    /// <summary>Sets the bounds of the web server.</summary>
    internal static void Configure(KestrelServerOptions kestrel, LakeServerLimits limits)
    {
        kestrel.AddServerHeader = false;

        // More than is taken: so the one who sends a little too much reads the 413 instead of a broken connection.
        kestrel.Limits.MaxRequestBodySize = limits.BodyBytesMax + (1024L * 1024);
        kestrel.Limits.MaxConcurrentConnections = limits.ConnectionsMax;
        kestrel.Limits.RequestHeadersTimeout = HeadersMax;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;

        // Messages have a pace of their own (BodyPace).
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(limits.BodyBytesPerSecondMin, gracePeriod: TimeSpan.FromSeconds(5));
    }

    /// <summary>Returns whether a check passes; otherwise what it throws is added to the problems.</summary>
    internal static bool IsRight(List<ServeSettingsException> problems, Action check)
    {
        try
        {
            check();
            return true;
        }
        catch (ServeSettingsException e)
        {
            problems.Add(e);
            return false;
        }
    }
}
