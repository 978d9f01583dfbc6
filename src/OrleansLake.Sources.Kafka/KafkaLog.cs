using Microsoft.Extensions.Logging;

namespace OrleansLake.Sources.Kafka;

/// <summary>The log events of Kafka alone, beside those of every source of topics: of the events 41x of a server's table. None of them contains a password.</summary>
internal static partial class KafkaLog
{
    [LoggerMessage(418, LogLevel.Information, "The brokers at {Brokers} do not say which cluster they are ({Reason}): its topics are known by their names alone. cluster=NAME in the address names it")]
    internal static partial void ClusterUnknown(this ILogger logger, string brokers, string reason);

    [LoggerMessage(419, LogLevel.Warning, "Positions of {Source} are not committed to the group '{Group}': {Reason}")]
    internal static partial void GroupNotCommitted(this ILogger logger, KafkaTopics source, string group, string reason);
}
