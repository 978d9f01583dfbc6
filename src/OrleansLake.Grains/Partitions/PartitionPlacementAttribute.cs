using Orleans.Placement;

namespace OrleansLake.Grains.Partitions;

/// <summary>The grain is a partition: see <see cref="PartitionPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PartitionPlacementAttribute() : PlacementAttribute(PartitionPlacement.Singleton);
