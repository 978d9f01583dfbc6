namespace OrleansLake.Core.State;

/// <summary>The counts of a state in all.</summary>
/// <param name="Messages">Messages with an event type.</param>
/// <param name="Corrupted">Messages without.</param>
/// <param name="Deduplicated">First occurrences.</param>
public readonly record struct LedgerTotals(long Messages, long Corrupted, long Deduplicated)
{
    /// <summary>Gets all messages.</summary>
    public long Bronze => Messages + Corrupted;
}
