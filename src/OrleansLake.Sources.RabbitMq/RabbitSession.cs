using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using OrleansLake.Client;
using OrleansLake.Core;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace OrleansLake.Sources.RabbitMq;

/// <summary>
/// One connection to a broker with one consumer, from when it reads to when it does not: because the broker says so, because the
/// connection is gone, or because nothing has moved though something waits.
/// </summary>
/// <remarks>
/// Deliveries are handed over by the client's thread and stored beside it, so that a connection that breaks waits for none of
/// them to be closed. They are handed to the lake one after another, in the queue's order, and wait for their fsyncs together.
/// Everything that waits for the broker does so for a bounded time, as a frame that the client cannot write waits for good
/// (rabbitmq-dotnet-client #1930).
/// </remarks>
internal sealed class RabbitSession : IAsyncDisposable
{
    private const string StreamText = "the queue is a stream, which keeps no place for its readers: name it by stream= instead of queue= in the address, and the lake keeps it; with offset=first, last, next or a number it is read from there at each start";

    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan StoringMax = TimeSpan.FromSeconds(5);

    private readonly RabbitQueue _queue;
    private readonly IConnection _connection;
    private readonly Func<RabbitDelivery, CancellationToken, Task<bool>> _store;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<RabbitDelivery> _delivered = Channel.CreateUnbounded<RabbitDelivery>(new UnboundedChannelOptions { SingleReader = true });    // at most the prefetch
    private readonly ConcurrentDictionary<ulong, Task> _storing = new();
    private IChannel? _channel;
    private string? _consumer;
    private long _moves;
    private readonly ConcurrentDictionary<ulong, long> _unstored = new();    // of a stream: the offsets that are not stored, by tag
    private long _lastOffset = -1;
    private long? _joinedAt;    // of a stream that is read from its end: the offset of that
    private volatile bool _isClosing;

    private RabbitSession(RabbitQueue queue, IConnection connection, Func<RabbitDelivery, CancellationToken, Task<bool>> store, TimeProvider clock)
    {
        _queue = queue;
        _connection = connection;
        _store = store;
        _clock = clock;
        _connection.ConnectionShutdownAsync += (_, reason) => End($"the connection is closed: {reason.ReplyText}");
    }

    /// <summary>Gets a task that fails with what ended it.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>Gets a value indicating whether anything was delivered.</summary>
    internal bool HasRead => Volatile.Read(ref _moves) > 0;

    /// <summary>Gets, of a stream, the offset at which to continue: all before it is stored, or was there before it was read. Null if
    /// that is not known.</summary>
    internal long? NextStreamOffset => _lastOffset < 0 ? _joinedAt : _unstored.IsEmpty ? _lastOffset + 1 : _unstored.Values.Min();

