using OrleansLake.Core.State;
namespace OrleansLake.Engine.Gold;

/// <summary>The ledger as a table: one row in all, then one for each date.</summary>
/// <param name="Ledger">The counts.</param>
/// <param name="Replayed">The number of rejected records that were settled: replayed or dismissed.</param>
/// <param name="Manifest">The commit that it is true as of.</param>
/// <param name="Position">The offset before which every message is counted.</param>
internal sealed record LedgerTable(Ledger Ledger, long Replayed, long Manifest, long Position)
{
    /// <summary>Gets the columns' names, in order.</summary>
    public static IReadOnlyList<string> ColumnNames { get; } =
        ["scope", "date", "bronze", "messages", "messages_corrupted", "deduplicated", "rejected", "mended", "manifest", "position"];

    /// <summary>Gets the rows: the total, then the dates, messages without a date first.</summary>
    public IEnumerable<LedgerRow> Rows
    {
        get
        {
            yield return Row(LedgerRow.Total, null, Ledger.Total, Ledger.Total.Rejected, Replayed);
            int[] days = [.. Ledger.ByDate.Keys];
            Array.Sort(days);
            foreach (int day in days)
            {
                yield return Row(LedgerRow.Date, day == Core.State.Ledger.NoDay ? null : day, Ledger.ByDate[day], null, null);
            }
        }
    }

    private static LedgerRow Row(string scope, int? day, LedgerCounts counts, long? rejected, long? mended) =>
        new(scope, day, counts.Bronze, counts.Messages, counts.MessagesCorrupted, counts.Deduplicated, rejected, mended);
}
