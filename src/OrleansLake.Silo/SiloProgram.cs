using System.Data.Common;
using System.Diagnostics;
using System.Net.Sockets;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using OrleansLake.Client.Orleans;
using OrleansLake.Core;
using OrleansLake.Engine;
using OrleansLake.Grains;
using OrleansLake.Grains.Cluster;
using OrleansLake.Server;
using OrleansLake.Server.Hosting;
using OrleansLake.Storage;

namespace OrleansLake.Silo;

/// <summary>A silo from its first moment to its exit code.</summary>
internal static class SiloProgram
{
    /// <summary>The time that a silo that is stopped while it starts may take before it ends without notifying the others.</summary>
    private static readonly TimeSpan DrainWhileStartingMax = TimeSpan.FromSeconds(1);

    // Lines are written by a thread of their own.
    private static readonly TimeSpan LogFlushMax = TimeSpan.FromMilliseconds(300);

    // What a silo that is waited for no longer may take to let this one in.
    private static readonly TimeSpan JoinMin = TimeSpan.FromSeconds(10);

    private const int ErrorDescriptor = 2;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(5);

    internal static async Task<int> RunAsync(string[] arguments)
    {
        if (!InheritedDescriptor.IsOpen(ErrorDescriptor))
        {
            // Its number may be a pipe of the runtime's by now, which no line must reach.
            Console.SetError(TextWriter.Null);
        }

        if (arguments.Any(static argument => argument is "--help" or "-h" or "-?") || arguments is ["help", ..])
        {
            return Print(WriteHelp);
        }

        if (arguments.Contains("--version", StringComparer.OrdinalIgnoreCase))
        {
            return Print(static () => Console.Out.WriteLine($"lake-silo {typeof(SiloProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]}"));
        }

        using var signals = new StopSignals();
        using var ports = new PortClaims();
        FreshFolder? fresh = null;
        try
        {
            WebApplicationBuilder builder = Builder(arguments);
            SiloSettings settings = SiloSettings.Read(builder.Configuration, arguments);
            fresh = new FreshFolder(settings);
            CheckedSilo found = await SiloChecks.RunAsync(settings, ports, Say, signals.Token);
            await using WebApplication app = Build(builder, settings, found, signals);
            return await RunAsync(app, settings, signals);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            fresh?.Clear();
            Say("The silo was stopped before it had joined the others.");
            return SiloExitCode.Interrupted;
        }
#pragma warning disable CA1031 // The outermost frame: whatever it is becomes a line and an exit code, and no stack trace.
        catch (Exception e)
#pragma warning restore CA1031
        {
            fresh?.Clear();
            (int code, string line) = OutcomeOf(e);
            Say(line);
            return code;
        }
    }

    /// <summary>Returns the exit code and the message for an exception.</summary>
    internal static (int Code, string Line) OutcomeOf(Exception failure)
    {
        for (Exception? e = failure; e is not null; e = (e as AggregateException)?.InnerExceptions[0] ?? e.InnerException)
        {
            int? code = e switch
            {
                SiloStartException start => start.ExitCode,
                ServeSettingsException or OptionsValidationException or OrleansConfigurationException => SiloExitCode.Usage,
                LakeInUseException => SiloExitCode.InUse,
                CorruptDataException => SiloExitCode.Damaged,
                LakeException lake => (int)lake.Failure,
                AddressInUseException => SiloExitCode.Usage,
                _ => null,
            };
            if (code is { } known)
            {
                return (known, e is SiloStartException ? e.Message : Sentence(e.Message));
            }
        }

        return failure is DbException or IOException or SocketException or UnauthorizedAccessException or OrleansException or TimeoutException
            ? (SiloExitCode.Environment, $"The silo could not run: {failure.Message.ReplaceLineEndings(" ")}")
            : (1, $"The silo ended by a fault in the program: {failure.Message.ReplaceLineEndings(" ")} ({failure.GetType().Name})");
    }

    // One host: the silo, and before it the API and the dashboard over its grains, which are those of the whole cluster.
    private static WebApplication Build(WebApplicationBuilder builder, SiloSettings settings, CheckedSilo found, StopSignals signals)
    {
        builder.Services.AddSingleton(signals);
        builder.AddLakeSilo(settings, found);
        builder.Services.AddSingleton(services => new GrainLakeClient(
            services.GetRequiredService<IGrainFactory>(), TimeProvider.System, found.Limits.DatesPerBodyMax, datesPerSenderMax: found.Limits.DatesPerSenderMax, presence: services.GetRequiredService<LakePresence>()));
        builder.Services.AddOrleansLakeCluster();
        SiloConnectors.AddKinds(builder.Services);
        builder.Services.AddHealthChecks().AddOrleansLake();
        if (settings.Health.Addresses.Length > 0)
        {
            builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<HealthServer>(services, settings));
        }

