namespace OrleansLake.Simulation.Workloads;

/// <summary>The state that a producer keeps outside the lake: what it sends, in order, how far it has come, and what was acknowledged.</summary>
public sealed class SentUnits
{
    public List<Unit> All { get; } = [];

    public int SentCount { get; set; }

    public int AcknowledgedCount { get; set; }
}
