namespace OrleansLake.Silo;

/// <summary>The logging of a silo, unless <c>Logging:LogLevel</c> says otherwise: lines for people, one each, on stderr.</summary>
internal static class SiloLogging
{
    // What these say is either reported by the silo itself, or is what happens whenever a silo comes or goes.
    private static readonly (string Category, LogLevel Level)[] Quiet =
    [
        ("Microsoft", LogLevel.Warning),
        ("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Error),
        ("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None),
        ("OrleansLake.Server", LogLevel.Warning),

        // Two lines of every activation that went well, which take more time than the grains; some hundred of each silo that goes.
        ("Polly", LogLevel.Critical),

        // The silo logs itself who comes and goes (SiloNews).
        ("Orleans.", LogLevel.Error),

        // A silo that went, met where grains are looked up.
        ("Orleans.Runtime.GrainDirectory", LogLevel.Critical),

        // What ends a start ends the program, which says it.
        ("Orleans.Runtime.Silo", LogLevel.Critical),

        // At every start it takes the machine's uptime for a delay.
        ("Orleans.Runtime.Watchdog", LogLevel.Critical),

        // Calls and frames on their way to a silo that went: their senders send them again.
        ("Orleans.Messaging", LogLevel.Critical),
        ("Orleans.Runtime.GrainCallCancellationManager", LogLevel.Critical),
        ("Orleans.Runtime.MembershipService.SiloMetadata", LogLevel.Critical),
        ("Orleans.Runtime.Messaging", LogLevel.Critical),
        ("Orleans.Streams", LogLevel.Critical),

        // A partition that cannot be opened or closed says so itself.
        ("Orleans.Grain", LogLevel.Critical),
    ];

    // Each of its lines is that the first silo does not answer, which is reported once (FirstSiloWatch).
    private const string MembershipCategory = "Orleans.Runtime.MembershipService";

    internal static void AddSiloLogging(this IHostApplicationBuilder builder, bool isListWatched)
    {
        // With Debug all of it is wanted, Orleans' options and stack traces included.
        IConfigurationSection levels = builder.Configuration.GetSection("Logging:LogLevel");
        bool isAllWanted = levels["Default"] is { } least && Enum.TryParse(least, ignoreCase: true, out LogLevel level) && level <= LogLevel.Debug;
        builder.Logging.ClearProviders().AddConsole(console =>
        {
            console.FormatterName = LineFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        }).AddConsoleFormatter<LineFormatter, LineFormatterOptions>(line => line.WithStackTraces = isAllWanted);
        foreach ((string category, LogLevel quiet) in isListWatched ? [.. Quiet, (MembershipCategory, LogLevel.Critical)] : Quiet)
        {
            // Polly's lines, two of every activation that went well, take more time than the grains.
            if (levels[category.TrimEnd('.')] is null && !isAllWanted)
            {
                builder.Logging.AddFilter(category, quiet);
            }
        }
    }
}
