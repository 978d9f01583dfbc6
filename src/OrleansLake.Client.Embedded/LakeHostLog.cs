namespace OrleansLake.Client.Embedded;

/// <summary>The log events of a lake that this process owns: 1xx its life, 2xx its pipeline. The server's table (ServerLog) has these ids too.</summary>
internal static partial class LakeHostLog
{
    [LoggerMessage(100, LogLevel.Information, "Serving the lake in {Path}: {Messages} messages, {Keys} keys, opened in {ElapsedMs:0} ms")]
    internal static partial void Opened(this ILogger logger, string path, long messages, long keys, double elapsedMs);

    [LoggerMessage(102, LogLevel.Information, "Closed the lake; published up to message {Published} by commit {Commit}")]
    internal static partial void Closed(this ILogger logger, long published, long commit);

    [LoggerMessage(105, LogLevel.Warning, "Nothing is fsynced, as OrleansLake:IsDurable is false: what was accepted may be lost when the machine stops")]
    internal static partial void NotDurable(this ILogger logger);

    [LoggerMessage(109, LogLevel.Information, "Its ids are {Types}")]
    internal static partial void OtherIds(this ILogger logger, string types);

    [LoggerMessage(200, LogLevel.Warning, "{Notice}")]
    internal static partial void Notice(this ILogger logger, string notice);

    [LoggerMessage(201, LogLevel.Error, "The pipeline failed and is started again in {Rest}: {Reason}")]
    internal static partial void PipelineFailed(this ILogger logger, TimeSpan rest, string reason);

    [LoggerMessage(202, LogLevel.Critical, "The lake cannot be served any longer: {Reason}")]
    internal static partial void PipelineStopped(this ILogger logger, string reason);

    [LoggerMessage(203, LogLevel.Error, "Messages could not be applied; it is tried again: {Reason}")]
    internal static partial void ApplyFailed(this ILogger logger, string reason);
}
