using Orleans.Runtime.Placement;

namespace OrleansLake.Grains.Partitions;

/// <inheritdoc cref="PartitionPlacement"/>
internal sealed class PartitionPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(PartitionMap.SiloOf(target.GrainIdentity.GetIntegerKey(out _), context.GetCompatibleSilos(target)));
}
