using OrleansLake.Simulation.Workloads;

namespace OrleansLake.Simulation.Worlds;

/// <summary>A unit that was sent, and what its sender knows of it.</summary>
internal sealed class WorldUnit(Unit unit)
{
    public Unit Unit { get; } = unit;

    /// <summary>Gets or sets the number of its first messages that were acknowledged.</summary>
    public int Acknowledged { get; set; }

    /// <summary>The offset that its acknowledgement told; null if none did.</summary>
    public long? Offset { get; set; }

    /// <summary>Gets or sets a value indicating whether it may be there without having been acknowledged: an answer got lost, or said
    /// that it does not know.</summary>
    public bool MayBeThere { get; set; }

    /// <summary>Gets or sets a value indicating whether it was refused, and must never be there.</summary>
    public bool IsRefused { get; set; }
}
