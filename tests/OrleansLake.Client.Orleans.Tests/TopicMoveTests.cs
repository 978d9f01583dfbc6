using System.Text;
using Orleans.TestingHost;
using OrleansLake.Client.Orleans;
using OrleansLake.Contracts;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.Grains;
using OrleansLake.TestSupport;

namespace OrleansLake.Client.Tests;

/// <summary>Records of topics whose senders are cut off, replaced and come back, while the lake's partitions move: each is stored once.</summary>
public sealed class TopicMoveTests : IAsyncLifetime, IDisposable
{
    private const string Source = "kafka:messages/0";
    private const int Partitions = 4;

    private readonly ScratchFolder _folder = new();
    private InProcessTestCluster _cluster = null!;
    private volatile bool _isCutOff;

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddLake(_folder["lake"], options =>
            {
                options.Partitions = Partitions;
                options.Keep = KeptFields.Source;
                options.Trigger = TimeSpan.FromMilliseconds(300);
            });

            // As if the sender had ended when it had reached the first two partitions of the lake.
            silo.AddIncomingGrainCallFilter(call =>
                _isCutOff && call.InterfaceMethod?.Name == nameof(IPartitionGrain.AppendAsync) && call.TargetId.GetIntegerKey() >= 2
                    ? throw new IOException("cut off") : call.Invoke());
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_batch_that_reached_some_partitions_is_completed_after_they_moved()
    {
        var topics = new GrainTopicLake(_cluster.Client);
        await StoreAsync(topics, 0, 100);
        _isCutOff = true;
        Assert.Equal(SendStatus.TryAgain, (await topics.SendAsync(Batch(100, 200))).Status);
        _isCutOff = false;
        Assert.InRange(await PositionAsync(topics), 0, 100);

        // To the other silo.
        await _cluster.StopSiloAsync(_cluster.Silos[1]);
        await _cluster.StartAdditionalSiloAsync();
        long from = await PositionAsync(topics);
        Assert.InRange(from, 0, 100);

        // Cut into batches otherwise than before.
        await StoreAsync(topics, (int)from, 150);
        await StoreAsync(topics, 150, 250);
        await AssertOnceAsync(250);
    }

    [Fact]
    public async Task A_sender_that_was_replaced_and_goes_on_stores_nothing_twice()
    {
        // Each knows only what it has sent itself, as who reads on after a pause does.
        await Task.WhenAll(RunAsync(0, 7), RunAsync(0, 31), RunAsync(0, 100));
        await AssertOnceAsync(600);

        async Task RunAsync(int from, int records)
        {
            var topics = new GrainTopicLake(_cluster.Client);
            for (; from < 600; from += records)
            {
                await StoreAsync(topics, from, Math.Min(600, from + records));
            }
        }
    }

    private static TopicBatch Batch(int from, int to) =>
        new("kafka:cluster:messages", 0, [.. Enumerable.Range(from, to - from).Select(Record)], to) { Name = Source };

    private static TopicRecord Record(int offset) => new(offset, Encoding.UTF8.GetBytes(
        $$"""{"timestamp":"2024-12-16T10:00:00Z","event_type":"OPEN","message_id":"m{{offset}}","channel":"EMAIL","user_id":{{offset}}}"""));

    private static async Task StoreAsync(GrainTopicLake topics, int from, int to)
    {
        while ((await topics.SendAsync(Batch(from, to))).Status != SendStatus.Stored)
        {
            await Task.Delay(10);
        }
    }

    private static async Task<long> PositionAsync(GrainTopicLake topics) => (await topics.GetPositionsAsync()).SingleOrDefault()?.NextOffset ?? 0;

    private async Task AssertOnceAsync(int records)
    {
        Assert.Equal(records, await PositionAsync(new GrainTopicLake(_cluster.Client)));
        await _cluster.Client.GetGrain<IGatewayGrain>(0).CommitAsync();
        Assert.Equal(Enumerable.Range(0, records).Select(static offset => (Source, (long)offset)), BronzeRecords.Of(_folder["lake"]));
        Assert.All(LakeReader.Open(_folder["lake"]).CheckDeep().Findings, static finding => Assert.True(finding.IsRight, finding.ToString()));
    }
}
