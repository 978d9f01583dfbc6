namespace OrleansLake.Storage;

/// <summary>What a state file holds. The numbers are written to disk: they are added to, never changed.</summary>
internal enum StateRole : ushort
{
    /// <summary>First occurrences and reports.</summary>
    Snapshot = 1,

    /// <summary>What was consumed.</summary>
    Registry = 2,
}
