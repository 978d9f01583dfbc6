using OrleansLake.Engine.Partitions;
using OrleansLake.Grains.Cluster;
using OrleansLake.Storage;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Registries;

namespace OrleansLake.Grains.Partitions;

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
    internal async Task<AppendReceipt> AppendAsync(FrameEnvelope frame, CancellationToken cancellationToken)
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

            AppendReceipt receipt = await Task.Run(() => Append(frame.Content, frame.After), cancellationToken);
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
    /// <param name="content">The frame.</param>
    /// <param name="after">See <see cref="FrameEnvelope.After"/>.</param>
    internal AppendReceipt Append(FrameContent content, long after = 0)
    {
        // As the log has it, and not without its time: it is read from the tail as well.
        content = partition.Dated(content);
        lock (_appendGate)
        {
            // What is known may still wait for its fsync; the caller waits for that as well.
            if (content.SourceProgress is SourceProgress.TopicProgress topic
                && OutcomeOf(content, topic, partition.Registry.ProgressOf(topic.Topic, topic.Partition), after) is var found and not AppendOutcome.Stored)
            {
                return new AppendReceipt(0, 0, found, partition.Generation);
            }

            if (content.SourceProgress is SourceProgress.ProducerBatch batch)
            {
                BatchEntry? known = partition.Registry.BatchOf(batch.Key);
                AppendOutcome outcome = known is not null ? OutcomeOf(batch, known.Batch, after)
                    : partition.Registry.IsForgotten(batch.Key) ? AppendOutcome.Forgotten : AppendOutcome.Stored;
                if (outcome != AppendOutcome.Stored)
                {
                    return new AppendReceipt(known?.FirstOffset ?? 0, known?.EndOffset ?? 0, outcome, partition.Generation);
                }
            }

            AppendedFrame frame = partition.Accept(content);
            Volatile.Write(ref _endOffset, frame.End.Offset);
            Tail.Add(new BronzeFrame(frame.Start.Sequence, frame.Start.Offset, content));
            return new AppendReceipt(frame.Start.Offset, frame.End.Offset, AppendOutcome.Stored, partition.Generation);
        }
    }

    /// <summary>Returns whether a batch was appended to its end; it may still wait for its fsync.</summary>
    internal bool IsStored(BatchKey key, uint crc32C, long length) =>
        partition.Registry.BatchOf(key) is { Batch: { Completed: true } batch } && batch.PrefixCrc32C == crc32C && batch.EndPosition == length;

    /// <summary>Returns what is durable of a topic's partition; null if nothing is.</summary>
    internal async Task<SourceProgress.TopicProgress?> TopicAsync(string topic, int number)
    {
        SourceProgress.TopicProgress? progress = partition.Registry.ProgressOf(topic, number);
        await (progress is null ? Task.CompletedTask : _flush.FlushAsync());
        return progress;
    }

    /// <summary>Returns what is durable of all topics.</summary>
    internal async Task<SourceProgress.TopicProgress[]> TopicsAsync()
    {
        SourceProgress.TopicProgress[] topics = [.. partition.Registry.Topics];
        await (topics.Length == 0 ? Task.CompletedTask : _flush.FlushAsync());
        return topics;
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

    // A sender that knows less than was stored meanwhile stores nothing: it is to look again.
    private static AppendOutcome OutcomeOf(FrameContent content, SourceProgress.TopicProgress topic, SourceProgress.TopicProgress? known, long after) =>
        known?.NextOffset >= topic.NextOffset && !SaysMore(content, topic, known) ? AppendOutcome.Repeated
        : (known?.NextOffset ?? 0) == after ? AppendOutcome.Stored : AppendOutcome.PieceConflict;

    // A position alone, of which this partition has all records, and now learns that the others have theirs.
    private static bool SaysMore(FrameContent content, SourceProgress.TopicProgress topic, SourceProgress.TopicProgress known) =>
        content is { Rows: null, Rejections.Count: 0 } && topic.CompleteOffset > known.CompleteOffset;

    // Of a frame that ends before what is known, the one that ends there tells whether it is the same.
    private static AppendOutcome OutcomeOf(SourceProgress.ProducerBatch batch, SourceProgress.ProducerBatch known, long after)
    {
        bool isSame = batch.EndPosition < known.EndPosition ? !batch.Completed
            : batch.EndPosition == known.EndPosition && batch.PrefixCrc32C == known.PrefixCrc32C && batch.Completed == known.Completed;
        return isSame ? AppendOutcome.Repeated
            : !known.Completed && after == known.EndPosition ? AppendOutcome.Stored
            : after > 0 ? AppendOutcome.PieceConflict : AppendOutcome.Conflict;
    }
}
