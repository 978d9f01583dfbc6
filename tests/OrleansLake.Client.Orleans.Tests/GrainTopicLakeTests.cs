using Orleans.TestingHost;
using OrleansLake.Client.Orleans;
using OrleansLake.Contracts;
using OrleansLake.TestSupport;

namespace OrleansLake.Client.Tests;

/// <summary>The contract of records of topics over the grains of two silos.</summary>
public sealed class GrainTopicLakeTests : TopicLakeContract, IDisposable
{
    private readonly ScratchFolder _folder = new();
    private InProcessTestCluster _cluster = null!;

    protected override ITopicLake Topics => new GrainTopicLake(_cluster.Client);

    protected override ILakeClient Lake => new GrainLakeClient(_cluster.Client, TimeProvider.System);

    public override async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) => silo.AddLake(_folder["lake"], options =>
        {
            options.Partitions = 4;
            options.Trigger = TimeSpan.FromMilliseconds(500);
        }));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public override async Task DisposeAsync() => await _cluster.DisposeAsync();

    public void Dispose() => _folder.Dispose();
}
