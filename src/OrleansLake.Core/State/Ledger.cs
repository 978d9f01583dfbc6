namespace OrleansLake.Core.State;

/// <summary>The counts of a lake, or of a part of it, at one moment.</summary>
/// <param name="Total">In all.</param>
/// <param name="ByDate">
/// By local date, in days since 1970-01-01; <see cref="NoDay"/> for messages without one. The rejected have no date.
/// </param>
public sealed record Ledger(LedgerCounts Total, IReadOnlyDictionary<int, LedgerCounts> ByDate)
{
    /// <summary>The key of messages without a date.</summary>
    public const int NoDay = LakeState.NoDay;

    /// <summary>Gets the empty ledger.</summary>
    public static Ledger Empty { get; } = new(default, new Dictionary<int, LedgerCounts>());

    /// <summary>Returns the same ledger with the number of rejected records, which a state does not know.</summary>
    /// <param name="rejected">The number of rejected records so far.</param>
    public Ledger WithRejected(long rejected) => this with { Total = Total with { Rejected = rejected } };

    /// <summary>Returns the sum of the parts' ledgers.</summary>
    /// <param name="parts">The parts' ledgers.</param>
    public static Ledger Sum(IEnumerable<Ledger> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        LedgerCounts total = default;
        var days = new Dictionary<int, LedgerCounts>();
        foreach (Ledger ledger in parts)
        {
            total += ledger.Total;
            foreach ((int day, LedgerCounts counts) in ledger.ByDate)
            {
                days[day] = days.GetValueOrDefault(day) + counts;
            }
        }

        return new Ledger(total, days);
    }
}
