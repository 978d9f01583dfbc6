using OrleansLake.Core.Reports;
using OrleansLake.Engine;
using OrleansLake.Grains.Cluster;

namespace OrleansLake.Grains.Reports;

/// <inheritdoc cref="IUserActivityGrain"/>
internal sealed class UserActivityGrain(LakeClusterHost host) : Grain, IUserActivityGrain
{
    private ReportFollower? _follower;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        PartitionedLake lake = await host.LakeAsync();
        var scope = new ReportScope { Report = LakeReports.Report2.Name, UserRange = (int)this.GetPrimaryKeyLong() };
        _follower = new ReportFollower(LakeReports.Report2.Of(lake.Reports.Ids), scope, lake.Partitions, GrainFactory);
    }

    public Task<AggregateResponse> ReadAsync(LakeVersion? at, int? top) => _follower!.ReadAsync(at, top);
}
