using Orleans.TestingHost;
using OrleansLake.Client.Orleans;
using OrleansLake.Contracts;
using OrleansLake.TestSupport;

namespace OrleansLake.Client.Tests;

/// <summary>The contract over the grains of two silos.</summary>
public sealed class GrainLakeClientTests : LakeClientContract, IDisposable
{
    private readonly ScratchFolder _folder = new();
    private InProcessTestCluster _cluster = null!;

    protected override ILakeClient Lake => Grains;

    internal GrainLakeClient Grains { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) => silo.AddLake(_folder["lake"], options =>
        {
            options.Partitions = 4;
            options.Reports = Reports;
            options.Trigger = TimeSpan.FromMilliseconds(500);
        }));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        Grains = new GrainLakeClient(_cluster.Client, TimeProvider.System, DatesPerBodyMax, reports: Reports, datesPerSenderMax: DatesPerSenderMax);
    }

    public override async Task DisposeAsync() => await _cluster.DisposeAsync();

    public void Dispose() => _folder.Dispose();
}