    /// <summary>Connects and begins to read.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="streamOffset">Of a stream, where to begin.</param>
    /// <param name="store">Stores a delivery; true if it is to be acknowledged, false if the broker is to put it aside.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal static async Task<RabbitSession> OpenAsync(
        RabbitQueue queue, object? streamOffset, Func<RabbitDelivery, CancellationToken, Task<bool>> store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var session = new RabbitSession(queue, await RabbitConnections.OpenAsync(queue, clock, cancellationToken).ConfigureAwait(false), store, clock);
        try
        {
            // Where the connection breaks in the midst of one, a call of the client may not return (rabbitmq-dotnet-client #1751); if it does,
            // it knows best why.
            Task consuming = session.ConsumeAsync(streamOffset, cancellationToken);
            await RabbitConnections.InTimeAsync(Task.WhenAny(consuming, session.Ended), RabbitConnections.OpeningMax).ConfigureAwait(false);
            await RabbitConnections.InTimeAsync(consuming, RabbitConnections.ClosingMax).ConfigureAwait(false);
            if (!consuming.IsCompleted)
            {
                session._ended.TrySetException(new TimeoutException());
                consuming = session.Ended;
            }

            await consuming.ConfigureAwait(false);
            _ = session.WatchAsync();
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops reading, lets what is being stored be acknowledged, and closes the connection; in seconds, whatever the broker does.</summary>
    public async ValueTask DisposeAsync()
    {
        _isClosing = true;
        _delivered.Writer.TryComplete();
        if (_consumer is { } consumer && _channel is { IsOpen: true } channel)
        {
            await RabbitConnections.InTimeAsync(channel.BasicCancelAsync(consumer, noWait: true), RabbitConnections.ClosingMax).ConfigureAwait(false);
        }

        // What is stored and not acknowledged would come again; without a message-id it could not be distinguished from another.
        await RabbitConnections.InTimeAsync(Task.WhenAll(_storing.Values), StoringMax).ConfigureAwait(false);
        await RabbitConnections.InTimeAsync(_stop.CancelAsync(), RabbitConnections.ClosingMax).ConfigureAwait(false);
        await RabbitConnections.CloseAsync(_connection).ConfigureAwait(false);
    }

    private async Task ConsumeAsync(object? streamOffset, CancellationToken cancellationToken)
    {
        IChannel channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        _channel = channel;
        channel.ChannelShutdownAsync += (_, reason) => End($"the channel is closed: {reason.ReplyText}");
        channel.CallbackExceptionAsync += (_, failure) => End($"a delivery could not be handed over: {failure.Exception.Message}");

        // Whatever kind it is, with whatever arguments: only that it is there is asked.
        await channel.QueueDeclarePassiveAsync(_queue.Name, cancellationToken).ConfigureAwait(false);
        await channel.BasicQosAsync(0, _queue.Prefetch, global: false, cancellationToken).ConfigureAwait(false);
        _ = StoreInOrderAsync(channel);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) => TakeAsync(delivery);
        consumer.UnregisteredAsync += (_, _) => End("the broker has cancelled the consumer: the queue was deleted, or moved to another node");
        _consumer = await channel.BasicConsumeAsync(
            _queue.Name, autoAck: false, consumerTag: "", noLocal: false, exclusive: false,
            streamOffset is null ? null : new Dictionary<string, object?> { [StreamEnd.OffsetArgument] = streamOffset }, consumer, cancellationToken).ConfigureAwait(false);

        // While it has a reader: a queue that deletes itself goes with its last one.
        if (_queue.Offset is null && !HasRead && await IsStreamAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new SourceException(StreamText);
        }

        // The first delivery has the place, too; until then the connection may break.
        if (streamOffset is "next" or "last" && await StreamEnd.FindAsync(_connection, _queue.Name, _clock, cancellationToken).ConfigureAwait(false) is { } end)
        {
            _joinedAt = streamOffset is "last" ? end.LastStart : end.Next;
        }
    }

    private Task TakeAsync(BasicDeliverEventArgs delivery)
    {
        if (_isClosing)
        {
            return Task.CompletedTask;
        }

        var taken = new RabbitDelivery(delivery);
        if (taken.StreamOffset is { } offset)
        {
            if (_queue.Offset is null)
            {
                taken.Dispose();
                return End(StreamText);
            }

            _lastOffset = offset;
            _unstored[taken.Tag] = offset;
        }

        Interlocked.Increment(ref _moves);
        _delivered.Writer.TryWrite(taken);
        return Task.CompletedTask;
    }

    // Each is parsed and appended before the next one is begun, unless the lake makes it wait. Of messages with equal
    // timestamps the first counts: that is the queue's first one.
    private async Task StoreInOrderAsync(IChannel channel)
    {
        while (await _delivered.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (_delivered.Reader.TryRead(out RabbitDelivery? delivery))
            {
                if (_isClosing)
                {
                    // It comes again.
                    delivery.Dispose();
                    continue;
                }

                _ = StoreAsync(channel, delivery);
            }
        }
    }

