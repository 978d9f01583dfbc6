using OrleansLake.Core.State;

namespace OrleansLake.Grains;

/// <summary>A ledger on the wire: five counts in all, then a day and five counts for each date.</summary>
/// <param name="Cells">The numbers.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.LedgerCells")]
public sealed record LedgerDto([property: Id(0)] long[] Cells)
{
    internal static LedgerDto Of(LedgerCounts total) => Of(new Ledger(total, new Dictionary<int, LedgerCounts>()));

    internal static LedgerDto Of(Ledger ledger)
    {
        var cells = new List<long>();
        Add(ledger.Total);
        foreach ((int day, LedgerCounts entry) in ledger.ByDate.OrderBy(d => d.Key))
        {
            cells.Add(day);
            Add(entry);
        }

        return new LedgerDto([.. cells]);

        void Add(LedgerCounts entry) => cells.AddRange([entry.Bronze, entry.Messages, entry.MessagesCorrupted, entry.Rejected, entry.Deduplicated]);
    }

    /// <summary>Returns the counts.</summary>
    public Ledger ToLedger()
    {
        ReadOnlySpan<long> cells = Cells;
        LedgerCounts total = Entry(cells);
        var days = new Dictionary<int, LedgerCounts>();
        for (cells = cells[5..]; !cells.IsEmpty; cells = cells[6..])
        {
            days.Add((int)cells[0], Entry(cells[1..]));
        }

        return new Ledger(total, days);
    }

    private static LedgerCounts Entry(ReadOnlySpan<long> cells) => new(cells[0], cells[1], cells[2], cells[3], cells[4]);
}
