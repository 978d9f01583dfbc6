using OrleansLake.Core.State;
namespace OrleansLake.Client;

/// <summary>The counts of a date.</summary>
/// <param name="Date">The date in the lake's time zone; null for messages without one.</param>
/// <param name="Figures">The counts.</param>
public readonly record struct LedgerDate(DateOnly? Date, LedgerCounts Figures);
