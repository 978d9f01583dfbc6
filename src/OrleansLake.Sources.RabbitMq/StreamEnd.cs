using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace OrleansLake.Sources.RabbitMq;

/// <summary>
/// The end of a stream and its begin, found by a reader of its own: the broker does not tell a reader that begins at the end where that
/// is until something is published, and a connection that breaks before that leaves no place to continue from.
/// </summary>
internal static class StreamEnd
{
    internal const string OffsetArgument = "x-stream-offset";

    private const ushort Prefetch = 100;

    // What is at the end is delivered within milliseconds; what is found too early is read twice, and lost is nothing.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(5);

    /// <summary>Finds the end. To be asked over the connection that reads, as that one may break meanwhile.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="queue">The stream's name.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Where the last that was stored at once begins, and the offset behind it; both 0 for an empty stream; null if the broker shows neither.</returns>
    internal static Task<(long LastStart, long Next)?> FindAsync(IConnection connection, string queue, TimeProvider clock, CancellationToken cancellationToken) =>
        LookAsync(connection, queue, "last", Prefetch, clock, cancellationToken);

    /// <summary>Finds the first offset that there still is; 0 for an empty stream; null if the broker does not show it.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="queue">The stream's name.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal static async Task<long?> FindFirstAsync(IConnection connection, string queue, TimeProvider clock, CancellationToken cancellationToken) =>
        (await LookAsync(connection, queue, "first", 1, clock, cancellationToken).ConfigureAwait(false))?.LastStart;

    private static async Task<(long LastStart, long Next)?> LookAsync(IConnection connection, string queue, string place, ushort prefetch, TimeProvider clock, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.BasicQosAsync(0, prefetch, global: false, cancellationToken).ConfigureAwait(false);
        var offsets = Channel.CreateUnbounded<long>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            if (delivery.BasicProperties.Headers?.TryGetValue(OffsetArgument, out object? value) == true && value is long offset)
            {
                offsets.Writer.TryWrite(offset);
            }

            if (prefetch > 1)
            {
                // Of the first, no more is wanted.
                await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, cancellationToken).ConfigureAwait(false);
            }
        };
        await channel.BasicConsumeAsync(
            queue, autoAck: false, consumerTag: "", noLocal: false, exclusive: false,
            new Dictionary<string, object?> { [OffsetArgument] = place }, consumer, cancellationToken).ConfigureAwait(false);

        (long LastStart, long Next)? end = null;
        long started = clock.GetTimestamp();
        while (clock.GetElapsedTime(started) < Max)
        {
            if (await NextAsync(offsets.Reader, clock, cancellationToken).ConfigureAwait(false) is { } offset)
            {
                end = (end?.LastStart ?? offset, offset + 1);
                if (prefetch == 1)
                {
                    break;
                }
            }
            else if (end is not null)
            {
                break;
            }
            else if ((await channel.QueueDeclarePassiveAsync(queue, cancellationToken).ConfigureAwait(false)).MessageCount == 0)
            {
                end = (0, 0);
                break;
            }
        }

        await channel.CloseAsync(cancellationToken).ConfigureAwait(false);
        return end;
    }

    // Null once it is quiet.
    private static async Task<long?> NextAsync(ChannelReader<long> offsets, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var quiet = new CancellationTokenSource(Quiet, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, cancellationToken);
        try
        {
            return await offsets.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
