using Microsoft.Extensions.Logging;

namespace OrleansLake.Sources.Kafka;

/// <summary>The log events of a source: the events 41x of a server's table. None of them contains a password or a message.</summary>
internal static partial class KafkaLog
{
    [LoggerMessage(410, LogLevel.Information, "Reading {Partitions} partitions of {Source}")]
    internal static partial void TopicsConnected(this ILogger logger, int partitions, KafkaTopics source);

    [LoggerMessage(411, LogLevel.Warning, "Not reading {Source}: {Reason}. It is tried again; this is logged less often from now on.")]
    internal static partial void TopicsLost(this ILogger logger, KafkaTopics source, string reason);

    [LoggerMessage(412, LogLevel.Information, "Partition {Partition} of the topic '{Topic}' is read from {Place}")]
    internal static partial void PartitionStarted(this ILogger logger, int partition, string topic, string place);

    [LoggerMessage(413, LogLevel.Warning, "Records of {Source} wait for the lake, which accepts none: {Reason}")]
    internal static partial void TopicsWait(this ILogger logger, string source, string reason);

    [LoggerMessage(414, LogLevel.Error, "Partition {Partition} of the topic '{Topic}' is not read any further: {Reason}. Start again with gap=skip in its address to read on from offset {Next}.")]
    internal static partial void GapStops(this ILogger logger, int partition, string topic, string reason, long next);

    [LoggerMessage(415, LogLevel.Error, "Partition {Partition} of the topic '{Topic}' is read on from offset {Next}: {Reason}")]
    internal static partial void GapSkipped(this ILogger logger, int partition, string topic, long next, string reason);

    [LoggerMessage(416, LogLevel.Warning, "Partition {Partition} of the topic '{Topic}' has a record without a value at offset {Offset}: it holds no message, and nothing of it is stored. Repetitions are logged less often")]
    internal static partial void RecordWithoutValue(this ILogger logger, int partition, string topic, long offset);

    [LoggerMessage(417, LogLevel.Warning, "{Fields}; keep them by lake column keep attributes. They are named here once; /metrics counts all of them (orleanslake_ingest_left_out_total)")]
    internal static partial void FieldsLeftOut(this ILogger logger, string fields);

    [LoggerMessage(418, LogLevel.Information, "The brokers at {Brokers} do not say which cluster they are ({Reason}): its topics are known by their names alone. cluster=NAME in the address names it")]
    internal static partial void ClusterUnknown(this ILogger logger, string brokers, string reason);

    [LoggerMessage(419, LogLevel.Warning, "Positions of {Source} are not committed to the group '{Group}': {Reason}")]
    internal static partial void GroupNotCommitted(this ILogger logger, KafkaTopics source, string group, string reason);
}
