using OrleansLake.Core.State;
using LedgerDay = OrleansLake.Core.State.LedgerDay;

namespace OrleansLake.Engine;

/// <summary>A state's counts in the form that a manifest has them.</summary>
internal static class StateLedger
{
    /// <param name="state">The state, with everything applied that was prepared.</param>
    /// <param name="rejected">Records rejected so far: the state knows of none.</param>
    internal static Ledger Of(LakeState state, long rejected)
    {
        LedgerCounts counts = state.Ledger;
        var days = new Dictionary<int, LedgerEntry>(counts.Days.Count);
        foreach (LedgerDay day in counts.Days)
        {
            days.Add(day.Day, new LedgerEntry(day.Bronze, day.Messages, day.Corrupted, 0, day.Deduplicated));
        }

        return new Ledger(new LedgerEntry(counts.Bronze, counts.Messages, counts.Corrupted, rejected, counts.Deduplicated), days);
    }
}
