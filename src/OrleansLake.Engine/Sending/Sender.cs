using System.Collections.Immutable;
using System.Diagnostics;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Mappings;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Tracing;

namespace OrleansLake.Engine.Sending;

/// <summary>
/// Takes bodies from many callers at once into a lake's partitions: each is parsed by its caller's thread, divided, appended,
/// and waits for its fsyncs.
/// </summary>
/// <remarks>
/// What bounds the memory: the bytes of bodies between their arrival and their fsync are at most
/// <see cref="LakeOptions.SendBytesMax"/> (their columns and frames are about twice that again), and no body is
/// appended while a partition that it is for <see cref="LakePartition.IsBehind"/>.
/// </remarks>
internal sealed class Sender : IDisposable
{
    // Parsing more than this (half a millisecond) would hold up a caller that counts on getting its thread back.
    private const int ParsedAtOnceBytes = 256 * 1024;

    private readonly PartitionSenders _partitions;
    private readonly SendPlanner _planner;
    private readonly LakeTimeZone _zone;
    private readonly IdTypes _ids;
    private readonly TimeProvider _clock;
    private readonly ByteBudget _budget;
    private readonly KeysInFlight _inFlight = new();

    internal Sender(OwnedPartitions owned, LakeTimeZone zone, LakeMappings mappings, ParallelWork work, LakeOptions options)
    {
        _partitions = new PartitionSenders(owned, options);
        _planner = new SendPlanner(zone, mappings, options.Clock, work, _partitions.Count, options.SendPieceBytes, options.Keep ?? KeptFields.None, options.Ids);
        _zone = zone;
        _ids = options.Ids;
        _clock = options.Clock;
        _budget = new ByteBudget(options.SendBytesMax);
        Topics = new TopicSender(_partitions, _planner, _budget, options.Clock);
    }

    /// <summary>Gets what stores the records of topics.</summary>
    internal TopicSender Topics { get; }

    internal async Task<SendOutcome> SendAsync(ReadOnlyMemory<byte> body, SendOptions options, CancellationToken cancellationToken)
    {
        if (_inFlight.TryBegin(options.Key) is { } inFlight)
        {
            return inFlight;
        }

        try
        {
            long started = _clock.GetTimestamp();
            if (!await _budget.TryTakeAsync(body.Length, options.WaitMax, _clock, cancellationToken).ConfigureAwait(false))
            {
                return SendOutcome.Refused(SendStatus.Busy, "the disk is behind: too much waits to be durable; try again", SendOutcome.UsualRetryAfter);
            }

            SendOutcome outcome;
            using Activity? span = LakeTracing.Start("lake.accept");
            try
            {
                outcome = await StoreAsync(body, options, started, cancellationToken).ConfigureAwait(false);
                span?.SetTag("lake.accept.outcome", outcome.Status.ToString()).SetTag("lake.accept.messages", outcome.Accepted)
                    .SetTag("lake.accept.rejected", outcome.Rejected).SetTag("lake.accept.bytes", body.Length).SetTag("lake.accept.end_offset", outcome.EndOffset);
            }
            catch (Exception e) when (e is LogClosedException or ObjectDisposedException or OwnershipLostException or LakeNotFoundException)
            {
                span.Fail(e.Message);

                // Before anything was appended; but who has lost the lake may have appended what the next owner finds.
                return SendOutcome.Refused(SendStatus.Unavailable, e.Message, _partitions.RetryAfter) with { IsUnknown = e is OwnershipLostException or LakeNotFoundException };
            }
            finally
            {
                _budget.Release(body.Length);
            }

            return options.UntilApplied && outcome.IsAcknowledged ? await AppliedAsync(outcome, cancellationToken).ConfigureAwait(false) : outcome;
        }
        finally
        {
            _inFlight.End(options.Key);
        }
    }

    /// <summary>Ends when live reports show every message before an offset of each partition.</summary>
    internal Task WaitAppliedAsync(ImmutableArray<long> offsets, CancellationToken cancellationToken)
    {
        if (offsets.Length != _partitions.Count)
        {
            throw new ArgumentException($"the lake has {_partitions.Count} partitions, and offsets are of {offsets.Length}", nameof(offsets));
        }

        return Task.WhenAll(offsets.Select((offset, i) => _partitions[i].WaitAppliedAsync(offset, cancellationToken)));
    }

