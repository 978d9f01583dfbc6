using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Options;
using OrleansLake.Client.Embedded;
using OrleansLake.Client.Settings;
using OrleansLake.Server.Hosting;
using OrleansLake.Server.Requests;
using OrleansLake.Server.Security;
using OrleansLake.Server.Settings;

namespace OrleansLake.Server;

/// <summary>A lake's server as a program of its own: <c>lake serve</c>.</summary>
internal static class LakeWebServer
{
    private static readonly SettingFormatAttribute HostRule = new(SettingFormat.Host);

    private static readonly string[] LoopbackHosts = ["localhost", "*.localhost"];

    /// <summary>Serves until it is cancelled; then it drains, commits and ends.</summary>
    /// <exception cref="ServeSettingsException">It would be open to everybody, or cannot listen there.</exception>
    public static async Task RunAsync(ServeSettings settings, CancellationToken cancellationToken)
    {
        await using WebApplication app = Build(settings);
        await WebListening.CheckListensAsync(app, settings).ConfigureAwait(false);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException && app.Services.GetService<LakeHost>() is null or { Client: not null })
        {
            // The lake, if it is ours, is open: what failed is what comes after it.
            throw ListenFailure.Of(e, settings);
        }

        settings.Started?.Invoke([.. app.Urls]);
        await app.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        if (app.Services.GetService<LakeHost>()?.Failure is { } failure)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>
    /// Returns whether a server could be started like this, as far as that is seen without opening the lake: listens for a moment, at free
    /// ports of the same addresses, and answers nobody. Whether a port is taken is not looked at: it may be this server's own.
    /// </summary>
    /// <exception cref="ServeSettingsException">It could not; the message says what to change.</exception>
    /// <returns>The options that it would be started with, whatever of them is in the environment.</returns>
    public static LakeServerOptions Check(ServeSettings settings)
    {
        using WebApplication app = Build(settings);
        string[] urls = [.. settings.Urls.SelectMany(url => ListenAddress.Parse(url, settings.UrlsSetting).OnFreePort().Resolve(settings.UrlsSetting)).Select(address => address.ToString())];
        WebListening.ListenAsync(settings, urls).GetAwaiter().GetResult();
        return app.Services.GetRequiredService<LakeServerOptions>();
    }

    /// <summary>
    /// Returns whether a server in front of another process's lake could be started like this: listens there for a moment, and answers
    /// nobody. Without an address it looks at the options alone.
    /// </summary>
    /// <returns>The bounds that it would have.</returns>
    /// <exception cref="ServeSettingsException">It could not; the message says what to change.</exception>
    public static async Task<LakeServerLimits> CheckInFrontAsync(ServeSettings settings)
    {
        (LakeServerOptions options, string[] urls, _) = OptionsOf(WebListening.CreateBuilder(settings), settings);
        if (urls.Length > 0)
        {
            await WebListening.ListenAsync(settings, urls).ConfigureAwait(false);
        }

        return options.Limits;
    }

    /// <summary>Returns the application, not yet started.</summary>
    internal static WebApplication Build(ServeSettings settings)
    {
        WebApplicationBuilder builder = WebListening.CreateBuilder(settings);
        builder.Logging.ClearProviders().SetMinimumLevel(settings.LogLevel)
            .AddFilter("Microsoft", LogLevel.Warning)

            // That --urls goes before ports of the environment, which every image of .NET sets.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Error)

            // That the server did not start is reported by its caller, without the host's stack trace.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            });
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        return Build(builder, settings);
    }

    /// <summary>Puts the server into a program's host, of which it is the whole web application, and returns that, not yet started.</summary>
    /// <exception cref="ServeSettingsException">It would be open to everybody, or a setting is not understood.</exception>
    internal static WebApplication Build(WebApplicationBuilder builder, ServeSettings settings)
    {
        (LakeServerOptions options, string[] urls, bool isLoopback) = OptionsOf(builder, settings);
        CertificatePaths.Resolve(builder.Configuration);
        builder.WebHost.UseUrls(urls);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => WebListening.Configure(kestrel, options.Limits));
        if (urls.Length == 0)
        {
            builder.Services.AddSingleton<IServer, NoServer>();
        }

