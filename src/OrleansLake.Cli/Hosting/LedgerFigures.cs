using OrleansLake.Engine;
using OrleansLake.Storage;

namespace OrleansLake.Cli.Hosting;

/// <summary>The counts of a ledger, for printing.</summary>
/// <param name="Bronze">Accepted: <paramref name="Messages"/> + <paramref name="Corrupted"/>.</param>
/// <param name="Messages">In silver/messages, duplicates included.</param>
/// <param name="Corrupted">In silver/messages_corrupted.</param>
/// <param name="Deduplicated">First occurrences: what the reports count.</param>
/// <param name="Rejected">In quarantine.</param>
internal readonly record struct LedgerFigures(long Bronze, long Messages, long Corrupted, long Deduplicated, long Rejected)
{
    /// <summary>Gets the number of messages that the reports do not count because an earlier one does.</summary>
    public long Duplicates => Messages - Deduplicated;

    public static LedgerFigures Of(LakeStatus status) => Of(status.Ledger) with { Rejected = status.Rejected };

    public static LedgerFigures Of(LedgerEntry entry) => new(
        entry.Bronze, entry.Messages, entry.MessagesCorrupted, entry.Deduplicated, entry.Rejected);
}
