namespace OrleansLake.Core.State;

/// <summary>The counts of a ledger.</summary>
/// <param name="Messages">Messages that are not corrupted, duplicates included.</param>
/// <param name="Corrupted">Messages whose event type is null, <c>''</c> or <c>NONE</c>.</param>
/// <param name="Deduplicated">First occurrences: what the reports count.</param>
/// <param name="Days">The same by local date, ascending; messages without a date come first.</param>
public sealed record LedgerCounts(long Messages, long Corrupted, long Deduplicated, IReadOnlyList<LedgerDay> Days)
{
    /// <summary>Gets all messages: <see cref="Messages"/> + <see cref="Corrupted"/>.</summary>
    public long Bronze => Messages + Corrupted;
}
