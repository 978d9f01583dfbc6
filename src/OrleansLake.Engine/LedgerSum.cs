namespace OrleansLake.Engine;

/// <summary>The counts of a lake from those of its partitions.</summary>
internal static class LedgerSum
{
    internal static Ledger Of(IEnumerable<Ledger> partitions)
    {
        LedgerEntry total = default;
        var days = new Dictionary<int, LedgerEntry>();
        foreach (Ledger ledger in partitions)
        {
            total = Plus(total, ledger.Total);
            foreach ((int day, LedgerEntry entry) in ledger.ByDate)
            {
                days[day] = Plus(days.GetValueOrDefault(day), entry);
            }
        }

        return new Ledger(total, days);
    }

    internal static LedgerEntry Of(IEnumerable<LedgerEntry> partitions) => partitions.Aggregate(default(LedgerEntry), Plus);

    private static LedgerEntry Plus(LedgerEntry a, LedgerEntry b) => new(
        a.Bronze + b.Bronze, a.Messages + b.Messages, a.MessagesCorrupted + b.MessagesCorrupted, a.Rejected + b.Rejected, a.Deduplicated + b.Deduplicated);
}
