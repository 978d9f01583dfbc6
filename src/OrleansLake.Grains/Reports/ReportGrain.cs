using OrleansLake.Core.Reports;
using OrleansLake.Engine;
using OrleansLake.Grains.Cluster;

namespace OrleansLake.Grains.Reports;

/// <inheritdoc cref="IReportGrain"/>
internal sealed class ReportGrain(LakeClusterHost host) : Grain, IReportGrain
{
    private int _partitions;
    private ReportDefinition _definition = null!;
    private ReportFollower? _follower;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        PartitionedLake lake = await host.LakeAsync();
        string name = this.GetPrimaryKeyString();
        _partitions = lake.Partitions;
        _definition = lake.Reports.Find(name) ?? throw new ArgumentException($"There is no report {name}; there are {lake.Reports.Names}.");

        // Report 2 has a row for each user, and so grains of its own.
        _follower = name == LakeReports.Report2.Name ? null
            : new ReportFollower(_definition, new ReportScope { Report = name }, lake.Partitions, GrainFactory);
    }

    public async Task<AggregateResponse> ReadAsync(LakeVersion? at, int? top)
    {
        if (_follower is { } follower)
        {
            return await follower.ReadAsync(at, top);
        }

        while (true)
        {
            LakeVersion moment = at ?? await ReportFollower.VersionAsync(GrainFactory, _partitions);
            AggregateResponse[] ranges = await Task.WhenAll(Enumerable.Range(0, ReportScope.UserRanges)
                .Select(range => Retries.RunAsync(() => GrainFactory.GetGrain<IUserActivityGrain>(range).ReadAsync(moment, top))));
            if (ranges.All(range => range.Moment is not null))
            {
                return new AggregateResponse(moment, top is { } count ? [PartBytes.Of(First(ranges, count))] : [.. ranges.SelectMany(range => range.Parts)]);
            }

            if (at is not null)
            {
                return new AggregateResponse(null, []);
            }
        }
    }

    private ReportPart First(AggregateResponse[] ranges, int count)
    {
        ReportPart[] parts = [.. ranges.SelectMany(range => range.Parts).Select(part => ReportPart.Read(_definition, part))];
        return ReportPart.OfRows(
            _definition,
            ReportFollower.MostActive(parts.SelectMany(part => part.ToRows())).Take(count),
            parts.SelectMany(part => part.ColumnsNamed()).Distinct());
    }
}
