using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Storage;

namespace OrleansLake.Engine.Sending;

/// <summary>
/// Takes bodies from many callers at once into one partition: each is parsed by its caller's thread, appended, and
/// waits without a thread for an fsync that it shares with whoever else waits.
/// </summary>
/// <remarks>
/// What bounds the memory: the bytes of bodies between their arrival and their fsync are at most
/// <see cref="LakeOptions.SendBytesMax"/> (their columns and frames are about twice that again), and no body is
/// appended while the partition <see cref="LakePartition.IsBehind"/>.
/// </remarks>
internal sealed class Sender : IDisposable
{
    /// <summary>When to try again where nothing better is known: a disk or pipeline that is behind has moved by then.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly LakePartition _partition;
    private readonly LakeTimeZone _zone;
    private readonly ParallelWork _work;
    private readonly TimeProvider _clock;
    private readonly int _pieceBytes;
    private readonly ByteBudget _budget;
    private readonly SharedRun _flushes;
    private readonly SharedRun _applies;
    private readonly Lock _gate = new();
    private readonly HashSet<BatchKey> _inFlight = [];

    internal Sender(LakePartition partition, LakeTimeZone zone, ParallelWork work, LakeOptions options)
    {
        _partition = partition;
        _zone = zone;
        _work = work;
        _clock = options.Clock;
        _pieceBytes = options.SendPieceBytes;
        _budget = new ByteBudget(options.SendBytesMax);
        _flushes = new SharedRun("lake flush", partition.FlushOnly);
        _applies = new SharedRun("lake apply", () =>
        {
            partition.StartApplying(CancellationToken.None);
            partition.ApplyDurable();
        });
    }

    internal async Task<SendOutcome> SendAsync(ReadOnlyMemory<byte> body, SendOptions options, CancellationToken cancellationToken)
    {
        BatchKey? key = options.Key?.Key;
        if (key is { } own)
        {
            lock (_gate)
            {
                if (!_inFlight.Add(own))
                {
                    return Refused(SendStatus.InFlight, $"{options.Key} is being sent at this moment; try again to learn its outcome", RetryAfter);
                }
            }
        }

        try
        {
            long started = _clock.GetTimestamp();
            if (!await _budget.TryTakeAsync(body.Length, options.WaitMax, _clock, cancellationToken).ConfigureAwait(false))
            {
                return Refused(SendStatus.Busy, "the disk is behind: too much waits to be durable; try again", RetryAfter);
            }

            try
            {
                SendOutcome outcome = await StoreAsync(body, options, started, cancellationToken).ConfigureAwait(false);
                if (options.UntilApplied && outcome.IsAcknowledged)
                {
                    await WaitAppliedAsync(outcome.EndOffset, cancellationToken).ConfigureAwait(false);
                }

                return outcome;
            }
            finally
            {
                _budget.Release(body.Length);
            }
        }
        finally
        {
            if (key is { } sent)
            {
                lock (_gate)
                {
                    _inFlight.Remove(sent);
                }
            }
        }
    }