        return LakeWebServer.Build(builder, SiloWeb.SettingsOf(settings));
    }

    private static WebApplicationBuilder Builder(string[] arguments)
    {
        try
        {
            // A folder that it is started from, and what is in it, is not watched for changed settings.
            return WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false", .. arguments]);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            // A file of settings that is not JSON, or an argument that is not a setting.
            string reason = e.InnerException is { } cause ? $"{e.Message} {cause.Message}" : e.Message;
            throw new SiloStartException(SiloExitCode.Usage, Sentence(reason), e);
        }
    }

    private static async Task<int> RunAsync(WebApplication app, SiloSettings settings, StopSignals signals)
    {
        ILogger logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(SiloNews.Category);
        SiloEnd end = app.Services.GetRequiredService<SiloEnd>();
        try
        {
            await StartAsync(app, settings, signals);
        }
        catch (Exception e) when (end.HasJoined)
        {
            // The others are notified, so that its partitions move at once.
            await app.StopAsync(CancellationToken.None);
            throw ListenFailure.Of(e, SiloWeb.SettingsOf(settings));
        }

        await SiloNews.TellStartedAsync(app, settings, logger);
        foreach ((string name, string instead) in SettingNames.Unheeded(settings.Configuration))
        {
            SiloNews.LogUnheeded(logger, name, instead);
        }

        if (settings.Http.Addresses.Length > 0)
        {
            SiloNews.LogListening(logger, string.Join(", ", app.Urls));
        }
        else
        {
            SiloNews.LogNoHttp(logger);
        }

        // From here on: one that is still joining ends by what it throws.
        Task<CorruptDataException> damage = app.Services.GetRequiredService<LakeDamage>().Found;
        _ = damage.ContinueWith(_ => signals.Stop(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        app.Lifetime.ApplicationStopping.Register(signals.Stop);
        await Task.Delay(Timeout.Infinite, signals.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task stopping = app.StopAsync(CancellationToken.None);
        if (await Task.WhenAny(stopping, end.GivenUp) == stopping)
        {
            await stopping;
        }

        SiloNews.LogStopped(logger);
        Exception? lost = damage.IsCompletedSuccessfully ? await damage : app.Services.GetRequiredService<LakePresence>().Lost(looks: true);
        int code = lost switch
        {
            null => SiloExitCode.Done,
            CorruptDataException => SiloExitCode.Damaged,
            _ => SiloExitCode.Environment,
        };
        if (lost is not null || end.GivenUp.IsCompleted)
        {
            await Task.Delay(LogFlushMax);
            if (lost is not null)
            {
                Say(lost.Message);
            }
        }

        if (end.GivenUp.IsCompleted)
        {
            // The database of the list, say, does not answer. Nothing here counts any more: what was acknowledged is in the log.
            Environment.Exit(code);
        }

        return code;
    }

    private static async Task StartAsync(WebApplication app, SiloSettings settings, StopSignals signals)
    {
        Task starting = app.StartAsync(signals.Token);
        bool asksFirstSilo = settings.IsListElsewhere;
        long started = Stopwatch.GetTimestamp();
        TimeSpan joinMax = settings.Silo.WaitMax > JoinMin ? settings.Silo.WaitMax : JoinMin;
        for (int told = 1; !starting.IsCompleted && !signals.Token.IsCancellationRequested; told++)
        {
            TimeSpan rest = joinMax - Stopwatch.GetElapsedTime(started);
            await Task.WhenAny(starting, Task.Delay(asksFirstSilo && rest < ReportInterval ? (rest > TimeSpan.Zero ? rest : TimeSpan.Zero) : ReportInterval, signals.Token));
            if (!starting.IsCompleted && !signals.Token.IsCancellationRequested)
            {
                if (asksFirstSilo && Stopwatch.GetElapsedTime(started) >= joinMax)
                {
                    // Something listens there, and is not a silo of this cluster.
                    Say($"The first silo on port {settings.Cluster.FirstPort} (Cluster:PrimaryPort) did not let this one join within {joinMax.TotalSeconds:0} s (Silo:WaitSeconds): if another program listens there, name in Cluster:PrimaryPort the Silo:Port of the first silo.");
                    Environment.Exit(SiloExitCode.Environment);
                }

                Say($"Joining the other silos, for {told * ReportInterval.TotalSeconds:0} s by now" + (asksFirstSilo ? $" (the first one, on port {settings.Cluster.FirstPort}, keeps the list: Cluster:PrimaryPort)" : ""));
            }
        }

        if (signals.Token.IsCancellationRequested && await Task.WhenAny(starting, Task.Delay(DrainWhileStartingMax)) != starting)
        {
            // It owns nothing yet: the others take it for dead, and the lake knows how to be left.
            Say("The silo was stopped before it had joined the others.");
            Environment.Exit(SiloExitCode.Interrupted);
        }

        try
        {
            await starting;
        }
        catch (Exception e) when (signals.Token.IsCancellationRequested && OutcomeOf(e).Code is not (SiloExitCode.Usage or SiloExitCode.InUse or SiloExitCode.Damaged))
        {
            // What was in the middle of something was asked to end, and says so in its own way.
            throw new OperationCanceledException(e.Message, e, signals.Token);
        }
    }

    private static int Print(Action print)
    {
        try
        {
            print();
            return SiloExitCode.Done;
        }
        catch (IOException e)
        {
            Say($"standard output: {Sentence(e.Message)}");
            return SiloExitCode.Environment;
        }
    }

    private static void WriteHelp()
    {
        Console.Out.WriteLine("lake-silo: a silo that runs a lake with others. Settings as arguments (--Lake:Folder ./lake),");
        Console.Out.WriteLine("in the environment (Lake__Folder=./lake) or in appsettings.json, there in the section OrleansLake,");
        Console.Out.WriteLine("which may come before each name elsewhere too (OrleansLake__Lake__Folder):");
        Console.Out.WriteLine();
        foreach ((string name, string help) in SettingNames.All.Concat(SiloConnectors.Help))
        {
            Console.Out.WriteLine($"  {name,-24}{help}");
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine("--version prints the version.");
        Console.Out.WriteLine("Exit codes: 0 stopped; 2 a setting is wrong; 3 the lake is damaged; 4 it is in use;");
        Console.Out.WriteLine("5 the environment (a folder, PostgreSQL, the storage account); 130 stopped while it started.");
    }

    private static string Sentence(string text) => text.ReplaceLineEndings(" ").Trim();

    private static void Say(string line)
    {
        try
        {
            Console.Error.WriteLine(line);
        }
        catch (IOException)
        {
            // A full disk, say: what the silo does continues, and its exit code stays.
        }
    }
}
