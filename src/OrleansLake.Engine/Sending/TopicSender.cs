using OrleansLake.Core.Messages;
using OrleansLake.Engine.Partitions;

namespace OrleansLake.Engine.Sending;

/// <summary>Stores the records of topics' partitions, each once, as <see cref="TopicPlan"/> says.</summary>
/// <remarks>
/// After a crash the topic is read again from the offset before which all of the lake's partitions had all, which the frames say too, and each
/// leaves out what it has. One batch at a time of each of a topic's partitions, in the order of their offsets.
/// </remarks>
internal sealed class TopicSender(PartitionSenders senders, SendPlanner planner, ByteBudget budget, TimeProvider clock)
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly HashSet<(string Topic, int Partition)> _inFlight = [];
    private readonly StoredTopics _stored = new();

    /// <summary>Returns the positions of the topics' partitions: the offsets from which to read them.</summary>
    internal IReadOnlyDictionary<(string Topic, int Partition), long> Positions() =>
        _stored.Positions([.. Enumerable.Range(0, senders.Count).Select(i => senders[i].Current.Registry.Topics)]);

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
                return await StoreAsync(batch, cancellationToken).ConfigureAwait(false);
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

    private async Task<SendOutcome> StoreAsync(TopicBatch batch, CancellationToken cancellationToken)
    {
        LakePartition[] partitions = await senders.OpenAsync(cancellationToken).ConfigureAwait(false);
        SourceProgress.TopicProgress?[] before = [.. partitions.Select(partition => partition.Registry.ProgressOf(batch.Topic, batch.Partition))];
        TopicPlan plan = planner.Plan(batch, before, _stored.CompleteOf(batch.Topic, batch.Partition));
        if ((plan.Refusal ?? await senders.WaitForCapacityAsync(partitions, plan.Frames, WaitMax, cancellationToken).ConfigureAwait(false)) is { } refused)
        {
            return refused;
        }

        var parts = new Task<StoredPart>?[partitions.Length];
        for (int i = 0; i < partitions.Length; i++)
        {
            parts[i] = plan.Frames[i].Count > 0 ? senders[i].AppendAsync(partitions[i], plan.Frames[i], null, cancellationToken)
                : before[i] is { } progress ? senders[i].RepeatAsync(partitions[i], progress, cancellationToken) : null;
        }

        SendOutcome outcome = await senders.OutcomeAsync(SendStatus.Stored, plan.Accepted, plan.Rejections, parts).ConfigureAwait(false);
        if (!outcome.IsAcknowledged)
        {
            return outcome;
        }

        _stored.Note(batch.Topic, batch.Partition, batch.NextOffset);
        return outcome with { IsMapped = plan.IsMapped, LeftOut = plan.LeftOut };
    }
}
