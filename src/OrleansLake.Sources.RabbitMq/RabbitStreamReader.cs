using OrleansLake.Client;
using OrleansLake.Core.Messages;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace OrleansLake.Sources.RabbitMq;

/// <summary>Reads a stream by one consumer at a time, from an offset on.</summary>
/// <remarks>
/// The broker sends as many deliveries as the prefetch says, and more as they are acknowledged, which says nothing but that: what was read is known to the
/// lake alone. Deliveries come by the client's thread and wait here until they are read.
/// </remarks>
internal sealed class RabbitStreamReader : ITopicReader
{
    private const int NotFound = 404;
    private const int EndLooks = 5;

    private static readonly TimeSpan EndRest = TimeSpan.FromSeconds(1);

    private readonly RabbitQueue _stream;
    private readonly IConnection _connection;
    private readonly SourcePartition _partition;
    private readonly int _bodyBytesMax;
    private readonly Action<string> _lost;
    private readonly TimeProvider _clock;
    private volatile string? _ended;
    private RabbitStreamConsumer? _consumer;
    private long _end;
    private long _next;

    // Of an assignment, what is returned before anything is read.
    private SourceRead? _outOfRange;

    internal RabbitStreamReader(RabbitQueue stream, IConnection connection, SourcePartition partition, int bodyBytesMax, Action<string> lost, TimeProvider clock)
    {
        _stream = stream;
        _connection = connection;
        _partition = partition;
        _bodyBytesMax = bodyBytesMax;
        _lost = lost;
        _clock = clock;
        connection.ConnectionShutdownAsync += (_, reason) =>
        {
            _ended ??= $"the connection is closed: {reason.ReplyText}";
            return Task.CompletedTask;
        };
    }

    public async Task<IReadOnlyList<SourcePartition>> FindPartitionsAsync(CancellationToken cancellationToken)
    {
        ThrowIfEnded();
        try
        {
            IChannel channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            await channel.QueueDeclarePassiveAsync(_stream.Name, cancellationToken).ConfigureAwait(false);
            await channel.CloseAsync(cancellationToken).ConfigureAwait(false);
            if (_consumer is { HasMore: true })
            {
                // It is behind: by how much, only its end says.
                _end = Math.Max(_end, await FindEndAsync(cancellationToken).ConfigureAwait(false));
            }

            return [_partition];
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == NotFound)
        {
            _lost(RabbitFailure.Describe(e, _stream));
            return [];
        }
        catch (Exception e) when (IsOfBroker(e, cancellationToken))
        {
            throw new SourceException(RabbitFailure.Describe(e, _stream), e);
        }
    }

    public async Task<long> FindOffsetAsync(SourcePartition partition, SourcePlace place, CancellationToken cancellationToken)
    {
        ThrowIfEnded();
        if (place == SourcePlace.Configured && long.TryParse(_stream.Start, out long offset))
        {
            return offset;
        }

        try
        {
            return place == SourcePlace.Latest || (place == SourcePlace.Configured && _stream.Start == "latest") ? await FindEndAsync(cancellationToken).ConfigureAwait(false)
                : await StreamEnd.FindFirstAsync(_connection, _stream.Name, _clock, cancellationToken).ConfigureAwait(false) ?? throw Silent();
        }
        catch (Exception e) when (IsOfBroker(e, cancellationToken))
        {
            throw new SourceException(RabbitFailure.Describe(e, _stream), e);
        }
    }

    public void Assign(SourcePartition partition, long offset)
    {
        ThrowIfEnded();
        try
        {
            AssignAsync(offset).WaitAsync(RabbitConnections.OpeningMax, _clock).GetAwaiter().GetResult();
        }
        catch (Exception e) when (IsOfBroker(e, default))
        {
            throw new SourceException(RabbitFailure.Describe(e, _stream), e);
        }
    }

    public void Unassign(SourcePartition partition)
    {
        if (_consumer is { } consumer)
        {
            _consumer = null;
            consumer.CloseAsync().GetAwaiter().GetResult();
        }
    }

    public SourceRead Read(TimeSpan wait)
    {
        if (_outOfRange is { } gap)
        {
            _outOfRange = null;
            return gap;
        }

        if (_consumer is not { } consumer)
        {
            ThrowIfEnded();
            Thread.Sleep(wait);
            return SourceRead.Nothing;
        }

        if (!consumer.TryRead(wait, out RabbitDelivery? delivery))
        {
            ThrowIfEnded();
            return SourceRead.Nothing;
        }

        long offset = delivery.StreamOffset ?? throw new SourceException($"the queue '{_stream.Name}' is not a stream: read it by queue= in the address");
        if (offset > _next)
        {
            // Offsets that others use for what is not a message are left out as well; gone is only what lies before the first.
            long first = FindOffsetAsync(_partition, SourcePlace.Earliest, default).GetAwaiter().GetResult();
            if (first > _next)
            {
                Unassign(_partition);
                return SourceRead.OutOfRange(_partition, first, Math.Max(_end, offset + 1));
            }
        }
        else if (offset < _next)
        {
            return SourceRead.Nothing;
        }

        _next = offset + 1;
        return SourceRead.Of(_partition, RecordOf(delivery, offset), delivery.Time);
    }

    public long? EndOf(SourcePartition partition) => Math.Max(_end, _consumer?.End ?? 0);

    public async ValueTask DisposeAsync()
    {
        Unassign(_partition);
        await RabbitConnections.CloseAsync(_connection).ConfigureAwait(false);
    }

    private async Task AssignAsync(long offset)
    {
        // The broker says nothing of an offset that is not there: it waits for it, or begins with what there is.
        for (int looks = 1; ; looks++)
        {
            _end = await FindEndAsync(default).ConfigureAwait(false);
            if (offset <= _end)
            {
                break;
            }

            if (looks == EndLooks)
            {
                long first = await StreamEnd.FindFirstAsync(_connection, _stream.Name, _clock, default).ConfigureAwait(false) ?? throw Silent();
                _outOfRange = SourceRead.OutOfRange(_partition, first, _end);
                return;
            }

            // A replica may be behind the one that was read before.
            await Task.Delay(EndRest, _clock).ConfigureAwait(false);
        }

        _next = offset;
        _consumer = await RabbitStreamConsumer.OpenAsync(_connection, _stream, offset, reason => _ended ??= reason).ConfigureAwait(false);
    }

    private async Task<long> FindEndAsync(CancellationToken cancellationToken) =>
        await StreamEnd.FindAsync(_connection, _stream.Name, _clock, cancellationToken).ConfigureAwait(false) is { } end ? end.Next : throw Silent();

    private TopicRecord RecordOf(RabbitDelivery delivery, long offset)
    {
        DeliveredBody body = DeliveredBody.Of(delivery, _bodyBytesMax);
        return new TopicRecord(offset, body.Bytes) { Key = delivery.Key, Attributes = _ => delivery.Attributes, Refusal = body.Refusal };
    }

    private void ThrowIfEnded()
    {
        if (_ended is { } reason)
        {
            throw new SourceException(reason);
        }
    }

    private static SourceException Silent() => new("the broker does not show where the stream begins or ends");

    private static bool IsOfBroker(Exception e, CancellationToken cancellationToken) => e is not SourceException && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested);
}