    /// <summary>Serves those who wait.</summary>
    public void Dispose() => _partitions.Dispose();

    private async Task<SendOutcome> StoreAsync(ReadOnlyMemory<byte> body, SendOptions options, long started, CancellationToken cancellationToken)
    {
        LakePartition[] partitions = await _partitions.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (options is { Key: null, Refusal: null } && _planner.IsPlain(options) && !Array.Exists(partitions, static partition => partition.IsBehind)
            && TryJoin(body, options, partitions, out int count, out IReadOnlyDictionary<string, long>? leftOut, cancellationToken) is { } joined)
        {
            return await _partitions.OutcomeAsync(SendStatus.Stored, count, [], joined).ConfigureAwait(false) with { LeftOut = leftOut };
        }

        KnownBatches known = KnownBatches.Of(partitions, options.Key);
        SendPlan plan = body.Length <= ParsedAtOnceBytes ? _planner.Plan(body, options, known)
            : await Task.Run(() => _planner.Plan(body, options, known), cancellationToken).ConfigureAwait(false);
        if (plan.Refusal is { } refusal)
        {
            return refusal;
        }

        if (await _partitions.WaitForCapacityAsync(partitions, plan.Frames, options.WaitMax - _clock.GetElapsedTime(started), cancellationToken).ConfigureAwait(false) is { } busy)
        {
            return busy;
        }

        var parts = new Task<StoredPart>?[partitions.Length];
        for (int i = 0; i < partitions.Length; i++)
        {
            BatchEntry? before = known.Entries[i];
            parts[i] = plan.Frames[i].Count > 0 ? _partitions[i].AppendAsync(partitions[i], plan.Frames[i], before, cancellationToken)
                : before is not null ? _partitions[i].RepeatAsync(partitions[i], before, cancellationToken) : null;
        }

        return await _partitions.OutcomeAsync(plan.IsRepeat ? SendStatus.Repeated : SendStatus.Stored, plan.Accepted, plan.Rejections, parts).ConfigureAwait(false) with { IsMapped = plan.IsMapped, MissingColumns = plan.MissingColumns, LeftOut = plan.LeftOut };
    }

    // Null if the body is not one that shares a frame with others. A part that does not fit into a frame has one of its own.
    private Task<StoredPart>?[]? TryJoin(ReadOnlyMemory<byte> body, SendOptions options, LakePartition[] partitions, out int count, out IReadOnlyDictionary<string, long>? leftOut, CancellationToken cancellationToken)
    {
        count = 0;
        leftOut = null;
        if (SmallBody.TryParse(body.Span, _zone, _ids) is not { } small)
        {
            return null;
        }

        try
        {
            count = small.Messages.Count;
            leftOut = small.LeftOut;
            if (options.AdmitDates is { } admit && admit(SentDates.Of(small.Messages, _zone)) is not null)
            {
                return null;
            }

            if (partitions.Length == 1)
            {
                return _partitions[0].TryJoin(small.Messages, body.Length, cancellationToken) is { } joined ? [joined] : null;
            }

            MessageBatch?[] rows = PartitionedMessages.Split(small.Messages, partitions.Length);
            return [.. rows.Select((part, i) => part is null ? null
                : _partitions[i].TryJoin(part, (int)((long)body.Length * part.Count / small.Messages.Count), cancellationToken)
                    ?? _partitions[i].AppendAsync(partitions[i], [new FrameContent { Rows = part }], null, cancellationToken))];
        }
        finally
        {
            small.Return();
        }
    }

    private async Task<SendOutcome> AppliedAsync(SendOutcome outcome, CancellationToken cancellationToken)
    {
        try
        {
            await WaitAppliedAsync(outcome.EndOffsets, cancellationToken).ConfigureAwait(false);
            return outcome with { IsApplied = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LogClosedException or ObjectDisposedException)
        {
            // It is durable all the same.
            return outcome;
        }
    }
}
