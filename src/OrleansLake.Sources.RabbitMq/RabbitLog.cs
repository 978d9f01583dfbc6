using Microsoft.Extensions.Logging;

namespace OrleansLake.Sources.RabbitMq;

/// <summary>The log events of a source: the events 4xx of a server's table. None of them contains a password or a message.</summary>
internal static partial class RabbitLog
{
    [LoggerMessage(400, LogLevel.Information, "Reading the queue '{Queue}' at {Address}, virtual host '{VirtualHost}'{Place}")]
    internal static partial void SourceConnected(this ILogger logger, string queue, string address, string virtualHost, string place);

    [LoggerMessage(401, LogLevel.Warning, "Not reading {Source}: {Reason}. Tries again in {RestSeconds:0} s, later every {LaterSeconds:0} s; this is logged less often from now on.")]
    internal static partial void SourceLost(this ILogger logger, RabbitQueue source, string reason, double restSeconds, double laterSeconds);

    [LoggerMessage(402, LogLevel.Warning, "A delivery of {Source} {Name} goes to quarantine: {Reason}")]
    internal static partial void DeliveryRefused(this ILogger logger, RabbitQueue source, string name, string reason);

    [LoggerMessage(403, LogLevel.Warning, "Deliveries of {Source} wait for the lake, which accepts none: {Reason}")]
    internal static partial void SourceWaits(this ILogger logger, RabbitQueue source, string reason);

    [LoggerMessage(404, LogLevel.Warning, "A delivery of {Source} {Name} holds no message ({Body}): it is acknowledged, and nothing of it is stored. Repetitions are logged less often")]
    internal static partial void DeliveryWithoutMessage(this ILogger logger, RabbitQueue source, string name, string body);

    [LoggerMessage(405, LogLevel.Warning, "{Fields}; keep them by lake column keep attributes. They are named here once; /metrics counts all of them (orleanslake_ingest_left_out_total)")]
    internal static partial void FieldsLeftOut(this ILogger logger, string fields);
}
