using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansLake.Grains.Cluster;
using OrleansLake.Storage.Lakes;

namespace OrleansLake.Grains.Partitions;

/// <summary>Maps partitions to the silos that should own them, as far as this silo knows who is there.</summary>
internal sealed class PartitionMap(ISiloStatusOracle silos, LakeClusterHost host, IOptions<ClusterOptions> cluster)
{
    /// <summary>Gets this silo.</summary>
    internal string Here => silos.SiloAddress.ToString();

    /// <summary>Returns whether a partition should be on this silo.</summary>
    internal bool IsPreferred(long partition)
    {
        SiloAddress[] active = [.. silos.GetApproximateSiloStatuses(onlyActive: true).Keys];
        return active.Length == 0 || SiloOf(partition, active).Equals(silos.SiloAddress);
    }

    /// <summary>
    /// Returns whether no other silo could own partitions, now or later: those of the list that hold no claim in the lake run another one and
    /// are refused, or have died and are not missed yet.
    /// </summary>
    internal bool IsAlone()
    {
        SiloAddress[] others =
        [
            .. silos.GetApproximateSiloStatuses().Where(silo => silo.Value is SiloStatus.Joining or SiloStatus.Active && !silo.Key.Equals(silos.SiloAddress)).Select(silo => silo.Key),
        ];
        if (others.Length == 0)
        {
            return true;
        }

        // Where a file system has no locks, this silo's own is not seen either.
        IReadOnlyList<SiloOwner> holders = SiloClaim.Find(host.Store);
        holders = holders.Any(claim => IsOf(claim, silos.SiloAddress)) ? holders : SiloClaim.Named(host.Store);
        return !others.Any(other => holders.Any(claim => IsOf(claim, other)));

        bool IsOf(SiloOwner claim, SiloAddress silo) => claim.IsOf(cluster.Value.ClusterId, silo.Endpoint, silo.Generation);
    }

    /// <summary>Gets a value indicating whether silos before this one, in the order of partitions, are leaving.</summary>
    internal bool AreEarlierLeaving =>
        silos.GetApproximateSiloStatuses().Any(silo => silo.Value is SiloStatus.ShuttingDown or SiloStatus.Stopping && silo.Key.CompareTo(silos.SiloAddress) < 0);

    internal static SiloAddress SiloOf(long partition, IEnumerable<SiloAddress> active)
    {
        SiloAddress[] ordered = [.. active.Order()];
        return ordered[partition % ordered.Length];
    }
}
