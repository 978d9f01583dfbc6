using OrleansLake.Grains.Cluster;

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
}
