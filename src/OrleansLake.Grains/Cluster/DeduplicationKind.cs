namespace OrleansLake.Grains;

/// <summary>The kinds of deduplication: who decides which copy of a message counts. Both give the same files, reports and ledger.</summary>
public enum DeduplicationKind
{
    /// <summary>A grain for every message id, beside its partition.</summary>
    MessageGrains = 0,

    /// <summary>The partition itself, in place: for streams whose messages are more than a cluster can activate.</summary>
    KeyRanges = 1,
}
