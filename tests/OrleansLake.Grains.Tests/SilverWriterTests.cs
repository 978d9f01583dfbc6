using Orleans.Core.Internal;
using OrleansLake.Core.Reports;
using OrleansLake.Engine;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Grains.Tests;

/// <summary>Writers publish what their partitions apply, and follow them.</summary>
public class SilverWriterTests
{
    private const int Partitions = 4;

    [Fact]
    public async Task Files_follow_the_trigger_and_the_writer_follows_its_partition()
    {
        await using LakeCluster lake = await LakeCluster.StartAsync(2, Partitions, options => options.Trigger = TimeSpan.FromMilliseconds(300));
        byte[][] pieces = [.. GoldenEvents.Pieces(1000)];
        for (int piece = 0; piece < pieces.Length; piece++)
        {
            if (piece == pieces.Length / 2)
            {
                await UntilAsync(async () => (await StatusesAsync(lake)).All(pair => pair.Writer.CommitNumber > 0 && pair.Writer.Silo == pair.Partition.Silo));
                await lake.Cluster.StopSiloAsync(lake.Cluster.Silos[^1]);
            }

            byte[] lines = pieces[piece];
            int number = piece;
            await Retries.RunAsync(() => lake.Gateway.SendAsync(new SendRequest { Ndjson = lines, Key = "golden", Number = number }));
        }

        // Nobody asks for a commit.
        var store = new LocalStore(lake.Folder);
        await UntilAsync(() => Task.FromResult(LakeReader.Open(store).Report(LakeReports.Report1.Name) is var report
            && LakeCluster.Ndjson(report) == GoldenEvents.Report1));
        (PartitionStatus Partition, WriterStatus Writer)[] standings = await StatusesAsync(lake);
        Assert.All(standings, pair => Assert.Equal((pair.Partition.Silo, pair.Partition.Epoch), (pair.Writer.Silo, pair.Writer.Epoch)));
        Assert.True(LakeReader.Open(store).CheckDeep(2).Passed);
    }

    [Fact]
    public async Task Writer_whose_partition_has_not_followed_lets_the_partition_write()
    {
        // With an hour to the next trigger, partitions stay where they are when a silo joins. Writers come up where partitions will be.
        await using LakeCluster lake = await LakeCluster.StartAsync(1, Partitions, options => options.Trigger = TimeSpan.FromHours(1));
        await lake.Gateway.SendAsync(new SendRequest { Ndjson = GoldenEvents.Pieces(1000).First(), Key = "golden", Number = 0 });
        await lake.Cluster.StartAdditionalSiloAsync();
        await UntilAsync(async () =>
        {
            if ((await StatusesAsync(lake)).Any(pair => pair.Writer.Silo != pair.Partition.Silo))
            {
                return true;
            }

            // They came up before the new silo was known where they are placed, and would stay.
            await Task.WhenAll(Enumerable.Range(0, Partitions).Select(p =>
                Retries.RunAsync(() => lake.Cluster.Client.GetGrain<ISilverWriterGrain>(p).AsReference<IGrainManagementExtension>().DeactivateOnIdle().AsTask())));
            return false;
        });
        foreach (int partition in Enumerable.Range(0, Partitions).Reverse())
        {
            await Retries.RunAsync(() => lake.Cluster.Client.GetGrain<ISilverWriterGrain>(partition).CommitAsync());
        }

        Assert.All(await StatusesAsync(lake), pair => Assert.Equal((1, pair.Partition.Durable), (pair.Partition.Epoch, pair.Partition.Published)));
        LakeReader reader = LakeReader.Open(new LocalStore(lake.Folder));
        Assert.Equal(1000, reader.Ledger.Total.Bronze);
        Assert.True(reader.CheckDeep(2).Passed);
    }

    private static async Task<(PartitionStatus Partition, WriterStatus Writer)[]> StatusesAsync(LakeCluster lake) => await Task.WhenAll(Enumerable.Range(0, Partitions).Select(async p => (
        await Retries.RunAsync(() => lake.Partition(p).GetStatusAsync()),
        await Retries.RunAsync(() => lake.Cluster.Client.GetGrain<ISilverWriterGrain>(p).GetStatusAsync()))));

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var tooLong = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!await isSo())
        {
            await Task.Delay(50, tooLong.Token);
        }
    }
}
