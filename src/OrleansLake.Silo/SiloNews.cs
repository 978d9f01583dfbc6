using System.Net;
using OrleansLake.Core;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Silo;

/// <summary>The log events for people about a silo. The table of event ids: 1 to 11 its life.</summary>
internal static partial class SiloNews
{
    /// <summary>The category of its log lines.</summary>
    internal const string Category = "OrleansLake.Silo";

    /// <summary>Its last line.</summary>
    internal const int StoppedId = 6;

    internal static async Task TellStartedAsync(IHost host, SiloSettings settings, ILogger logger)
    {
        ILakeStore store = host.Services.GetRequiredService<ILakeStore>();
        LakeDescription lake = await Task.Run(() => LakeDescription.Read(store));
        LogServing(logger, store.Location, Counted.Of(lake.Partitions, "partition"), lake.TimeZone, lake.Ids.AreDefault ? "" : $", {lake.Ids.Shown}");
        LogMember(
            logger, new IPEndPoint(settings.Address, settings.Silo.Port).ToString(), settings.Cluster.Id,
            settings.Cluster.Kind == ClusteringKind.PostgreSql ? "PostgreSQL keeps the list of silos"
                : settings.Cluster.FirstPort == settings.Silo.Port ? "it keeps the list of silos, for others on this machine" : $"the silo on port {settings.Cluster.FirstPort} keeps the list of silos",
            settings.Silo.GatewayPort);
        if (settings is { Cluster.Kind: ClusteringKind.PostgreSql, Silo.Address: null } && IPAddress.IsLoopback(settings.Address))
        {
            LogLoopback(logger, settings.Address);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "serves the lake {Lake}: {Partitions}, time zone {TimeZone}{Ids}")]
    private static partial void LogServing(ILogger logger, string lake, string partitions, string timeZone, string ids);

    [LoggerMessage(2, LogLevel.Information, "is the silo {Silo} of the cluster '{Cluster}' ({Membership}); Orleans clients come in by port {GatewayPort}")]
    private static partial void LogMember(ILogger logger, string silo, string cluster, string membership, int gatewayPort);

    [LoggerMessage(10, LogLevel.Warning, "silos on other machines cannot reach this one by {Address}, and no other address of this machine was found: give Silo:Address")]
    private static partial void LogLoopback(ILogger logger, IPAddress address);

    [LoggerMessage(3, LogLevel.Information, "the HTTP API and the dashboard are at {Urls}")]
    internal static partial void LogListening(ILogger logger, string urls);

    [LoggerMessage(4, LogLevel.Information, "serves no HTTP API: Http:Urls is not given")]
    internal static partial void LogNoHttp(ILogger logger);

    [LoggerMessage(11, LogLevel.Information, "health and metrics are at {Urls}, without a key")]
    internal static partial void LogHealth(ILogger logger, string urls);

    [LoggerMessage(5, LogLevel.Information, "stops: {Partitions}")]
    internal static partial void LogStopping(ILogger logger, string partitions);

    [LoggerMessage(StoppedId, LogLevel.Information, "has stopped")]
    internal static partial void LogStopped(ILogger logger);

    [LoggerMessage(7, LogLevel.Critical, "ends at once: {Reason}")]
    internal static partial void LogFatal(ILogger logger, string reason);

    [LoggerMessage(8, LogLevel.Warning, "could not hand everything over in time: the next owners read from the log what it leaves")]
    internal static partial void LogLeft(ILogger logger);

    [LoggerMessage(9, LogLevel.Warning, "{Name} counts for `lake serve` and web applications, and not for a silo: give {Instead}")]
    internal static partial void LogUnheeded(ILogger logger, string name, string instead);
}
