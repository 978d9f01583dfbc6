using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Sending;
using OrleansLake.Server;

namespace OrleansLake.Sources.RabbitMq;

/// <summary>
/// Takes messages from a RabbitMQ queue. A delivery is acknowledged to the broker after it is durable here, so none is
/// lost; one that comes again is recognised by the <c>message-id</c> that its publisher gave it and stored once.
/// </summary>
/// <remarks>
/// A delivery is JSON texts, or an array of them; what is none of that is a record of the quarantine, with the reason. The
/// key of a delivery is its queue, its message-id and the length of its body; a delivery without a message-id cannot be
/// recognised and may be stored twice if the connection breaks between the fsync and the acknowledgement: deduplication
/// counts it once all the same. How many are in flight is the prefetch count, which is what bounds the memory.
///
/// Several processes may consume one queue. None knows of the others: a delivery has the same key in all of them, and the lake's partition that the
/// key belongs to knows it, on whatever silo it is by then.
/// </remarks>
/// <param name="queue">The queue.</param>
/// <param name="client">The lake.</param>
/// <param name="isLakeHere">Whether the lake is this process's own: then a mapping that it does not have is a fault of the settings. Else it is waited for, as the
/// processes of a lake start one after another.</param>
/// <param name="limits">The limits of bodies.</param>
/// <param name="metrics">Counts what is sent.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class RabbitSource(
    RabbitQueue queue, ILakeClient client, bool isLakeHere, LakeServerLimits limits, LakeMetrics metrics, TimeProvider clock, ILogger<RabbitSource> logger) : BackgroundService
{
    private static readonly TimeSpan RestMax = TimeSpan.FromSeconds(5);

    private static readonly Backoff Rests = new(TimeSpan.FromSeconds(1), RestMax);

    // A connection that lasted for that long was a good one.
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(30);

    // After so many failures that nobody foresaw, in about half a minute, it is the delivery that the lake fails at.
    private const int FailuresMax = 8;

    // Of a delivery that is logged.
    private const int ShownBytes = 40;

    private readonly SemaphoreSlim _unpacking = new(1);
    private readonly ByteBudget _unpacked = new(limits.BodiesBytesMax);
    private readonly RepeatedLine _found = new(clock);
    private readonly RepeatedLine _lost = new(clock);
    private readonly RepeatedLine _waiting = new(clock);
    private readonly LeftOutNews _leftOut = new();
    private readonly RepeatedLine _withoutMessage = new(clock);

    // Where a stream is read from: where it was left, once there was something.
    private object? _streamOffset = queue.Offset is null ? null : long.TryParse(queue.Offset, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : queue.Offset;

    /// <inheritdoc/>
    /// <exception cref="ServeSettingsException">The lake has no mapping of the name that the address gives.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (isLakeHere && await SourceMapping.FaultAsync(client, queue.Mapping, queue, cancellationToken).ConfigureAwait(false) is { } fault)
            {
                throw new ServeSettingsException(fault);
            }
        }
        catch (LakeClientException e)
        {
            Waits(e.Message);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        int failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await NotReadyAsync(stoppingToken).ConfigureAwait(false) is { } lacking)
            {
                Waits(lacking);
                await Task.Delay(Rests.After(++failures), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            long started = clock.GetTimestamp();
            RabbitSession? session = null;
            try
            {
                session = await RabbitSession.OpenAsync(queue, _streamOffset, StoreAsync, clock, stoppingToken).ConfigureAwait(false);
                if (_found.IsDue(queue.Name))
                {
                    logger.SourceConnected(queue.Name, queue.Endpoint, queue.VirtualHost, PlaceOf(_streamOffset));
                }

                await session.Ended.WaitAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // It is closed below.
            }
#pragma warning disable CA1031 // Brokers go and come back; what was not acknowledged comes again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (session is { HasRead: true } || (session is not null && clock.GetElapsedTime(started) > Lasting))
                {
                    failures = 0;
                    _lost.Reset();
                    _found.Reset();
                }

                string reason = RabbitFailure.Describe(e, queue);
                if (_lost.IsDue(reason))
                {
                    logger.SourceLost(queue, reason, Rests.After(failures + 1).TotalSeconds, RestMax.TotalSeconds);

                    // Or this would be the last word though it is read again.
                    _found.Reset();
                }
            }

            if (session is not null)
            {
                await session.DisposeAsync().ConfigureAwait(false);
                _streamOffset = session.NextStreamOffset ?? _streamOffset;
            }

            await Task.Delay(Rests.After(++failures), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _unpacking.Dispose();
    }

    // What the lake lacks for the queue to be consumed, null if nothing: while it is away, others that reach it are to get what the broker has.
    private async Task<string?> NotReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            _ = await client.GetMappingsAsync(cancellationToken).ConfigureAwait(false);
            return await SourceMapping.FaultAsync(client, queue.Mapping, queue, cancellationToken).ConfigureAwait(false);
        }
        catch (LakeClientException e) when (e.Kind is LakeClientErrorKind.Unauthorized or LakeClientErrorKind.NotFound)
        {
            // A key that may send, and not ask.
            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // Whatever it is: it is asked again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e.Message.ReplaceLineEndings(" ");
        }
    }

    // True if it is to be acknowledged; false if the broker has more of it than was kept, and is to put it aside.
    private async Task<bool> StoreAsync(RabbitDelivery delivery, CancellationToken cancellationToken)
    {
        long taken = 0;
        try
        {
            DeliveredBody body;
            if (delivery.IsPacked)
            {
                // What it unpacks to is known once it is unpacked: one at a time, and together no more than bodies over HTTP.
                await _unpacking.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    body = DeliveredBody.Of(delivery, limits.UnpackedBytesMax);
                    await _unpacked.TryTakeAsync(body.Bytes.Length, Timeout.InfiniteTimeSpan, clock, cancellationToken).ConfigureAwait(false);
                    taken = body.Bytes.Length;
                }
                finally
                {
                    _unpacking.Release();
                }
            }
            else
            {
                body = DeliveredBody.Of(delivery, limits.UnpackedBytesMax);
            }

            return await StoreAsync(delivery, body, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _unpacked.Release(taken);
        }
    }

    private async Task<bool> StoreAsync(RabbitDelivery delivery, DeliveredBody body, CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal)
        {
            logger.DeliveryRefused(queue, NameOf(delivery), refusal.Detail);
        }

        var options = new SendOptions
        {
            Source = $"rabbitmq:{queue.Name}",
            IdempotencyKey = delivery.KeyIn(queue.KeyWindow),
            IsJsonText = body.IsJsonText,
            Refusal = body.Refusal,
            Origin = new RecordOrigin(delivery.StreamOffset, delivery.Attributes),
            Mapping = queue.Mapping,
        };
        int failures = 0;
        while (true)
        {
            SendResult result;
            try
            {
                result = await SendAsync(body, options, cancellationToken).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Over a new connection the same delivery would come again, and all others with it, for ever.
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                result = Failed(e, ++failures);
            }

            switch (result.Status)
            {
                case SendStatus.Stored:
                    if (result is { Accepted: 0, Duplicates: 0, Quarantined: 0 } && body.Refusal is null && _withoutMessage.IsDue(""))
                    {
                        ReadOnlySpan<byte> text = body.Bytes.Span.Trim(" \t\r\n"u8);
                        logger.DeliveryWithoutMessage(queue, NameOf(delivery), ShownText.Of(text[..Math.Min(text.Length, ShownBytes)]));
                    }

                    metrics.Sent(result, delivery.Body.Length);
                    if (_leftOut.Next(options.Source, options.Mapping, result.LeftOut) is { } leftOut)
                    {
                        logger.FieldsLeftOut(leftOut);
                    }

                    return body.IsWhole;
                case SendStatus.KeyConflict:
                    // Another message under the same id: it is not a repetition, and must not be lost.
                    options = options with { IdempotencyKey = null };
                    break;
                case SendStatus.InFlight:
                    await Task.Delay(result.RetryAfter ?? Rests.First, clock, cancellationToken).ConfigureAwait(false);
                    break;
                case SendStatus.Refused or SendStatus.TooManyDates when result.RetryAfter is null && options.Refusal is null:
                    // It would never be taken.
                    options = options with { Refusal = new Refusal(RejectionReason.TooLong, result.Detail ?? "the delivery is not accepted as it is") };
                    logger.DeliveryRefused(queue, NameOf(delivery), options.Refusal.Detail);
                    break;
                default:
                    Waits(result.Detail ?? "it is behind");
                    await Task.Delay(result.RetryAfter ?? Rests.First, clock, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }

    private async Task<SendResult> SendAsync(DeliveredBody body, SendOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SendAsync(new ReadOnlySequence<byte>(body.Bytes), options, cancellationToken).ConfigureAwait(false);
        }
        catch (LakeClientException e)
        {
            // The same would be wrong again: it goes to quarantine instead, and waits where that is not taken either (a lake over HTTP).
            return e.Kind is LakeClientErrorKind.BadRequest or LakeClientErrorKind.TooLarge ? new SendResult { Status = SendStatus.Refused, Detail = e.Message }
                : new SendResult { Status = SendStatus.TryAgain, RetryAfter = e.RetryAfter, Detail = e.Message };
        }
    }

    private static SendResult Failed(Exception failure, int failures)
    {
        string reason = failure.Message.ReplaceLineEndings(" ");
        return failures < FailuresMax ? new SendResult { Status = SendStatus.TryAgain, RetryAfter = Rests.After(failures), Detail = reason }
            : new SendResult { Status = SendStatus.Refused, Detail = $"the lake fails at it: {reason}" };
    }

    private static string NameOf(RabbitDelivery delivery) => string.IsNullOrEmpty(delivery.MessageId) ? "without a message-id" : $"with the message-id '{delivery.MessageId}'";

    private static string PlaceOf(object? streamOffset) => streamOffset switch
    {
        null => "",
        "first" => ", a stream, from its first message on",
        "last" => ", a stream, from the last that is in it on",
        "next" => ", a stream, from its end on",
        _ => string.Create(CultureInfo.InvariantCulture, $", a stream, from offset {streamOffset} on"),
    };

    private void Waits(string reason)
    {
        if (_waiting.IsDue(reason))
        {
            logger.SourceWaits(queue, reason);
        }
    }
}
