using OrleansLake.Client;

namespace OrleansLake.Server.Sinks;

/// <summary>The log events of sinks: the events 43x of a server's table. None of them contains a password.</summary>
internal static partial class SinkLog
{
    [LoggerMessage(430, LogLevel.Information, "{Sink} has the reports as of {Position} and follows the lake, as the owner of epoch {Epoch}")]
    internal static partial void SinkOpened(this ILogger logger, IReportSink sink, long epoch, LakePosition position);

    [LoggerMessage(431, LogLevel.Warning, "{Sink} does not follow the lake: {Reason}. It is tried again; this is logged less often from now on.")]
    internal static partial void SinkLost(this ILogger logger, IReportSink sink, string reason);

    [LoggerMessage(432, LogLevel.Error, "{Sink} is written by another owner now, and no longer from here: {Reason}")]
    internal static partial void SinkTaken(this ILogger logger, IReportSink sink, string reason);
}
