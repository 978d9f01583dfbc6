using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace OrleansLake.Sources.RabbitMq;

/// <summary>One consumer of a stream, on a channel of its own: what it has not handed over is forgotten with it.</summary>
internal sealed class RabbitStreamConsumer
{
    private readonly BlockingCollection<RabbitDelivery> _delivered = [];    // at most the prefetch
    private readonly IChannel _channel;
    private readonly int _acknowledgedAtOnce;
    private readonly Action<string> _ended;
    private volatile bool _isClosed;
    private int _unacknowledged;
    private long _end;

    private RabbitStreamConsumer(IChannel channel, ushort prefetch, Action<string> ended)
    {
        _channel = channel;
        _ended = ended;

        // So that more comes before the last has been read.
        _acknowledgedAtOnce = Math.Max(1, prefetch / 4);
    }

    /// <summary>Gets the offset behind what was delivered.</summary>
    internal long End => Volatile.Read(ref _end);

    /// <summary>Gets a value indicating whether something waits to be read.</summary>
    internal bool HasMore => _delivered.Count > 0;

    internal static async Task<RabbitStreamConsumer> OpenAsync(IConnection connection, RabbitQueue stream, long offset, Action<string> ended)
    {
        IChannel channel = await connection.CreateChannelAsync().ConfigureAwait(false);
        var reader = new RabbitStreamConsumer(channel, stream.Prefetch, ended);
        await channel.BasicQosAsync(0, stream.Prefetch, global: false).ConfigureAwait(false);
        channel.ChannelShutdownAsync += (_, reason) => reader.EndAsync($"the channel is closed: {reason.ReplyText}");
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) => reader.TakeAsync(delivery);
        consumer.UnregisteredAsync += (_, _) => reader.EndAsync("the broker has cancelled the consumer: the stream was deleted, or moved to another node");
        await channel.BasicConsumeAsync(
            stream.Name, autoAck: false, consumerTag: "", noLocal: false, exclusive: false,
            new Dictionary<string, object?> { [StreamEnd.OffsetArgument] = offset }, consumer).ConfigureAwait(false);
        return reader;
    }

    /// <summary>Takes the next delivery, and lets the broker send more as they are taken.</summary>
    internal bool TryRead(TimeSpan wait, [NotNullWhen(true)] out RabbitDelivery? delivery)
    {
        if (!_delivered.TryTake(out delivery, wait))
        {
            return false;
        }

        if (++_unacknowledged >= _acknowledgedAtOnce || _delivered.Count == 0)
        {
            _unacknowledged = 0;
            try
            {
                _channel.BasicAckAsync(delivery.Tag, multiple: true).AsTask().WaitAsync(RabbitConnections.AnswerMax).GetAwaiter().GetResult();
            }
#pragma warning disable CA1031 // Whatever it is: nothing more will come over this connection.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _ended($"a delivery cannot be acknowledged: {e.Message}");
            }
        }

        return true;
    }

    internal async Task CloseAsync()
    {
        _isClosed = true;
        await RabbitConnections.InTimeAsync(_channel.CloseAsync(), RabbitConnections.ClosingMax).ConfigureAwait(false);
    }

    private Task TakeAsync(BasicDeliverEventArgs delivery)
    {
        if (!_isClosed)
        {
            // Its body is the client's after the first await, and the record's until that is stored.
            var taken = new RabbitDelivery(delivery, isKept: true);
            Volatile.Write(ref _end, (taken.StreamOffset ?? -1) + 1);
            _delivered.Add(taken);
        }

        return Task.CompletedTask;
    }

    private Task EndAsync(string reason)
    {
        if (!_isClosed)
        {
            _ended(reason);
        }

        return Task.CompletedTask;
    }
}
