namespace OrleansLake.Client;

/// <summary>The counts of a lake at a position.</summary>
/// <param name="Position">What they are true as of.</param>
/// <param name="Time">The time of that position.</param>
/// <param name="Total">In all.</param>
/// <param name="Dates">By date, ascending, messages without one first.</param>
public sealed record LakeLedger(LakePosition Position, DateTimeOffset Time, LedgerFigures Total, IReadOnlyList<LedgerDate> Dates);
