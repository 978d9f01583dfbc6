namespace OrleansLake.Storage;

/// <summary>Whether a store waits for the disk.</summary>
public enum Durability
{
    /// <summary>What was flushed or published survives a power failure.</summary>
    Full = 0,

    /// <summary>Nothing waits for the disk: benchmarks only, to show what durability costs.</summary>
    None = 1,
}