    private async Task StoreAsync(IChannel channel, RabbitDelivery delivery)
    {
        // Noted before anything can end it: one that stayed here would look like a delivery in work to the watch, for good.
        var stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _storing[delivery.Tag] = stored.Task;
        try
        {
            using (delivery)
            {
                ValueTask settled = await _store(delivery, _stop.Token).ConfigureAwait(false) ? channel.BasicAckAsync(delivery.Tag, multiple: false, _stop.Token)
                    : channel.BasicRejectAsync(delivery.Tag, requeue: false, _stop.Token);
                await settled.AsTask().WaitAsync(RabbitConnections.AnswerMax, _clock).ConfigureAwait(false);
                _unstored.TryRemove(delivery.Tag, out _);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It comes again.
        }
#pragma warning disable CA1031 // Without an acknowledgement it comes again, over a new connection.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _ended.TrySetException(e);
        }
        finally
        {
            _storing.TryRemove(delivery.Tag, out _);
            Interlocked.Increment(ref _moves);
            stored.TrySetResult();
        }
    }

    // A consumer that is sent nothing more looks like a queue in which nothing is: only the broker knows the difference.
    private async Task WatchAsync()
    {
        IChannel? asking = null;
        long seen = -1;
        int idle = 0;
        try
        {
            while (true)
            {
                await Task.Delay(WatchInterval, _clock, _stop.Token).ConfigureAwait(false);
                long moves = Volatile.Read(ref _moves);
                if (moves != seen || !_storing.IsEmpty)
                {
                    seen = moves;
                    idle = 0;
                    continue;
                }

                asking ??= await _connection.CreateChannelAsync(cancellationToken: _stop.Token).WaitAsync(2 * RabbitConnections.AnswerMax, _clock).ConfigureAwait(false);
                QueueDeclareOk queue = await asking.QueueDeclarePassiveAsync(_queue.Name, _stop.Token).WaitAsync(2 * RabbitConnections.AnswerMax, _clock).ConfigureAwait(false);
                idle++;
                if (queue.MessageCount == 0 || idle == 1 || _queue.Offset is not null || Volatile.Read(ref _moves) != seen)
                {
                    continue;
                }

                await End(string.Create(
                    CultureInfo.InvariantCulture,
                    $"the broker holds {Counted.Of(queue.MessageCount, "message")} and has {Counted.Of(queue.ConsumerCount, "consumer")}, but has delivered nothing for {idle * WatchInterval.TotalSeconds:0} s")).ConfigureAwait(false);
                return;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It is closed.
        }
#pragma warning disable CA1031 // Whatever it is: the broker does not answer as it should.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _ended.TrySetException(e);
        }
    }

    // Only a stream takes an offset to begin at, and only one that is an offset: there are brokers that look at neither.
    private async Task<bool> IsStreamAsync(CancellationToken cancellationToken) =>
        await TakesOffsetAsync("next", cancellationToken).ConfigureAwait(false) && !await TakesOffsetAsync("not an offset", cancellationToken).ConfigureAwait(false);

    private async Task<bool> TakesOffsetAsync(string offset, CancellationToken cancellationToken)
    {
        IChannel channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        try
        {
            await channel.BasicQosAsync(0, 1, global: false, cancellationToken).ConfigureAwait(false);
            await channel.BasicConsumeAsync(
                _queue.Name, autoAck: false, consumerTag: "", noLocal: false, exclusive: false,
                new Dictionary<string, object?> { [StreamEnd.OffsetArgument] = offset }, new AsyncDefaultBasicConsumer(channel), cancellationToken).ConfigureAwait(false);

            // Until the broker says that this reader is gone, it may hold a message that nobody stores: without that word, all begins again.
            await channel.CloseAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            // What else is wrong, reading it shows.
            return false;
        }
    }

    private Task End(string reason)
    {
        if (!_isClosing)
        {
            _ended.TrySetException(new SourceException(reason));
        }

        return Task.CompletedTask;
    }
}
