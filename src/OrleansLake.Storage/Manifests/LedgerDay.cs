using OrleansLake.Core.State;
namespace OrleansLake.Storage.Manifests;

/// <summary>One date's counts, as they are written to disk.</summary>
/// <param name="Date">The local date, <c>yyyy-MM-dd</c>; null for rows without one.</param>
/// <param name="Counts">The counts.</param>
public sealed record LedgerDay(string? Date, LedgerCounts Counts);
