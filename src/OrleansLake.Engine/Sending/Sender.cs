using System.Diagnostics;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Tracing;
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

    // Parsing more than this (half a millisecond) would hold up a caller that counts on getting its thread back.
    private const int ParsedAtOnceBytes = 256 * 1024;

    private readonly OwnedPartition _owned;
    private readonly LakeTimeZone _zone;
    private readonly ParallelWork _work;
    private readonly TimeProvider _clock;
    private readonly int _pieceBytes;
    private readonly ByteBudget _budget;
    private readonly SharedRun _flushes;
    private readonly SharedRun _applies;
    private readonly Lock _gate = new();
    private readonly HashSet<BatchKey> _inFlight = [];
    private readonly Lock _groupGate = new();
    private SentGroup? _group;

    internal Sender(OwnedPartition owned, LakeTimeZone zone, ParallelWork work, LakeOptions options)
    {
        _owned = owned;
        _zone = zone;
        _work = work;
        _clock = options.Clock;
        _pieceBytes = options.SendPieceBytes;
        _budget = new ByteBudget(options.SendBytesMax);
        _flushes = new SharedRun("lake flush", Flush);
        _applies = new SharedRun("lake apply", () =>
        {
            LakePartition partition = owned.Open();
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

            SendOutcome outcome;
            using Activity? span = LakeTracing.Start("lake.accept");
            try
            {
                outcome = await StoreAsync(body, options, started, cancellationToken).ConfigureAwait(false);
                span?.SetTag("lake.accept.outcome", outcome.Status.ToString()).SetTag("lake.accept.messages", outcome.Accepted)
                    .SetTag("lake.accept.rejected", outcome.Rejected).SetTag("lake.accept.bytes", body.Length).SetTag("lake.accept.end_offset", outcome.EndOffset);
            }
            catch (Exception e) when (e is LogClosedException or ObjectDisposedException)
            {
                span.Fail(e.Message);

                // Before anything was appended.
                return Refused(SendStatus.Unavailable, e.Message, _owned.RetryAfter);
            }
            finally
            {
                _budget.Release(body.Length);
            }

            return options.UntilApplied && outcome.IsAcknowledged ? await AppliedAsync(outcome, cancellationToken).ConfigureAwait(false) : outcome;
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
        LakeStatus status = _owned.Current.Status;
        if (offset > status.Accepted)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"the lake has accepted messages up to offset {status.Accepted} only");
        }

        if (offset > status.Durable)
        {
            await _flushes.RunAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        while (_owned.Current.AppliedOffset < offset)
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
        LakePartition partition = _owned.Current;
        if (partition.IsClosed || _owned.IsSuspended)
        {
            await _flushes.RunAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            partition = _owned.Current;
        }

        if (options.Key is null && !partition.IsBehind && TryJoin(body.Span, options, out int first, out int count) is { } group)
        {
            return await GroupedAsync(group, first, count, cancellationToken).ConfigureAwait(false);
        }

        BatchEntry? before = null;
        if (options.Key?.Key is { } key)
        {
            before = partition.Registry.BatchOf(key);
            if (before is null && partition.Registry.IsForgotten(key))
            {
                return Refused(SendStatus.Forgotten, $"{options.Key} lies below the numbers that are remembered of the producer; numbers go up", null);
            }

            if (before is not null && !StartsAs(body.Span, before.Batch))
            {
                return Refused(SendStatus.Conflict, $"another body was sent under {options.Key}", null);
            }
        }

        int taken = (int)(before?.Batch.EndPosition ?? 0);
        List<SentPiece> pieces = body.Length <= ParsedAtOnceBytes
            ? SentBody.Parse(body, taken, _pieceBytes, _zone, _work)
            : await Task.Run(() => SentBody.Parse(body, taken, _pieceBytes, _zone, _work), cancellationToken).ConfigureAwait(false);
        List<Rejection> rejections = [.. pieces.SelectMany(static piece => piece.Rejections)];
        if (before is { Batch.Completed: true })
        {
            return await RepeatAsync(partition, before, rejections, cancellationToken).ConfigureAwait(false);
        }

        if (options.Strict && rejections.Count > 0)
        {
            return new SendOutcome { Status = SendStatus.Invalid, Rejections = rejections, Reason = $"{rejections.Count} records are no messages; nothing was stored" };
        }

        if (options.AdmitDates is { } admit && SentDates.Of(pieces, _zone) is { Count: > 0 } dates && admit(dates) is { } refusal)
        {
            return refusal;
        }

        while (partition.IsBehind && !partition.IsClosed)
        {
            TimeSpan left = options.WaitMax - _clock.GetElapsedTime(started);
            try
            {
                await _applies.RunAsync().WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _clock, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return Refused(SendStatus.Busy, "the pipeline is behind: too many messages wait to be applied; try again", RetryAfter);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return Refused(SendStatus.Unavailable, $"what was accepted cannot be published, and no more fits in memory: {e.Message}", RetryAfter);
            }
        }

        return await AppendAsync(partition, body, options, before, pieces, rejections, cancellationToken).ConfigureAwait(false);
    }

    // Null if the body is not one that shares a frame with others.
    private SentGroup? TryJoin(ReadOnlySpan<byte> body, SendOptions options, out int first, out int count)
    {
        first = count = 0;
        if (SmallBody.TryParse(body, _zone) is not { } small)
        {
            return null;
        }

        SentGroup? group = null;
        bool isNew = false;
        count = small.Messages.Count;
        if (options.AdmitDates is not { } admit || admit(SentDates.Of(small.Messages, _zone)) is null)
        {
            lock (_groupGate)
            {
                isNew = _group is null;
                if (isNew || _group!.Bytes + body.Length <= _pieceBytes)
                {
                    group = _group ??= new SentGroup();
                    first = group.Add(small.Messages, body.Length);
                }
            }
        }

        small.Return();
        if (isNew && group is not null)
        {
            AskToFlush(group);
        }

        return group;
    }

    private void AskToFlush(SentGroup group)
    {
        try
        {
            _ = _flushes.RunAsync();
        }
        catch (ObjectDisposedException e)
        {
            lock (_groupGate)
            {
                _group = _group == group ? null : _group;
            }

            group.Fail(e);
        }
    }

    private async Task<SendOutcome> GroupedAsync(SentGroup group, int first, int count, CancellationToken cancellationToken)
    {
        string? failure = await FlushedAsync(group.Flushed, cancellationToken).ConfigureAwait(false);
        failure ??= group.Failure?.Message;
        if (failure is null && group.Partition!.IsAcknowledged(group.Frame.End))
        {
            long offset = group.Frame.Start.Offset + first;
            return new SendOutcome { Status = SendStatus.Stored, Accepted = count, FirstOffset = offset, EndOffset = offset + count };
        }

        bool isNothingStored = group.Partition is { } partition ? partition.Survived <= group.Frame.Start : group.Failure is not FrameWriteException;
        return NotStored(failure, isNothingStored);
    }

    // Its first sending may have been given up before its fsync, which then may have failed.
    private async Task<SendOutcome> RepeatAsync(
        LakePartition partition, BatchEntry before, List<Rejection> rejections, CancellationToken cancellationToken)
    {
        string? failure = await FlushAsync(cancellationToken).ConfigureAwait(false);
        return failure is null && _owned.Current.Registry.BatchOf(before.Batch.Key) == before
            ? new SendOutcome
            {
                Status = SendStatus.Repeated,
                Accepted = before.Batch.Accepted,
                Rejections = rejections,
                FirstOffset = before.FirstOffset,
                EndOffset = before.EndOffset,
            }
            : Refused(SendStatus.Unavailable, failure ?? "the disk failed; try again", _owned.RetryAfter) with { IsUnknown = partition.Survived is null };
    }

    private async Task<SendOutcome> AppendAsync(
        LakePartition partition, ReadOnlyMemory<byte> body, SendOptions options, BatchEntry? before, List<SentPiece> pieces,
        List<Rejection> rejections, CancellationToken cancellationToken)
    {
        long accepted = before?.Batch.Accepted ?? 0;
        long rejected = before?.Batch.Rejected ?? 0;
        uint crc = before?.Batch.PrefixCrc32C ?? 0;
        long taken = before?.Batch.EndPosition ?? 0;
        if (pieces.Count == 0)
        {
            pieces.Add(new SentPiece { Start = 0, End = 0, FirstRecord = 1, EndRecord = 1 });
        }

        AppendedFrame? first = null;
        AppendedFrame last = default;
        string? failure = null;
        bool mayBeStored = false;
        foreach (SentPiece piece in pieces.Where(piece => before is null || piece.Start >= taken))
        {
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
                last = partition.Accept(new FrameContent
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
                mayBeStored = e is FrameWriteException;
                failure = e.Message;
                break;
            }
        }

        failure ??= await FlushAsync(cancellationToken).ConfigureAwait(false);

        // Asked of the partition that was appended to: another one may have been flushed.
        if (failure is null && partition.IsAcknowledged(last.End))
        {
            return new SendOutcome
            {
                Status = SendStatus.Stored,
                Accepted = accepted,
                Rejections = rejections,
                FirstOffset = before?.FirstOffset ?? first!.Value.Start.Offset,
                EndOffset = last.End.Offset,
            };
        }

        // Of a body in several frames the first may be there; under its key it is completed.
        bool isNothingStored = !mayBeStored && (first is null || partition.Survived <= first.Value.Start);
        return NotStored(failure, isNothingStored);
    }

    private SendOutcome NotStored(string? failure, bool isNothingStored) =>
        Refused(SendStatus.Unavailable, failure ?? "the disk failed, and nothing was stored; try again", _owned.RetryAfter) with { IsUnknown = !isNothingStored };

    // Null if what was appended before the call is durable, unless the partition was replaced; else why not.
    private Task<string?> FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            return FlushedAsync(_flushes.RunAsync(), cancellationToken);
        }
        catch (ObjectDisposedException e)
        {
            return Task.FromResult<string?>(e.Message);
        }
    }

    private static async Task<string?> FlushedAsync(Task flush, CancellationToken cancellationToken)
    {
        // What this request waits for an fsync that others wait for as well.
        using Activity? span = LakeTracing.Start("lake.fsync");
        try
        {
            await flush.WaitAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LogClosedException or ObjectDisposedException)
        {
            span.Fail(e.Message);
            return e.Message;
        }
    }

    // On the thread that flushes: one caller at a time opens the partition again.
    private void Flush()
    {
        SentGroup? group;
        lock (_groupGate)
        {
            group = _group;
            _group = null;
        }

        try
        {
            LakePartition partition = _owned.Open();
            group?.AppendTo(partition);
            try
            {
                partition.FlushOnly();
            }
            catch (LogClosedException)
            {
                _owned.Open();
            }
        }
        catch (Exception e)
        {
            group?.Fail(e);
            throw;
        }

        group?.Complete();
    }

    private async Task<SendOutcome> AppliedAsync(SendOutcome outcome, CancellationToken cancellationToken)
    {
        try
        {
            await WaitAppliedAsync(outcome.EndOffset, cancellationToken).ConfigureAwait(false);
            return outcome with { IsApplied = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LogClosedException or ObjectDisposedException)
        {
            // It is durable all the same.
            return outcome;
        }
    }

    private static bool StartsAs(ReadOnlySpan<byte> body, Consumed.ProducerBatch batch) =>
        (batch.Completed ? batch.EndPosition == body.Length : batch.EndPosition < body.Length)
        && Crc32C.Of(body[..(int)batch.EndPosition]) == batch.PrefixCrc32C;

    private static SendOutcome Refused(SendStatus status, string reason, TimeSpan? retryAfter) =>
        new() { Status = status, Reason = reason, RetryAfter = retryAfter };
}
