using System.Net.Sockets;
using System.Security.Authentication;
using OrleansLake.Client;
using RabbitMQ.Client.Exceptions;

namespace OrleansLake.Sources.RabbitMq;

/// <summary>Describes the failures of a broker's client, so that one cause is distinguished from another.</summary>
internal static class RabbitFailure
{
    private const int AccessRefused = 403;
    private const int NotFound = 404;
    private const int ResourceLocked = 405;
    private const int PreconditionFailed = 406;
    private const int NotAllowed = 530;

    internal static string Describe(Exception failure, RabbitQueue queue)
    {
        foreach (Exception cause in Causes(failure))
        {
            if (Known(cause, queue) is { } text)
            {
                return text;
            }
        }

        Exception last = Causes(failure).First();
        return $"{last.GetType().Name}: {FirstLine(last.Message)}";
    }

    // The innermost first: what is around it says less.
    private static IEnumerable<Exception> Causes(Exception failure)
    {
        IEnumerable<Exception> inner = failure is AggregateException many ? many.InnerExceptions : failure.InnerException is { } one ? [one] : [];
        return inner.SelectMany(Causes).Append(failure);
    }

    private static string? Known(Exception cause, RabbitQueue queue) => cause switch
    {
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => $"the host name '{queue.Host}' is not known",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "the connection is refused: nothing listens there",
        SocketException { SocketErrorCode: SocketError.TimedOut } => "there is no answer",
        SocketException { SocketErrorCode: SocketError.ConnectionReset } => $"the connection was reset{TlsHint(queue)}",
        SocketException socket => $"the connection fails: {FirstLine(socket.Message)}",
        AuthenticationFailureException => $"the user '{queue.UserName}' or its password is refused",
        AuthenticationException { Message: var text } when text.Contains("certificate", StringComparison.OrdinalIgnoreCase)
            => $"the broker's certificate is not trusted: it is not from an authority that is known here, not for the name '{queue.Host}', or has expired",
        AuthenticationException tls => $"TLS fails: {FirstLine(tls.Message)}{TlsHint(queue)}",
        OperationInterruptedException { ShutdownReason: { } reason } => Refused(reason.ReplyCode, FirstLine(reason.ReplyText), queue),
        PossibleAuthenticationFailureException => $"the broker closed the connection while the user '{queue.UserName}' was logging in{TlsHint(queue)}",
        ProtocolVersionMismatchException or PacketNotRecognizedException or MalformedFrameException or ProtocolViolationException or SyntaxErrorException
            => $"what listens there does not speak AMQP 0-9-1: {FirstLine(cause.Message)}{TlsHint(queue)}",
        IOException { Message: var text } when text.Contains("connection.start", StringComparison.Ordinal) => $"what listens there does not answer as a RabbitMQ broker does{TlsHint(queue)}",
        IOException { Message: var text } when queue.IsTls && text.Contains("unexpected EOF", StringComparison.Ordinal) => $"the connection was closed where TLS begins{TlsHint(queue)}",
        EndOfStreamException => $"the connection was closed while it was being opened{TlsHint(queue)}",
        TimeoutException => "there is no answer in time",
        OperationCanceledException => "there is no answer in time",
        SourceException => FirstLine(cause.Message),
        _ => null,
    };

    private static string Refused(int code, string text, RabbitQueue queue) => code switch
    {
        PreconditionFailed when queue.IsStream && text.Contains("x-stream-offset", StringComparison.Ordinal) => $"the queue '{queue.Name}' is not a stream: name it by queue= in the address",
        PreconditionFailed when queue.Offset is not null && text.Contains("x-stream-offset", StringComparison.Ordinal) => $"offset= is for streams only, and the queue '{queue.Name}' is not one: leave it out of the address",
        NotFound => $"there is no {(queue.IsStream ? "stream" : "queue")} '{queue.Name}' in the virtual host '{queue.VirtualHost}'; it is read once there is one",
        AccessRefused => $"the user '{queue.UserName}' may not read the queue ({text})",
        ResourceLocked => $"the queue belongs to another connection alone ({text})",
        NotAllowed => $"the virtual host '{queue.VirtualHost}' does not exist, or the user '{queue.UserName}' may not use it ({text})",
        _ => $"the broker says {code} {text}",
    };

    private static string TlsHint(RabbitQueue queue) => queue.IsTls
        ? "; if the broker has no TLS at this port, the address begins with rabbitmq://"
        : "; if the broker wants TLS at this port, the address begins with rabbitmqs://";

    private static string FirstLine(string? text) => text?.Split('\n', '\r')[0].Trim().TrimEnd('.') ?? "";
}
