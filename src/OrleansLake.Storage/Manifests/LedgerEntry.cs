namespace OrleansLake.Storage.Manifests;

/// <summary>Counts of rows. <c>Bronze = Messages + MessagesCorrupted</c>, always.</summary>
/// <param name="Bronze">Accepted messages.</param>
/// <param name="Messages">Of these, the ones with an event type.</param>
/// <param name="MessagesCorrupted">Of these, the ones without.</param>
/// <param name="Rejected">Records that were not messages (they have no date).</param>
/// <param name="Deduplicated">First occurrences.</param>
public readonly record struct LedgerEntry(
    long Bronze, long Messages, long MessagesCorrupted, long Rejected, long Deduplicated)
{
    /// <summary>Gets a value indicating whether the messages and the corrupted ones are all of bronze.</summary>
    public bool IsClosed => Bronze == Messages + MessagesCorrupted;
}
