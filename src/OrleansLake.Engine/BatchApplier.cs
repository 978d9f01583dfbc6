using OrleansLake.Core.Messages;
using OrleansLake.Core.State;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Publishing;

namespace OrleansLake.Engine;

/// <summary>
/// Applies batches to a state, in the order of their offsets, with all threads inside one batch. Live rows, rows read
/// back from the log and replayed ones all go through here.
/// </summary>
internal sealed class BatchApplier(LakeState state, LakeTimeZone zone, ParallelWork work)
{
    // Below this, handing shards to other threads costs more than it saves.
    private const int ParallelRowsMin = 2048;

    private readonly PreparedBatch _prepared = new();

    /// <param name="batch">The messages.</param>
    /// <param name="firstOffset">The first one's offset.</param>
    /// <param name="isInBronze">Whether they stand in a bronze file already.</param>
    /// <param name="decisions">What was decided about each of them; null if nothing was.</param>
    internal AppliedBatch Apply(MessageBatch batch, long firstOffset, bool isInBronze, KeyDecision[]? decisions = null)
    {
        int[] days = new int[batch.Count];
        zone.LocalDays(batch.Timestamps.Values, days);
        for (int row = 0; row < days.Length; row++)
        {
            if (!LakeTimeZone.IsInRange(days[row]) || batch.Timestamps.IsNull(row))
            {
                days[row] = LakeState.NoDay;
            }
        }

        state.Prepare(batch, firstOffset, days, _prepared);
        _prepared.Decisions = decisions ?? [];
        if (batch.Count >= ParallelRowsMin)
        {
            work.For(LakeState.ShardCount, shard => state.ApplyShard(shard, _prepared));
        }
        else
        {
            state.Apply(_prepared);
        }

        return new AppliedBatch(batch, firstOffset, days, _prepared.IsCorrupted.ToArray(), isInBronze);
    }
}
