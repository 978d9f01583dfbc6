using OrleansLake.Client;

namespace OrleansLake.Server.Sources;

/// <summary>The log events of sources of topics: the events 41x of a server's table. None of them contains a password or a message.</summary>
internal static partial class SourceLog
{
    [LoggerMessage(410, LogLevel.Information, "Reading {Partitions} partitions of {Source}")]
    internal static partial void TopicsConnected(this ILogger logger, int partitions, ITopicSource source);

    [LoggerMessage(411, LogLevel.Warning, "Not reading {Source}: {Reason}. It is tried again; this is logged less often from now on.")]
    internal static partial void TopicsLost(this ILogger logger, ITopicSource source, string reason);

    [LoggerMessage(412, LogLevel.Information, "{Partition} is read from {Place}")]
    internal static partial void PartitionStarted(this ILogger logger, SourcePartition partition, string place);

    [LoggerMessage(413, LogLevel.Warning, "Records of {Partition} wait for the lake, which accepts none: {Reason}")]
    internal static partial void TopicsWait(this ILogger logger, string partition, string reason);

    [LoggerMessage(414, LogLevel.Error, "{Partition} is not read any further: {Reason}. `lake source seek {Source} earliest --partition {Number}` reads on from offset {Next}; started with gap=skip the source does so by itself.")]
    internal static partial void GapStops(this ILogger logger, SourcePartition partition, string reason, string source, int number, long next);

    [LoggerMessage(415, LogLevel.Error, "{Partition} is read on from offset {Next}: {Reason}")]
    internal static partial void GapSkipped(this ILogger logger, SourcePartition partition, long next, string reason);

    [LoggerMessage(416, LogLevel.Warning, "{Partition} has a record without a value at offset {Offset}: it holds no message, and nothing of it is stored. Repetitions are logged less often")]
    internal static partial void RecordWithoutValue(this ILogger logger, SourcePartition partition, long offset);

    [LoggerMessage(417, LogLevel.Warning, "{Fields}; keep them by lake column keep attributes. They are named here once; /metrics counts all of them (orleanslake_ingest_left_out_total)")]
    internal static partial void FieldsLeftOut(this ILogger logger, string fields);

    [LoggerMessage(420, LogLevel.Warning, "{Partition} is read from offset {To} on, where an operator wants it, and not from {From}: {PassedOver} records are passed over, {ReadAgain} are read again")]
    internal static partial void Sought(this ILogger logger, SourcePartition partition, long from, long to, long passedOver, long readAgain);

    [LoggerMessage(421, LogLevel.Warning, "{Source} is paused: `lake source resume {Source}` lets it go on")]
    internal static partial void Paused(this ILogger logger, string source);

    [LoggerMessage(422, LogLevel.Information, "{Source} goes on")]
    internal static partial void Resumed(this ILogger logger, string source);
}
