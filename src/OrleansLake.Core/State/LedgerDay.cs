namespace OrleansLake.Core.State;

/// <summary>A local date's part of the ledger.</summary>
/// <param name="Day">Days since 1970-01-01, or <see cref="LakeState.NoDay"/> for messages without a date.</param>
/// <param name="Messages">Messages of this date that are not corrupted.</param>
/// <param name="Corrupted">Corrupted messages of this date.</param>
/// <param name="Deduplicated">First occurrences on this date.</param>
public sealed record LedgerDay(int Day, long Messages, long Corrupted, long Deduplicated)
{
    /// <summary>Gets all messages of this date.</summary>
    public long Bronze => Messages + Corrupted;
}
