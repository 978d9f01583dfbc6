using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Engine.Mappings;
using OrleansLake.Engine.Partitions;

namespace OrleansLake.Engine.Sending;

/// <summary>
/// Stores the records of topics' partitions, each once: a frame has rows and the offset behind them together, so that a lake's
/// partition knows which records it has, whatever was cut off in the middle.
/// </summary>
/// <remarks>
/// A batch's rows belong to several of the lake's partitions, which store them each by itself. After a crash the topic is read again from the
/// offset before which all of them had all, which the frames say too, and each leaves out what it has. One batch at a time of each of a topic's
/// partitions, in the order of their offsets.
/// </remarks>
internal sealed class TopicSender(PartitionSenders senders, SendPlanner planner, ByteBudget budget, TimeProvider clock)
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly HashSet<(string Topic, int Partition)> _inFlight = [];

    // What was stored since the lake was opened, and frames may not say yet.
    private readonly Dictionary<(string Topic, int Partition), long> _complete = [];

    /// <summary>Returns the positions of the topics' partitions: the offsets from which to read them.</summary>
    internal IReadOnlyDictionary<(string Topic, int Partition), long> Positions()
    {
        Dictionary<(string, int), long> positions = TopicPositions.Of([.. Enumerable.Range(0, senders.Count).Select(i => senders[i].Current.Registry)]);
        lock (_gate)
        {
            foreach (((string, int) key, long complete) in _complete)
            {
                positions[key] = Math.Max(positions.GetValueOrDefault(key), complete);
            }
        }

        return positions;
    }

    /// <summary>Stores records, and ends when they are durable.</summary>
    /// <exception cref="InvalidOperationException">Another batch of the same partition is being stored.</exception>
    internal async Task<SendOutcome> SendAsync(TopicBatch batch, CancellationToken cancellationToken)
    {
        (string, int) key = (batch.Topic, batch.Partition);
        lock (_gate)
        {
            if (!_inFlight.Add(key))
            {
                throw new InvalidOperationException($"Partition {batch.Partition} of {batch.Topic} is sent twice at a time: its batches are stored one after the other.");
            }
        }

        long bytes = batch.Records.Sum(static record => (long)record.Value.Length);
        try
        {
            if (!await budget.TryTakeAsync(bytes, WaitMax, clock, cancellationToken).ConfigureAwait(false))
            {
                return SendOutcome.Refused(SendStatus.Busy, "the disk is behind: too much waits to be durable; try again", SendOutcome.UsualRetryAfter);
            }

            try
            {
                return await StoreAsync(batch, key, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is LogClosedException or ObjectDisposedException or OwnershipLostException or LakeNotFoundException)
            {
                return SendOutcome.Refused(SendStatus.Unavailable, e.Message, senders.RetryAfter);
            }
            finally
            {
                budget.Release(bytes);
            }
        }
        finally
        {
            lock (_gate)
            {
                _inFlight.Remove(key);
            }
        }
    }

    private async Task<SendOutcome> StoreAsync(TopicBatch batch, (string, int) key, CancellationToken cancellationToken)
    {
        LakePartition[] partitions = await senders.OpenAsync(cancellationToken).ConfigureAwait(false);
        SourceProgress.TopicProgress?[] before = [.. partitions.Select(partition => partition.Registry.ProgressOf(batch.Topic, batch.Partition))];
        if (planner.Read(batch, before.Select(static progress => progress?.NextOffset ?? 0), out List<TopicPiece> pieces, out bool isMapped) is { } refused)
        {
            return refused;
        }

        long complete;
        lock (_gate)
        {
            complete = Math.Max(_complete.GetValueOrDefault(key), before.Max(static progress => progress?.CompleteOffset ?? 0));
        }

        List<FrameContent>[] frames = [.. before.Select(static _ => new List<FrameContent>())];
        foreach (TopicPiece piece in pieces)
        {
            Divide(piece, batch, complete, before, frames);
        }

        if (batch.Records.Count == 0)
        {
            int home = FramePartitioner.HomeOf(batch.Topic, frames.Length);
            long next = Math.Max(before[home]?.NextOffset ?? 0, batch.NextOffset);
            frames[home].Add(new FrameContent { SourceProgress = new SourceProgress.TopicProgress(batch.Topic, batch.Partition, next, batch.NextOffset) });
        }

        if (await senders.WaitForCapacityAsync(partitions, frames, WaitMax, cancellationToken).ConfigureAwait(false) is { } busy)
        {
            return busy;
        }

        var parts = new Task<StoredPart>?[partitions.Length];
        for (int i = 0; i < partitions.Length; i++)
        {
            parts[i] = frames[i].Count > 0 ? senders[i].AppendAsync(partitions[i], frames[i], null, cancellationToken)
                : before[i] is { } progress ? senders[i].RepeatAsync(partitions[i], progress, cancellationToken) : null;
        }

        SendOutcome outcome = await senders.OutcomeAsync(SendStatus.Stored, pieces.Sum(static piece => (long)piece.Batch.Count), [.. pieces.SelectMany(static piece => piece.Rejections)], parts).ConfigureAwait(false);
        if (!outcome.IsAcknowledged)
        {
            return outcome;
        }

        lock (_gate)
        {
            _complete[key] = Math.Max(complete, batch.NextOffset);
        }

        Dictionary<string, long>? leftOut = null;
        pieces.ForEach(piece => LeftOutFields.Add(ref leftOut, piece.LeftOut));
        return outcome with { IsMapped = isMapped, LeftOut = leftOut };
    }

    private static void Divide(TopicPiece piece, TopicBatch batch, long complete, SourceProgress.TopicProgress?[] before, List<FrameContent>[] frames)
    {
        FramePart[] parts = FramePartitioner.Divide(piece.Batch, piece.Rejections, frames.Length);
        for (int i = 0; i < parts.Length; i++)
        {
            if (!parts[i].IsEmpty && !(before[i]?.NextOffset > piece.LastOffset))
            {
                frames[i].Add(new FrameContent
                {
                    Rows = parts[i].Rows,
                    SourceProgress = new SourceProgress.TopicProgress(batch.Topic, batch.Partition, piece.EndOffset, complete),
                    RejectedSource = batch.Name,
                    Rejections = LakeMappings.Named(parts[i].Rejections, batch.Mapping),
                });
            }
        }
    }
}
