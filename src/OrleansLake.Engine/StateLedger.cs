using OrleansLake.Core.State;
using OrleansLake.Storage;

namespace OrleansLake.Engine;

/// <summary>A state's counts in the form that a manifest has them.</summary>
internal static class StateLedger
{
    /// <param name="state">The state, with everything applied that was prepared.</param>
    /// <param name="rejected">Records rejected so far: the state knows of none.</param>
    internal static Ledger Of(LakeState state, long rejected)
    {
        LedgerCounts counts = state.Ledger;
        return new Ledger(
            new LedgerEntry(counts.Bronze, counts.Messages, counts.Corrupted, rejected, counts.Deduplicated),
            counts.Days.ToDictionary(d => d.Day, d => new LedgerEntry(d.Bronze, d.Messages, d.Corrupted, 0, d.Deduplicated)));
    }
}
