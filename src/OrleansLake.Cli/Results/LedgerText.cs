using OrleansLake.Cli.Output;
using OrleansLake.Core.State;

namespace OrleansLake.Cli.Results;

/// <summary>The ledger as text.</summary>
internal static class LedgerText
{
    /// <summary>Returns the number of messages that the reports do not count because an earlier one does.</summary>
    public static long Duplicates(LedgerCounts ledger) => ledger.Messages - ledger.Deduplicated;

    public static string Sentence(LedgerCounts ledger) =>
        $"bronze {Figures.Count(ledger.Bronze)} = messages {Figures.Count(ledger.Messages)} + corrupted {Figures.Count(ledger.MessagesCorrupted)}; "
        + $"deduplicated {Figures.Count(ledger.Deduplicated)}.";

    /// <summary>Returns a sentence that nobody who has open records should miss; nothing if there are none.</summary>
    public static string OpenRecords(long open) => open <= 0 ? ""
        : $"{Figures.Count(open, "rejected record")} open in quarantine: `lake quarantine list --open` shows, `lake quarantine replay` sends them again, `lake quarantine dismiss` closes.";

    public static TextTable Table(LedgerCounts ledger) => new(
        [new("ledger"), new("messages", true), new("share", true)],
        [
            Row("bronze: every message accepted", ledger.Bronze, ledger.Bronze),
            Row("silver/messages", ledger.Messages, ledger.Bronze),
            Row("silver/messages_corrupted", ledger.MessagesCorrupted, ledger.Bronze),
            Row("duplicates suppressed", Duplicates(ledger), ledger.Bronze),
            Row("deduplicated: what the reports count", ledger.Deduplicated, ledger.Bronze),
            ["rejected: kept in quarantine", Figures.Count(ledger.Rejected), ""],
        ]);

    private static string[] Row(string name, long count, long whole) => [name, Figures.Count(count), Figures.Share(count, whole)];
}