        builder.Services.AddSingleton<IHostLifetime, CallersLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainMax + TimeSpan.FromMinutes(1));
        builder.Services.AddSingleton(settings);

        // First of all, and so the last to stop.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, WebServerEnd>());
        _ = settings.OwnsLake ? builder.Services.AddOrleansLake(settings.Configure) : builder.Services.AddOrleansLakeServer(settings.Configure);
        builder.Services.PostConfigure<LakeServerOptions>(static lake => lake.IsOfProgram = true);
        if (settings.KeysFile is not null)
        {
            builder.Services.AddHostedService<KeyFileWatch>();
        }

        settings.AddServices?.Invoke(builder.Services);

        // Before the host's own filters, of which the one for the header Host answers with a status alone.
        IEnumerable<string>? ownHosts = settings.AllowedHosts.Count == 0 && isLoopback ? LoopbackHosts.Concat(urls.Select(static url => new Uri(url).Host)) : null;
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter>(new StatusAnswers(settings, ownHosts)));
        builder.Services.AddHostFiltering(filter =>
        {
            filter.AllowedHosts = settings.AllowedHosts.Count > 0 ? [.. settings.AllowedHosts] : ["*"];

            // Its answer would be a page.
            filter.IncludeFailureMessage = false;
        });
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. options.AllowedOrigins.Select(origin => origin.TrimEnd('/'))]).WithMethods(LakeOrigins.Methods).AllowAnyHeader()
            .WithExposedHeaders(LakeOrigins.Exposed)));

        WebApplication app = Made(builder);
        app.UseExceptionHandler();
        app.UseRouting();
        if (options.AllowedOrigins.Count > 0)
        {
            app.UseCors();
        }

        app.MapOrleansLake();
        app.MapOrleansLakeHealth();
        app.MapOrleansLakeDashboard();
        // A RequestDelegate: a handler with parameters of its own brings the machinery that binds forms, 80 methods compiled at each start.
        app.MapGet("/", static context =>
        {
            context.Response.Redirect($"dashboard/{context.Request.QueryString}");
            return Task.CompletedTask;
        }).ExcludeFromDescription();
        return app;
    }

    private static WebApplication Made(WebApplicationBuilder builder)
    {
        try
        {
            WebApplication app = builder.Build();
            _ = app.Services.GetRequiredService<ILogger<LakeServer>>();
            return app;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ServeSettingsException($"A setting in the environment is not understood: {e.Message}", e);
        }
    }

    // The options as they are, where it listens as the web server takes it, and whether only this machine can reach that.
    private static (LakeServerOptions Options, string[] Urls, bool IsLoopback) OptionsOf(WebApplicationBuilder builder, ServeSettings settings)
    {
        var problems = new List<ServeSettingsException>();
        if (builder.Configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
        {
            // They would go before --urls, unseen by what is checked here.
            problems.Add(new ServeSettingsException($"Kestrel:Endpoints is set (in the environment); name addresses with {settings.UrlsSetting} instead."));
        }

        problems.AddRange(WrongLogLevels(builder.Configuration));
        problems.AddRange(settings.OtherProblems.Select(static problem => new ServeSettingsException(problem)));

        // The same as the services get: OrleansLake__Limits__BodyBytesMax and others of the environment, then what the caller says.
        var options = new LakeServerOptions();
        bool isBound = WebListening.IsRight(problems, () => Bind(builder.Configuration, options, settings));
        problems.AddRange(settings.AllowedHosts.Where(host => !HostRule.Allows(host))
            .Select(wrong => new ServeSettingsException($"'{wrong}' among the allowed hosts: give {HostRule.Expected}.")));
        if (settings.Urls.Count == 0 && settings.OwnsLake)
        {
            problems.Add(new ServeSettingsException($"{settings.UrlsSetting} names no address to listen on; one looks like {ServeSettings.DefaultUrl}."));
        }

        (string[] urls, bool isLoopback) = WebListening.AddressesOf(settings, problems);
        if (!isLoopback && isBound && options.Keys.Count == 0)
        {
            problems.Add(new ServeSettingsException(
                $"Beyond loopback the server does not start without keys: everybody could write. Make one with `lake key`, and name the file with {settings.KeysSetting}; or listen on 127.0.0.1 ({settings.UrlsSetting}).{(options.IsOpenToEverybody ? " OrleansLake:IsOpenToEverybody counts in applications only." : "")}"));
        }

        ServeSettingsException.ThrowIfAny(problems);
        return (options, urls, isLoopback);
    }

    private static void Bind(ConfigurationManager configuration, LakeServerOptions options, ServeSettings settings)
    {
        try
        {
            LakeServerSettings.Bind(configuration, options, settings.OwnsLake, hasClients: false, settings);
            settings.Configure(options);
            LakeServerSettings.Check(options);
        }
        catch (OptionsValidationException e)
        {
            ServeSettingsException.ThrowIfAny([.. e.Failures.Select(failure => new ServeSettingsException($"{failure}.", e))]);
            throw;
        }
    }

    // .NET says what it does not understand of them, but not where it is.
    private static IEnumerable<ServeSettingsException> WrongLogLevels(ConfigurationManager configuration)
    {
        // A loop: a query over pairs is compiled at each start.
        foreach ((string key, string? value) in configuration.GetSection("Logging").AsEnumerable())
        {
            if (key.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase) && value is not null && !SettingText.TryRead(value, typeof(LogLevel), out _))
            {
                yield return new ServeSettingsException($"{key} is '{value}': give {SettingText.Listed(Enum.GetNames<LogLevel>())}.");
            }
        }
    }
}
