
namespace OrleansLake.Grains.Partitions;

/// <summary>Spreads partitions evenly: the n-th goes to the (n mod N)-th of the N silos, in the order of their addresses.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.PartitionPlacement")]
internal sealed class PartitionPlacement : PlacementStrategy
{
    internal static PartitionPlacement Singleton { get; } = new();
}
