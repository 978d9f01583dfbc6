using Microsoft.Extensions.Logging;

namespace OrleansLake.Client.Producing;

/// <summary>The log events of a producer: event ids 5xx, beside those of the server. None of them contains a message.</summary>
internal static partial class LakeProducerLog
{
    [LoggerMessage(500, LogLevel.Warning, "A batch of {Messages} messages could not be sent and is sent again in {Rest}: {Reason}")]
    internal static partial void SentAgain(this ILogger logger, int messages, TimeSpan rest, string reason);

    [LoggerMessage(501, LogLevel.Warning, "The lake did not accept {Records} of {Messages} messages; the first reason is {Code}: {Detail}")]
    internal static partial void NotIngested(this ILogger logger, long records, int messages, string code, string detail);

    [LoggerMessage(502, LogLevel.Error, "A handler of LakeProducer.{Event} failed; the producer continues")]
    internal static partial void HandlerFailed(this ILogger logger, Exception failure, string @event);

    [LoggerMessage(503, LogLevel.Error, "The producer ended; {Unsent} messages that were written are not in the lake, or not known to be ({MaybeStored} of them): {Reason}")]
    internal static partial void Ended(this ILogger logger, int unsent, int maybeStored, string reason);
}
