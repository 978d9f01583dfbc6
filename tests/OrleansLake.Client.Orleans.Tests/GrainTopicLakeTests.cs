using System.Text;
using Orleans.TestingHost;
using OrleansLake.Client.Orleans;
using OrleansLake.Contracts;
using OrleansLake.Core.Messages;
using OrleansLake.Grains;
using OrleansLake.Grains.Wire;
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

    [Fact]
    public async Task A_position_alone_is_durable_whichever_partition_has_the_last_record()
    {
        for (int offset = 0; offset < 20; offset++)
        {
            byte[] value = Encoding.UTF8.GetBytes($$"""{"timestamp":"2024-12-16T10:00:00Z","event_type":"OPEN","message_id":"m{{offset}}","channel":"EMAIL","user_id":1}""");
            Assert.Equal(SendStatus.Stored, (await Topics.SendAsync(new TopicBatch("settled", 0, [new TopicRecord(offset, value)], offset + 1))).Status);
            Assert.Equal(SendStatus.Stored, (await Topics.SendAsync(new TopicBatch("settled", 0, [], offset + 1))).Status);

            // As the log has it, which any silo reads: the one that has stored it knows it anyway.
            TopicProgressDto[][] progress = await Task.WhenAll(Enumerable.Range(0, 4).Select(partition => _cluster.Client.GetGrain<IPartitionGrain>(partition).GetTopicsAsync()));
            Assert.Equal(offset + 1, progress.SelectMany(static topics => topics).Max(static topic => topic.CompleteOffset));
        }
    }
}
