namespace OrleansLake.Simulation.Workloads;

/// <summary>The ways in which a unit comes to the lake.</summary>
public enum UnitKind
{
    /// <summary>A numbered batch of a producer, which sends it again until it is acknowledged.</summary>
    Batch = 0,

    /// <summary>A Parquet file of another program.</summary>
    Foreign = 1,

    /// <summary>Lines through a pipe, sent once.</summary>
    Text = 2,
}
