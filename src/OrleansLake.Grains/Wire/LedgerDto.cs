using OrleansLake.Storage.Manifests;

namespace OrleansLake.Grains;

/// <summary>A ledger on the wire: five counts in all, then a day and five counts for each date.</summary>
/// <param name="Cells">The numbers.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.LedgerCells")]
public sealed record LedgerDto([property: Id(0)] long[] Cells)
{
    internal static LedgerDto Of(LedgerEntry total) => Of(new Ledger(total, new Dictionary<int, LedgerEntry>()));

    internal static LedgerDto Of(Ledger ledger)
    {
        var cells = new List<long>();
        Add(ledger.Total);
        foreach ((int day, LedgerEntry entry) in ledger.ByDate.OrderBy(d => d.Key))
        {
            cells.Add(day);
            Add(entry);
        }

        return new LedgerDto([.. cells]);

        void Add(LedgerEntry entry) => cells.AddRange([entry.Bronze, entry.Messages, entry.MessagesCorrupted, entry.Rejected, entry.Deduplicated]);
    }

    /// <summary>Returns the counts.</summary>
    public Ledger ToLedger()
    {
        ReadOnlySpan<long> cells = Cells;
        LedgerEntry total = Entry(cells);
        var days = new Dictionary<int, LedgerEntry>();
        for (cells = cells[5..]; !cells.IsEmpty; cells = cells[6..])
        {
            days.Add((int)cells[0], Entry(cells[1..]));
        }

        return new Ledger(total, days);
    }

    private static LedgerEntry Entry(ReadOnlySpan<long> cells) => new(cells[0], cells[1], cells[2], cells[3], cells[4]);
}
