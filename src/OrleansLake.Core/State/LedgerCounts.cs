namespace OrleansLake.Core.State;

/// <summary>Counts of records. <c>Bronze = Messages + MessagesCorrupted</c>, always.</summary>
/// <param name="Bronze">Accepted messages.</param>
/// <param name="Messages">Of these, the ones with an event type, duplicates included.</param>
/// <param name="MessagesCorrupted">Of these, the ones whose event type is null, <c>''</c> or <c>NONE</c>.</param>
/// <param name="Rejected">Records that were not messages; they have no date.</param>
/// <param name="Deduplicated">First occurrences: what the reports count.</param>
public readonly record struct LedgerCounts(long Bronze, long Messages, long MessagesCorrupted, long Rejected, long Deduplicated)
{
    /// <summary>Gets a value indicating whether the messages and the corrupted ones are all of bronze: always so.</summary>
    public bool IsClosed => Bronze == Messages + MessagesCorrupted;

    /// <summary>Adds counts.</summary>
    /// <param name="left">Some counts.</param>
    /// <param name="right">Other counts.</param>
    public static LedgerCounts operator +(LedgerCounts left, LedgerCounts right) => new(
        left.Bronze + right.Bronze,
        left.Messages + right.Messages,
        left.MessagesCorrupted + right.MessagesCorrupted,
        left.Rejected + right.Rejected,
        left.Deduplicated + right.Deduplicated);
}
