using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLake.Client.Embedded;
using OrleansLake.Client.Orleans;
using OrleansLake.Connectors;
using OrleansLake.Connectors.Sources;
using OrleansLake.Contracts;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.Grains;
using OrleansLake.Server;
using OrleansLake.Server.Connectors;
using OrleansLake.Server.Sources;
using OrleansLake.TestSupport;

namespace OrleansLake.Client.Tests;

/// <summary>A topic that silos read together, while they come and go.</summary>
public sealed class SourceGrainTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(2);

    private readonly ScratchFolder _folder = new();
    private readonly MemoryTopic _topic = new(6);
    private InProcessTestCluster _cluster = null!;

    private ILakeSources Sources => _cluster.Silos[0].ServiceProvider.GetRequiredService<ISourcePlacement>();

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(3);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddLake(_folder["lake"], static options =>
            {
                options.Partitions = 4;
                options.Keep = KeptFields.Source;
                options.Trigger = TimeSpan.FromMilliseconds(300);
            });
            silo.AddMemoryGrainStorage(LakeConnectors.Storage);
            silo.UseInMemoryReminderService();
            silo.AddLakeConnectors();
            silo.Services.AddOrleansLakeCluster();
            silo.Services.AddMetrics();
            silo.Services.AddSingleton<LakeMetrics>();
            silo.Services.AddSingleton(new LakeServerOptions());
            silo.Services.AddSingleton(new ConnectorRegistration<ITopicSource>(_ => _topic.NewSource())).AddSourceHosting();
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Partitions_are_spread_and_each_record_is_stored_once_while_silos_die_stop_and_join()
    {
        using var end = new CancellationTokenSource();
        Task publishing = PublishAsync(end.Token);
        await UntilAsync(async () => (await SilosAsync()).Values.Distinct().Count() == 3);
        await _cluster.KillSiloAsync(_cluster.Silos[1]);
        await UntilReadAsync();
        await _cluster.StartAdditionalSiloAsync();
        await UntilAsync(async () => (await SilosAsync()).Values.Distinct().Count() == 3);
        await _cluster.StopSiloAsync(_cluster.Silos[2]);
        await UntilReadAsync();
        await end.CancelAsync();
        await publishing;
        await AssertOnceAsync();
    }

    [Fact]
    public async Task Partitions_that_are_added_are_read_from_their_first_record()
    {
        _topic.Publish(0, "a");
        await UntilAsync(async () => (await StatusAsync()).Partitions is [{ Position: 1 }, ..] and { Count: 6 });
        _topic.Grow(8);
        _topic.Publish(7, "b");
        await UntilAsync(async () => (await StatusAsync()).Partitions is { Count: 8 } all && all[7].Position == 1);
        await AssertOnceAsync();
    }

    [Fact]
    public async Task A_source_is_paused_goes_on_and_is_moved_on_all_silos()
    {
        _topic.Publish(4, "a");
        await UntilAsync(async () => (await StatusAsync()).Partitions is { Count: 6 } all && all[4].Position == 1);
        await Sources.SetPausedAsync(MemoryTopic.Name, isPaused: true);
        _topic.Publish(4, "b");
        _topic.Publish(5, "c");

        // A silo that joins keeps it paused.
        await _cluster.StartAdditionalSiloAsync();
        await Task.Delay(TimeSpan.FromSeconds(5));
        SourceStatus paused = await StatusAsync();
        Assert.True(paused.IsPaused);
        Assert.Equal([0, 0, 0, 0, 1, 0], paused.Partitions.Select(static one => one.Position));

        LakeClientException unknown = await Assert.ThrowsAsync<LakeClientException>(() => Sources.SeekAsync(new SourceSeek("memory:others")));
        Assert.Equal((LakeClientErrorKind.NotFound, "There is no source memory:others; there are memory:messages."), (unknown.Kind, unknown.Message));
        LakeClientException beyond = await Assert.ThrowsAsync<LakeClientException>(() => Sources.SeekAsync(new SourceSeek(MemoryTopic.Name) { Partition = 4, Offset = 9 }));
        Assert.Equal((LakeClientErrorKind.BadRequest, "memory:messages/4 begins at offset 0 and ends at 2 now: 9 is not between."), (beyond.Kind, beyond.Message));
        SourceMove move = Assert.Single(await Sources.SeekAsync(new SourceSeek(MemoryTopic.Name) { Partition = 4, Offset = 2 }));
        Assert.Equal(new SourceMove(MemoryTopic.Name, 4, 1, 2), move);
        await Sources.SetPausedAsync(MemoryTopic.Name, isPaused: false);
        await UntilAsync(async () => (await StatusAsync()).Partitions is { Count: 6 } all && all[4].Position == 2 && all[5].Position == 1);
        Assert.Equal([("memory:messages/4", 0L), ("memory:messages/5", 0L)], (await BronzeAsync()).Order());
    }

    private async Task PublishAsync(CancellationToken stop)
    {
        for (int number = 0; !stop.IsCancellationRequested; number++)
        {
            for (int partition = 0; partition < 6; partition++)
            {
                _topic.Publish(partition, string.Create(CultureInfo.InvariantCulture, $"{partition}-{number}"));
            }

            await Task.Delay(2, CancellationToken.None);
        }
    }

    private async Task<SourceStatus> StatusAsync() => Assert.Single(await Sources.GetSourcesAsync());

    // Which silo reads each partition.
    private async Task<Dictionary<int, string>> SilosAsync()
    {
        SourceReport report = await _cluster.Client.GetSource(MemoryTopic.Name).GetStatusAsync();
        return report.Places.Zip(report.Partitions).Where(static one => one.Second is { IsRead: true }).ToDictionary(static one => one.First.Number, static one => one.Second!.Silo);
    }

    // What is there by now.
    private async Task UntilReadAsync()
    {
        int[] ends = [.. Enumerable.Range(0, 6).Select(_topic.CountOf)];
        var lake = new GrainTopicLake(_cluster.Client);
        await UntilAsync(async () => (await lake.GetPositionsAsync()) is { Count: 6 } all && all.All(one => one.NextOffset >= ends[one.Partition]));
    }

    private async Task AssertOnceAsync()
    {
        int[] ends = [.. Enumerable.Range(0, _topic.Partitions).Select(_topic.CountOf)];
        var lake = new GrainTopicLake(_cluster.Client);
        try
        {
            await UntilAsync(async () => (await lake.GetPositionsAsync()) is { } all && all.Count == ends.Length && all.All(one => one.NextOffset == ends[one.Partition]));
        }
        catch (OperationCanceledException)
        {
            SourceReport r = await _cluster.Client.GetSource(MemoryTopic.Name).GetStatusAsync();
            throw new InvalidOperationException("ends " + string.Join(" ", ends) + "; positions " + string.Join(" ", await lake.GetPositionsAsync()) + "; " + r.Trouble + string.Join(" ", r.Places.Zip(r.Partitions)));
        }

        Assert.Equal(ends.SelectMany(static (end, partition) => Enumerable.Range(0, end).Select(offset => ($"{MemoryTopic.Name}/{partition}", (long)offset))).Order(), (await BronzeAsync()).Order());
        Assert.All(LakeReader.Open(_folder["lake"]).CheckDeep().Findings, static finding => Assert.True(finding.IsRight, finding.ToString()));
    }

    private async Task<IEnumerable<(string, long)>> BronzeAsync()
    {
        await _cluster.Client.GetGrain<IGatewayGrain>(0).CommitAsync();
        return BronzeRecords.Of(_folder["lake"]);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var tooLong = new CancellationTokenSource(TooLong);
        while (!await isSo())
        {
            await Task.Delay(100, tooLong.Token);
        }
    }
}
