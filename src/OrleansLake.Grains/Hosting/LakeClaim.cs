using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansLake.Grains.Cluster;
using OrleansLake.Storage.Lakes;

namespace OrleansLake.Grains.Hosting;

/// <summary>
/// Claims the lake for this silo before it joins the others, and gives it up when its last partition has been closed: the
/// lake's other owners (<c>lake serve</c>, another cluster) stay away meanwhile, and so does this silo from theirs.
/// </summary>
internal sealed class LakeClaim(LakeClusterHost host, IOptions<ClusterOptions> cluster, ILocalSiloDetails silo)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    // Commands that create a lake, or ingest a file, may be about to end.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private SiloClaim? _claim;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(LakeClaim), ServiceLifecycleStage.First, cancellation => Task.Run(Take, cancellation), _ => Task.Run(Dispose, CancellationToken.None));

    public void Dispose() => Interlocked.Exchange(ref _claim, null)?.Dispose();

    private void Take()
    {
        host.CheckFolder();
        _claim = SiloClaim.Take(
            host.Store,
            new SiloOwner(cluster.Value.ClusterId, host.Options.Membership ?? "", silo.SiloAddress.Endpoint.ToString(), Environment.ProcessId, Environment.MachineName)
            {
                Generation = silo.SiloAddress.Generation,
            },
            Patience);
    }
}
