using OrleansLake.Engine;

namespace OrleansLake.Grains.Tests;

public class OptionsTests
{
    [Fact]
    public void What_no_cluster_can_mean_is_told_all_at_once()
    {
        var options = new LakeClusterOptions { Partitions = 0, Trigger = TimeSpan.Zero, ThreadsPerPartition = 0, UnappliedRowsMax = 0, Deduplication = (DeduplicationKind)9 };
        Assert.Equal(
            ["Partitions", "Trigger", "Deduplication", "ThreadsPerPartition", "UnappliedRowsMax"],
            new LakeClusterOptionsValidator().Validate(null, options).Failures!.Select(failure => failure.Split(' ')[0]));
        Assert.True(new LakeClusterOptionsValidator().Validate(null, new LakeClusterOptions()).Succeeded);
    }

    [Fact]
    public async Task A_process_that_runs_lakes_of_one_partition_refuses_one_of_many_and_readers_read_it()
    {
        await using LakeCluster lake = await LakeCluster.StartAsync(1, 4);
        await lake.Gateway.CommitAsync();
        await Assert.ThrowsAsync<LakeException>(() => Lake.OpenAsync(new LakeOptions { Path = lake.Folder }));
        Assert.True(LakeReader.Open(lake.Folder).Check().Passed);
    }
}
