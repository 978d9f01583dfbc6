using OrleansLake.Engine.Partitions;
using OrleansLake.Storage;

namespace OrleansLake.Grains;

/// <summary>The appends to a partition's log, where many send at once: they share fsyncs, and wait where too much is unapplied.</summary>
internal sealed class PartitionAppends(LakePartition partition, PartitionRunnerOptions options, AppliedProgress applied)
{
    private readonly GroupFlush _flush = new(partition.Flush);
    private readonly Lock _appendGate = new();
    private TaskCompletionSource? _drained;
    private long _appending;
    private long _endOffset = partition.Durable.Offset;

    /// <summary>Gets the newest frames.</summary>
    internal FrameTail Tail { get; } = new();

    /// <summary>Appends a frame; it is durable when the task ends.</summary>
    /// <exception cref="LakeBusyException">Too much waits to be applied: nothing was stored.</exception>
    /// <exception cref="OwnershipLostException">There is a later owner. It may or may not be stored: ask that one.</exception>
    internal async Task<AppendReceipt> AppendAsync(FrameContent content, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _appending);
        try
        {
            // Of the log's end as it is now: what others append meanwhile they have waited for themselves.
            long mustBeApplied = Volatile.Read(ref _endOffset) - options.UnappliedRowsMax;
            if (!await applied.WaitAsync(mustBeApplied, options.BusyAfter, cancellationToken))
            {
                throw new LakeBusyException($"more than {options.UnappliedRowsMax} messages wait to be applied: send the same again after a moment");
            }

            AppendReceipt receipt = await Task.Run(() => Append(content), cancellationToken);
            await _flush.FlushAsync();
            return receipt;
        }
        finally
        {
            if (Interlocked.Decrement(ref _appending) == 0)
            {
                Interlocked.Exchange(ref _drained, null)?.TrySetResult();
            }
        }
    }

    /// <summary>Appends a frame, which is durable after the next flush.</summary>
    internal AppendReceipt Append(FrameContent content)
    {
        lock (_appendGate)
        {
            if (content.Consumed is Consumed.ProducerBatch batch)
            {
                if (partition.Registry.BatchOf(batch.Key) is { } known)
                {
                    // What is known may still wait for its fsync; the caller waits for that as well.
                    bool isSame = known.Batch.PrefixCrc32C == batch.PrefixCrc32C && known.Batch.EndPosition == batch.EndPosition;
                    return new AppendReceipt(known.FirstOffset, known.EndOffset, isSame ? AppendOutcome.Repeated : AppendOutcome.Conflict, partition.Generation);
                }

                if (partition.Registry.IsForgotten(batch.Key))
                {
                    return new AppendReceipt(0, 0, AppendOutcome.Forgotten, partition.Generation);
                }
            }

            AppendedFrame frame = partition.Accept(content);
            Volatile.Write(ref _endOffset, frame.End.Offset);
            Tail.Add(new BronzeFrame(frame.Start.Sequence, frame.Start.Offset, content));
            return new AppendReceipt(frame.Start.Offset, frame.End.Offset, AppendOutcome.Stored, partition.Generation);
        }
    }

    /// <summary>Ends when the appends under way have ended.</summary>
    internal async Task DrainedAsync()
    {
        var own = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource drained = Interlocked.CompareExchange(ref _drained, own, null) ?? own;
        if (Interlocked.Read(ref _appending) > 0)
        {
            await drained.Task;
        }
    }
}