    /// <summary>Ends when live reports show every message before an offset.</summary>
    internal async Task WaitAppliedAsync(long offset, CancellationToken cancellationToken)
    {
        LakeStatus status = _partition.Status;
        if (offset > status.Accepted)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"the lake has accepted messages up to offset {status.Accepted} only");
        }

        if (offset > status.Durable)
        {
            await _flushes.RunAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        while (_partition.AppliedOffset < offset)
        {
            await _applies.RunAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Serves those who wait.</summary>
    public void Dispose()
    {
        _flushes.Dispose();
        _applies.Dispose();
    }

    private async Task<SendOutcome> StoreAsync(ReadOnlyMemory<byte> body, SendOptions options, long started, CancellationToken cancellationToken)
    {
        BatchKey? key = options.Key?.Key;
        BatchEntry? before = null;
        if (key is { } known)
        {
            before = _partition.Registry.BatchOf(known);
            if (before is null && _partition.Registry.IsForgotten(known))
            {
                return Refused(SendStatus.Forgotten, $"{options.Key} lies below the numbers that are remembered of the producer; numbers go up", null);
            }

            if (before is not null && !StartsAs(body.Span, before.Batch))
            {
                return Refused(SendStatus.Conflict, $"another body was sent under {options.Key}", null);
            }
        }

        int taken = (int)(before?.Batch.EndPosition ?? 0);
        List<SentPiece> pieces = SentBody.Parse(body, taken, _pieceBytes, _zone, _work);
        List<Rejection> rejections = [.. pieces.SelectMany(static piece => piece.Rejections)];
        if (before is { Batch.Completed: true })
        {
            // Its first sending may have been given up before its fsync.
            SendOutcome? failed = await FlushAsync(cancellationToken).ConfigureAwait(false);
            return failed ?? new SendOutcome
            {
                Status = SendStatus.Repeated,
                Accepted = before.Batch.Accepted,
                Rejections = rejections,
                FirstOffset = before.FirstOffset,
                EndOffset = before.EndOffset,
            };
        }

        if (options.Strict && rejections.Count > 0)
        {
            return new SendOutcome { Status = SendStatus.Invalid, Rejections = rejections, Reason = $"{rejections.Count} records are no messages; nothing was stored" };
        }

        while (_partition.IsBehind)
        {
            TimeSpan left = options.WaitMax - _clock.GetElapsedTime(started);
            try
            {
                await _applies.RunAsync().WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _clock, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is TimeoutException or IOException or UnauthorizedAccessException)
            {
                return Refused(SendStatus.Busy, e is TimeoutException ? "the pipeline is behind: too many messages wait to be applied; try again" : $"the pipeline is behind, because its disk failed: {e.Message}", RetryAfter);
            }
        }

        return await AppendAsync(body, options, before, pieces, rejections, cancellationToken).ConfigureAwait(false);
    }

    private async Task<SendOutcome> AppendAsync(
        ReadOnlyMemory<byte> body, SendOptions options, BatchEntry? before, List<SentPiece> pieces, List<Rejection> rejections, CancellationToken cancellationToken)
    {
        long accepted = before?.Batch.Accepted ?? 0;
        long rejected = before?.Batch.Rejected ?? 0;
        uint crc = before?.Batch.PrefixCrc32C ?? 0;
        int taken = (int)(before?.Batch.EndPosition ?? 0);
        if (pieces.Count == 0)
        {
            pieces.Add(new SentPiece { Start = 0, End = 0, FirstRecord = 1, EndRecord = 1 });
        }

        AppendedFrame? first = null;
        AppendedFrame last = default;
        foreach (SentPiece piece in pieces)
        {
            if (before is not null && piece.Start < taken)
            {
                continue;
            }

            accepted += piece.Batch.Count;
            rejected += piece.Rejections.Count;
            Consumed consumed = Consumed.Nothing;
            if (options.Key is { } key)
            {
                crc = Crc32C.Append(crc, body.Span[piece.Start..piece.End]);
                consumed = new Consumed.ProducerBatch(key.Key, crc, piece.End, piece.EndRecord, accepted, rejected, piece.End == body.Length);
            }

            try
            {
                last = _partition.Accept(new FrameContent
                {
                    Rows = piece.Batch,
                    Consumed = consumed,
                    RejectedSource = options.Source,
                    Rejections = piece.Rejections,
                });
                first ??= last;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or LogClosedException)
            {
                // Of a body in several frames the ones before are there, and may be completed under its key. A write
                // that failed may have reached the disk all the same; a crash before the next one finds it there.
                return Refused(SendStatus.Unavailable, e.Message, RetryAfter) with { IsUnknown = first is not null || e is not LogClosedException };
            }
        }

        return await FlushAsync(cancellationToken).ConfigureAwait(false) ?? new SendOutcome
        {
            Status = SendStatus.Stored,
            Accepted = accepted,
            Rejections = rejections,
            FirstOffset = before?.FirstOffset ?? first?.Start.Offset ?? 0,
            EndOffset = last.End.Offset,
        };
    }

    // Null if what was appended before the call is durable.
    private async Task<SendOutcome?> FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _flushes.RunAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LogClosedException or ObjectDisposedException)
        {
            return Refused(SendStatus.Unavailable, e.Message, RetryAfter) with { IsUnknown = true };
        }
    }

    private static bool StartsAs(ReadOnlySpan<byte> body, Consumed.ProducerBatch batch) =>
        (batch.Completed ? batch.EndPosition == body.Length : batch.EndPosition < body.Length)
        && Crc32C.Of(body[..(int)batch.EndPosition]) == batch.PrefixCrc32C;

    private static SendOutcome Refused(SendStatus status, string reason, TimeSpan? retryAfter) =>
        new() { Status = status, Reason = reason, RetryAfter = retryAfter };
}
