namespace OrleansLake.Storage.Manifests;

/// <summary>The counts of a lake's rows as of one manifest.</summary>
/// <param name="Total">In all.</param>
/// <param name="ByDate">
/// By local date, in days since 1970-01-01; <see cref="NoDay"/> for rows without one. The rejected have no date.
/// </param>
public sealed record Ledger(LedgerEntry Total, IReadOnlyDictionary<int, LedgerEntry> ByDate)
{
    /// <summary>The key of rows without a date.</summary>
    public const int NoDay = int.MinValue;

    /// <summary>Gets the empty ledger.</summary>
    public static Ledger Empty { get; } = new(default, new Dictionary<int, LedgerEntry>());
}
