namespace OrleansLake.Simulation.Workloads;

/// <summary>The steps of a workload.</summary>
public enum WorkStep
{
    /// <summary>The producer sends its next batch and waits until it is durable.</summary>
    Send = 0,

    /// <summary>Another program has put a file into bronze; the lake ingests it.</summary>
    Foreign = 1,

    /// <summary>A trigger: silver, gold, a manifest.</summary>
    Commit = 2,

    /// <summary>Silver and gold are rebuilt.</summary>
    Replay = 3,

    /// <summary>The lake is closed and opened.</summary>
    Reopen = 4,
}
