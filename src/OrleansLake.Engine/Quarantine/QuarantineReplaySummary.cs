namespace OrleansLake.Engine;

/// <summary>The summary of a quarantine replay.</summary>
public sealed record QuarantineReplaySummary
{
    /// <summary>Gets the number of records replayed now.</summary>
    public long Replayed { get; init; }

    /// <summary>Gets the number of messages accepted in their place.</summary>
    public long Accepted { get; init; }

    /// <summary>Gets the number of records that were asked for and were replayed before: they are not sent again.</summary>
    public long ReplayedBefore { get; init; }

    /// <summary>Gets the records that are still not messages, each with the reason. They stay open.</summary>
    public IReadOnlyList<QuarantineReplayFailure> Failures { get; init; } = [];

    /// <summary>Gets the identities that no rejected record has.</summary>
    public IReadOnlyList<QuarantineId> Unknown { get; init; } = [];

    /// <summary>Gets the ranges of records in which there is none.</summary>
    public IReadOnlyList<QuarantineRange> EmptyRanges { get; init; } = [];

    /// <summary>Gets a value indicating whether nothing that was asked for stays open.</summary>
    public bool IsComplete => Failures.Count == 0 && Unknown.Count == 0 && EmptyRanges.Count == 0;
}
