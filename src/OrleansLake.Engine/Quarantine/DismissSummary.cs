namespace OrleansLake.Engine;

/// <summary>The result of a dismissal of rejected records, or of opening them again.</summary>
/// <param name="Changed">The number of records that were dismissed, or opened again.</param>
/// <param name="Replayed">Records that were replayed before, and stay so.</param>
/// <param name="Unchanged">Records that were dismissed already, or were open already.</param>
/// <param name="Unknown">Identities that were asked for one by one and that no rejected record has.</param>
/// <param name="IsEmpty">Whether no record at all is among those that were asked for.</param>
public sealed record DismissSummary(
    long Changed, IReadOnlyList<QuarantineId> Replayed, IReadOnlyList<QuarantineId> Unchanged, IReadOnlyList<QuarantineId> Unknown, bool IsEmpty);
