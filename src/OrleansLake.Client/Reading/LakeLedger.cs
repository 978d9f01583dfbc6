using OrleansLake.Core.State;
namespace OrleansLake.Client;

/// <summary>The counts of a lake at a position.</summary>
/// <param name="Position">What they are true as of.</param>
/// <param name="Time">The time of that position.</param>
/// <param name="Total">In all.</param>
/// <param name="Dates">By date, ascending, messages without one first.</param>
public sealed record LakeLedger(LakePosition Position, DateTimeOffset Time, LedgerCounts Total, IReadOnlyList<LedgerDate> Dates)
{
    private static readonly int DayNumberOf1970 = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>Returns a ledger at a position.</summary>
    /// <param name="position">What it is true as of.</param>
    /// <param name="time">The time of that position.</param>
    /// <param name="ledger">The counts.</param>
    public static LakeLedger Of(LakePosition position, DateTimeOffset time, Ledger ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        return new LakeLedger(
            position,
            time,
            ledger.Total,
            [
                .. ledger.ByDate.OrderBy(day => day.Key).Select(day => new LedgerDate(
                    day.Key == Ledger.NoDay ? null : DateOnly.FromDayNumber(DayNumberOf1970 + day.Key), day.Value)),
            ]);
    }
}
