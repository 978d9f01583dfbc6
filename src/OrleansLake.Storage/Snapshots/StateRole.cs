namespace OrleansLake.Storage.Snapshots;

/// <summary>The roles of state files. The numbers are written to disk: they are added to, never changed.</summary>
internal enum StateRole : ushort
{
    /// <summary>First occurrences and reports.</summary>
    Snapshot = 1,

    /// <summary>The progress of sources.</summary>
    Registry = 2,
}
