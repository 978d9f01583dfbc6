using OrleansLake.Core.Reports;
using OrleansLake.Engine;
using OrleansLake.Grains.Cluster;

namespace OrleansLake.Grains.Reports;

/// <inheritdoc cref="IChannelDayGrain"/>
internal sealed class ChannelDayGrain(LakeClusterHost host) : Grain, IChannelDayGrain
{
    private ReportFollower? _follower;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        PartitionedLake lake = await host.LakeAsync();
        _follower = new ReportFollower(LakeReports.Report1.Of(lake.Reports.Ids), LakeGrains.ScopeOf(this.GetPrimaryKeyString()), lake.Partitions, GrainFactory);
    }

    public Task<AggregateResponse> ReadAsync(LakeVersion? at, int? top) => _follower!.ReadAsync(at, top);

    public async Task<ChannelDayResponse> GetAsync()
    {
        AggregateResponse response = await _follower!.ReadAsync(null, null);
        ReportRow? row = ReportPart.Read(LakeReports.Report1, response.Parts[0]).ToRows().SingleOrDefault();
        return new ChannelDayResponse
        {
            Position = response.Moment!.Position,
            Counts = row is null ? [] : row.Columns.Zip(row.Counts).ToDictionary(cell => cell.First!, cell => cell.Second),
            Total = row?.Counts.Sum() ?? 0,
        };
    }
}
