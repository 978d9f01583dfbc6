using System.Buffers;
using OrleansLake.Core.Messages;
using OrleansLake.Core.State;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Publishing;

namespace OrleansLake.Engine.Partitions;

/// <summary>
/// Applies batches to a state, in the order of their offsets, with all threads inside one batch. Live rows, rows read
/// back from the log and replayed ones all go through here.
/// </summary>
internal sealed class BatchApplier(LakeState state, LakeTimeZone zone, ParallelWork work)
{
    // Below this, handing shards to other threads costs more than it saves.
    private const int ParallelRowsMin = 2048;

    private PreparedBatch _prepared = new();
    private PreparedBatch _ahead = new();

    /// <param name="batch">The messages.</param>
    /// <param name="firstOffset">The first one's offset.</param>
    /// <param name="isInBronze">Whether they are in a bronze file already.</param>
    /// <param name="decisions">What was decided about each of them; null if nothing was.</param>
    /// <param name="next">
    /// What will be applied after it, if that is known: preparing a batch is one thread's work, and what else is there to do
    /// beside it is applying the one before.
    /// </param>
    internal AppliedBatch Apply(MessageBatch batch, long firstOffset, bool isInBronze, KeyDecision[]? decisions = null, MessageBatch? next = null)
    {
        if (ReferenceEquals(_ahead.Batch, batch) && _ahead.FirstOffset == firstOffset)
        {
            (_prepared, _ahead) = (_ahead, _prepared);
        }
        else
        {
            Prepare(batch, firstOffset, _prepared);
        }

        _prepared.Decisions = decisions ?? [];
        if (batch.Count < ParallelRowsMin || work.Threads == 1)
        {
            state.Apply(_prepared);
        }
        else if (next is null)
        {
            work.For(LakeState.ShardCount, shard => state.ApplyShard(shard, _prepared));
        }
        else
        {
            work.For(LakeState.ShardCount + 1, piece =>
            {
                if (piece == 0)
                {
                    Prepare(next, firstOffset + batch.Count, _ahead);
                }
                else
                {
                    state.ApplyShard(piece - 1, _prepared);
                }
            });
        }

        return new AppliedBatch(batch, firstOffset, _prepared.Days.ToArray(), _prepared.IsCorrupted.ToArray(), isInBronze);
    }

    private void Prepare(MessageBatch batch, long firstOffset, PreparedBatch into)
    {
        int[] rented = ArrayPool<int>.Shared.Rent(batch.Count);
        Span<int> days = rented.AsSpan(0, batch.Count);
        zone.LocalDays(batch.Timestamps.Values, days);
        for (int row = 0; row < days.Length; row++)
        {
            if (!LakeTimeZone.IsInRange(days[row]) || batch.Timestamps.IsNull(row))
            {
                days[row] = LakeState.NoDay;
            }
        }

        state.Prepare(batch, firstOffset, days, into);
        ArrayPool<int>.Shared.Return(rented);
    }
}
