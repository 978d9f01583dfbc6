using System.Diagnostics;
using OrleansLake.Core.Messages;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Tracing;

namespace OrleansLake.Engine.Sending;

/// <summary>
/// Sends to one partition: frames are appended, small bodies' messages as one frame of many, and wait without a thread
/// for an fsync that they share with all others that wait.
/// </summary>
internal sealed class PartitionSender : IDisposable
{
    private readonly OwnedPartition _owned;
    private readonly TimeProvider _clock;
    private readonly int _groupBytes;
    private readonly CoalescingWorker _flushes;
    private readonly CoalescingWorker _applies;
    private readonly Lock _groupGate = new();
    private SentGroup? _group;

    /// <param name="owned">The partition.</param>
    /// <param name="groupBytes">Bytes of the small bodies that one frame takes.</param>
    /// <param name="clock">The clock.</param>
    internal PartitionSender(OwnedPartition owned, int groupBytes, TimeProvider clock)
    {
        _owned = owned;
        _clock = clock;
        _groupBytes = groupBytes;
        _flushes = new CoalescingWorker("lake flush", Flush);
        _applies = new CoalescingWorker("lake apply", () =>
        {
            LakePartition partition = owned.Open();
            partition.StartApplying(CancellationToken.None);
            partition.ApplyDurable();
        });
    }

    /// <summary>Gets the partition as it is open now.</summary>
    internal LakePartition Current => _owned.Current;

    /// <summary>Gets the time at which to try again where the partition is closed.</summary>
    internal TimeSpan RetryAfter => _owned.RetryAfter;

    /// <summary>Returns the partition, opened again if its log has closed.</summary>
    /// <exception cref="LogClosedException">It cannot be opened now.</exception>
    internal ValueTask<LakePartition> OpenAsync(CancellationToken cancellationToken)
    {
        LakePartition partition = _owned.Current;
        return partition.IsClosed || _owned.IsSuspended ? OpenAgainAsync(cancellationToken) : ValueTask.FromResult(partition);

        async ValueTask<LakePartition> OpenAgainAsync(CancellationToken cancellation)
        {
            await _flushes.RunAsync().WaitAsync(cancellation).ConfigureAwait(false);
            return _owned.Current;
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

    /// <summary>Applies what waits, while that is too much.</summary>
    /// <exception cref="TimeoutException">It still is after a while.</exception>
    internal async Task WaitForCapacityAsync(LakePartition partition, TimeSpan max, CancellationToken cancellationToken)
    {
        long started = _clock.GetTimestamp();
        while (partition.IsBehind && !partition.IsClosed)
        {
            TimeSpan left = max - _clock.GetElapsedTime(started);
            await _applies.RunAsync().WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Stores messages of a small body in a frame that they share with others, or null if they do not fit into it. The
    /// messages are copied before it returns.
    /// </summary>
    internal Task<StoredPart>? TryJoin(MessageBatch messages, int bytes, CancellationToken cancellationToken)
    {
        SentGroup group;
        bool isNew;
        int first;
        lock (_groupGate)
        {
            isNew = _group is null;
            if (!isNew && _group!.Bytes + bytes > _groupBytes)
            {
                return null;
            }

            group = _group ??= new SentGroup();
            first = group.Add(messages, bytes);
        }

        if (isNew)
        {
            RequestFlush(group);
        }

        return GroupedAsync(group, first, messages.Count, cancellationToken);
    }

    /// <summary>Appends frames one after the other and ends when they are durable, or it is known that they are not.</summary>
    /// <param name="partition">Where to: as it was open when it was looked at.</param>
    /// <param name="frames">The frames, one at least.</param>
    /// <param name="before">What of the same was stored before.</param>
    /// <param name="cancellationToken">Gives up waiting; what was appended stays.</param>
    internal async Task<StoredPart> AppendAsync(LakePartition partition, IReadOnlyList<FrameContent> frames, BatchEntry? before, CancellationToken cancellationToken)
    {
        AppendedFrame? first = null;
        AppendedFrame last = default;
        string? failure = null;
        bool mayBeStored = false;
        foreach (FrameContent frame in frames)
        {
            try
            {
                last = partition.Accept(frame);
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
            return StoredPart.At(before?.FirstOffset ?? first!.Value.Start.Offset, last.End.Offset);
        }

        // Of a body in several frames the first may be there; under its key it is completed.
        return StoredPart.Not(failure, isNothingStored: !mayBeStored && (first is null || partition.DurableEndAfterReopen <= first.Value.Start));
    }

    /// <summary>Ends when what was stored before is durable: its first sending may have been given up before its fsync, which then may have failed.</summary>
    internal async Task<StoredPart> RepeatAsync(LakePartition partition, BatchEntry before, CancellationToken cancellationToken)
    {
        string? failure = await FlushAsync(cancellationToken).ConfigureAwait(false);
        return failure is null && _owned.Current.Registry.BatchOf(before.Batch.Key) == before
            ? StoredPart.At(before.FirstOffset, before.EndOffset)
            : StoredPart.Not(failure, isNothingStored: partition.DurableEndAfterReopen is not null);
    }

    /// <summary>Ends when records of a topic that were stored before are durable; see <see cref="RepeatAsync(LakePartition, BatchEntry, CancellationToken)"/>.</summary>
    internal async Task<StoredPart> RepeatAsync(LakePartition partition, SourceProgress.TopicProgress before, CancellationToken cancellationToken)
    {
        string? failure = await FlushAsync(cancellationToken).ConfigureAwait(false);
        return failure is null && _owned.Current.Registry.ProgressOf(before.Topic, before.Partition)?.NextOffset >= before.NextOffset
            ? StoredPart.At(0, 0)
            : StoredPart.Not(failure, isNothingStored: partition.DurableEndAfterReopen is not null);
    }

    /// <summary>Serves those who wait.</summary>
    public void Dispose()
    {
        _flushes.Dispose();
        _applies.Dispose();
    }

    private void RequestFlush(SentGroup group)
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

    private static async Task<StoredPart> GroupedAsync(SentGroup group, int first, int count, CancellationToken cancellationToken)
    {
        string? failure = await FlushedAsync(group.Flushed, cancellationToken).ConfigureAwait(false);
        failure ??= group.Failure?.Message;
        if (failure is null && group.Partition!.IsAcknowledged(group.Frame.End))
        {
            long offset = group.Frame.Start.Offset + first;
            return StoredPart.At(offset, offset + count);
        }

        return StoredPart.Not(failure, group.Partition is { } partition ? partition.DurableEndAfterReopen <= group.Frame.Start : group.Failure is not FrameWriteException);
    }

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
}
