using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLake.Storage;

namespace OrleansLake.Silo;

/// <summary>What a silo tells people about itself. The table of event ids: 1 to 9 its life.</summary>
internal static partial class SiloNews
{
    /// <summary>Where its lines come from.</summary>
    internal const string Category = "OrleansLake.Silo";

    /// <summary>Its last line.</summary>
    internal const int StoppedId = 6;

    internal static async Task TellStartedAsync(IHost host, SiloSettings settings, ILogger logger)
    {
        ILakeStore store = host.Services.GetRequiredService<ILakeStore>();
        LakeDescription lake = await Task.Run(() => LakeDescription.Read(store));
        LogServing(logger, store.Location, lake.Partitions, lake.TimeZone);
        LogMember(
            logger, new IPEndPoint(settings.Address, settings.SiloPort).ToString(), settings.ClusterId,
            settings.Clustering == ClusteringKind.PostgreSql ? "PostgreSQL keeps the list of silos"
                : settings.PrimaryPort == settings.SiloPort ? "it keeps the list of silos, for others on this machine" : $"the silo on port {settings.PrimaryPort} keeps the list of silos",
            settings.GatewayPort);
    }

    [LoggerMessage(1, LogLevel.Information, "serves the lake {Lake}: {Partitions} partitions, time zone {TimeZone}")]
    private static partial void LogServing(ILogger logger, string lake, int partitions, string timeZone);

    [LoggerMessage(2, LogLevel.Information, "is the silo {Silo} of the cluster '{Cluster}' ({Membership}); Orleans clients come in by port {GatewayPort}")]
    private static partial void LogMember(ILogger logger, string silo, string cluster, string membership, int gatewayPort);

    [LoggerMessage(3, LogLevel.Information, "the HTTP API and the dashboard are at {Urls}")]
    internal static partial void LogListening(ILogger logger, string urls);

    [LoggerMessage(4, LogLevel.Information, "serves no HTTP: Http:Urls is not given")]
    internal static partial void LogNoHttp(ILogger logger);

    [LoggerMessage(5, LogLevel.Information, "stops: its partitions go to the others")]
    internal static partial void LogStopping(ILogger logger);

    [LoggerMessage(StoppedId, LogLevel.Information, "has stopped")]
    internal static partial void LogStopped(ILogger logger);

    [LoggerMessage(7, LogLevel.Critical, "ends at once: {Reason}")]
    internal static partial void LogFatal(ILogger logger, string reason);

    [LoggerMessage(8, LogLevel.Warning, "could not hand everything over in time: the next owners read from the log what it leaves")]
    internal static partial void LogLeft(ILogger logger);

    [LoggerMessage(9, LogLevel.Warning, "{Name} counts for `lake serve` and web applications, and not for a silo: give {Instead}")]
    internal static partial void LogUnheeded(ILogger logger, string name, string instead);
}
