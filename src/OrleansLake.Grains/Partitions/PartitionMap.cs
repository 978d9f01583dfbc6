
namespace OrleansLake.Grains;

/// <summary>Maps partitions to the silos that should own them, as far as this silo knows who is there.</summary>
internal sealed class PartitionMap(ISiloStatusOracle silos)
{
    /// <summary>Gets this silo.</summary>
    internal string Here => silos.SiloAddress.ToString();

    /// <summary>Returns whether a partition should be on this silo.</summary>
    internal bool IsPreferred(int partition)
    {
        SiloAddress[] active = [.. silos.GetApproximateSiloStatuses(onlyActive: true).Keys];
        return active.Length == 0 || SiloOf(partition, active).Equals(silos.SiloAddress);
    }

    /// <summary>Gets a value indicating whether no other silo could own partitions, now or later.</summary>
    internal bool IsAlone =>
        !silos.GetApproximateSiloStatuses().Any(silo => silo.Value is SiloStatus.Joining or SiloStatus.Active && !silo.Key.Equals(silos.SiloAddress));

    /// <summary>Gets a value indicating whether silos before this one, in the order of partitions, are leaving.</summary>
    internal bool AreEarlierLeaving =>
        silos.GetApproximateSiloStatuses().Any(silo => silo.Value is SiloStatus.ShuttingDown or SiloStatus.Stopping && silo.Key.CompareTo(silos.SiloAddress) < 0);

    internal static SiloAddress SiloOf(long partition, IEnumerable<SiloAddress> active)
    {
        SiloAddress[] ordered = [.. active.Order()];
        return ordered[partition % ordered.Length];
    }
}
