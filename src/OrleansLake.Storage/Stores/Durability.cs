namespace OrleansLake.Storage.Stores;

/// <summary>The durability of a store: whether it waits for the disk.</summary>
public enum Durability
{
    /// <summary>All that was flushed or published survives a power failure.</summary>
    Full = 0,

    /// <summary>Nothing waits for the disk: benchmarks only, to show what durability costs.</summary>
    None = 1,
}
