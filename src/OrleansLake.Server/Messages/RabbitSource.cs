using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLake.Client;
using OrleansLake.Server.Hosting;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace OrleansLake.Server.Messages;

/// <summary>
/// Takes messages from a RabbitMQ queue. A delivery is acknowledged to the broker after it is durable here, so none is
/// lost; one that comes again is recognised by the <c>message-id</c> that its publisher gave it and stored once.
/// </summary>
/// <remarks>
/// A delivery is one JSON object, several lines of them, or an array. The key of a delivery is its queue, its message-id
/// and the length of its body; a delivery without a message-id cannot be recognised and may be stored twice if the
/// connection breaks between the fsync and the acknowledgement: deduplication counts it once all the same. How many are
/// in flight is the prefetch count, which is what bounds the memory.
/// </remarks>
internal sealed class RabbitSource(Uri source, ILakeClient client, LakeMetrics metrics, TimeProvider clock, ILogger<RabbitSource> logger) : BackgroundService
{
    private const string DefaultQueue = "messages";
    private const ushort Prefetch = 1000;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly string _queue = QueueOf(source);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ConsumeAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Brokers go and come back; what was not acknowledged comes again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                logger.SourceLost(source.Host, Rest, e.Message);
                await Task.Delay(Rest, clock, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task ConsumeAsync(CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory
        {
            Uri = AmqpUri(source),
            ClientProvidedName = "orleanslake",
            AutomaticRecoveryEnabled = false,
            ConsumerDispatchConcurrency = Prefetch,
        };
        await using IConnection connection = await factory.CreateConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.QueueDeclareAsync(_queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: cancellationToken).ConfigureAwait(false);
        await channel.BasicQosAsync(0, Prefetch, global: false, cancellationToken).ConfigureAwait(false);

        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.ChannelShutdownAsync += (_, reason) =>
        {
            closed.TrySetException(new IOException($"the broker closed the connection: {reason.ReplyText}"));
            return Task.CompletedTask;
        };
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            try
            {
                await StoreAsync(delivery, cancellationToken).ConfigureAwait(false);
                await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, cancellationToken).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Without an acknowledgement it comes again, over a new connection.
            catch (Exception e)
#pragma warning restore CA1031
            {
                closed.TrySetException(e);
            }
        };
        logger.SourceConnected(_queue, source.Host);
        await channel.BasicConsumeAsync(_queue, autoAck: false, consumer, cancellationToken).ConfigureAwait(false);
        await closed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task StoreAsync(BasicDeliverEventArgs delivery, CancellationToken cancellationToken)
    {
        string? id = delivery.BasicProperties.MessageId;
        var options = new SendOptions
        {
            Source = $"rabbitmq:{_queue}",
            IdempotencyKey = string.IsNullOrEmpty(id) ? null : KeyOf(id, delivery.Body.Length),
        };
        while (true)
        {
            SendResult result = await client.SendAsync(new ReadOnlySequence<byte>(delivery.Body), options, cancellationToken).ConfigureAwait(false);
            switch (result.Status)
            {
                case SendStatus.Stored:
                    metrics.Sent(result, delivery.Body.Length);
                    return;
                case SendStatus.KeyConflict:
                    // Another message under the same id: it is no repetition, and must not be lost.
                    options = options with { IdempotencyKey = null };
                    break;
                default:
                    await Task.Delay(result.RetryAfter ?? Rest, clock, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }

    private string KeyOf(string id, int length)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"{_queue} {length} {id}");
        return System.Text.Encoding.UTF8.GetByteCount(key) <= 255 ? key : Convert.ToHexStringLower(LakeApiKey.HashOf(key));
    }

    private static string QueueOf(Uri source)
    {
        foreach (string pair in source.Query.TrimStart('?').Split('&'))
        {
            if (pair.StartsWith("queue=", StringComparison.Ordinal))
            {
                return Uri.UnescapeDataString(pair["queue=".Length..]);
            }
        }

        return DefaultQueue;
    }

    // rabbitmq:// is amqp:// to the broker's client; the query is ours. An empty path is the default virtual host.
    private static Uri AmqpUri(Uri source)
    {
        var amqp = new UriBuilder(source) { Scheme = source.Scheme == "amqps" ? "amqps" : "amqp", Query = "" };
        amqp.Port = source.Port < 0 ? (amqp.Scheme == "amqps" ? 5671 : 5672) : source.Port;
        string text = amqp.Uri.AbsoluteUri;
        return new Uri(source.AbsolutePath is "/" or "" ? text.TrimEnd('/') : text);
    }
}
