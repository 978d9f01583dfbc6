namespace OrleansLake.Engine.Gold;

/// <summary>A row of the ledger: the counts in all, or of one date.</summary>
/// <param name="Scope"><c>total</c> or <c>date</c>.</param>
/// <param name="Day">Of a date: days since 1970-01-01; null for the total, and for messages without a date.</param>
/// <param name="Bronze">Accepted messages.</param>
/// <param name="Messages">Of these, the ones with an event type.</param>
/// <param name="MessagesCorrupted">Of these, the ones without.</param>
/// <param name="Deduplicated">First occurrences.</param>
/// <param name="Rejected">Records that were not messages; null by date, for they have none.</param>
/// <param name="Replayed">Of these, the ones that were replayed or dismissed; null by date.</param>
internal sealed record LedgerRow(
    string Scope, int? Day, long Bronze, long Messages, long MessagesCorrupted, long Deduplicated, long? Rejected, long? Replayed)
{
    /// <summary>The scope of the first row.</summary>
    public const string Total = "total";

    /// <summary>The scope of the other rows.</summary>
    public const string Date = "date";
}
