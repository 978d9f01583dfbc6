using RabbitMQ.Client;

namespace OrleansLake.Sources.RabbitMq;

/// <summary>The way in which connections to a broker are made: each for one reader, which makes another one when it breaks.</summary>
internal static class RabbitConnections
{
    internal static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);
    internal static readonly TimeSpan OpeningMax = TimeSpan.FromSeconds(60);
    internal static readonly TimeSpan ClosingMax = TimeSpan.FromSeconds(2);

    // The broker's own default for what a message may have; the client takes no more.
    private const uint MessageBytesMax = 128 * 1024 * 1024;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>Connects, in a bounded time.</summary>
    internal static async Task<IConnection> OpenAsync(RabbitQueue queue, TimeProvider clock, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory
        {
            HostName = queue.Host,
            Port = queue.Port,
            UserName = queue.UserName,
            Password = queue.ReadPassword(),
            VirtualHost = queue.VirtualHost,
            ClientProvidedName = "orleanslake",
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            ConsumerDispatchConcurrency = 1,
            MaxInboundMessageBodySize = MessageBytesMax,
            RequestedHeartbeat = Heartbeat,
            RequestedConnectionTimeout = AnswerMax,
            HandshakeContinuationTimeout = AnswerMax,
            ContinuationTimeout = AnswerMax,
        };
        if (queue.IsTls)
        {
            factory.Ssl = new SslOption(queue.Host, enabled: true);
        }

        return await factory.CreateConnectionAsync(cancellationToken).WaitAsync(OpeningMax, clock, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes a connection in seconds, whatever the broker does.</summary>
    internal static async Task CloseAsync(IConnection connection)
    {
        await InTimeAsync(connection.AbortAsync(ClosingMax), 2 * ClosingMax).ConfigureAwait(false);
        _ = InTimeAsync(connection.DisposeAsync().AsTask(), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits for what is being closed, and no longer than that; what it ends with is of no interest any more.</summary>
    internal static async Task InTimeAsync(Task task, TimeSpan max)
    {
        try
        {
            await task.WaitAsync(max).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // It is being closed.
        catch (Exception)
#pragma warning restore CA1031
        {
            _ = task.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }
}
