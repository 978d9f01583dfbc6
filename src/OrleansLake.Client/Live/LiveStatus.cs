using OrleansLake.Core.State;
namespace OrleansLake.Client;

/// <summary>The lake's counts and freshness.</summary>
/// <param name="Position">What the counts are true as of.</param>
/// <param name="Time">The time of that position.</param>
/// <param name="Ledger">The counts in all.</param>
/// <param name="NewestEvent">The latest timestamp among the messages that count; null if there is none.</param>
public sealed record LiveStatus(LakePosition Position, DateTimeOffset Time, LedgerCounts Ledger, DateTimeOffset? NewestEvent)
    : LiveUpdate(Position, Time);
