namespace OrleansLake.Grains.Tests;

/// <summary>The streams over the bronze log, as any grain sees them.</summary>
public class StreamTests
{
    [Fact]
    public async Task A_subscriber_gets_every_frame_once_and_in_the_order_of_the_log()
    {
        await using LakeCluster lake = await LakeCluster.StartAsync(2, 2, options => options.Trigger = TimeSpan.FromHours(1));
        long[] ends = new long[2];
        foreach (byte[] piece in GoldenEvents.Pieces(100))
        {
            ends = (await lake.Gateway.SendAsync(new SendRequest { Ndjson = piece })).EndOffsets;
        }

        for (int partition = 0; partition < 2; partition++)
        {
            IFollowerGrain follower = lake.Cluster.Client.GetGrain<IFollowerGrain>(partition);
            await CameAsync(follower, ends[partition]);
            List<(long Sequence, long Rows)> seen = await follower.SeenAsync();
            Assert.Equal(Enumerable.Range(0, 120).Select(i => (long)i), seen.Select(frame => frame.Sequence));
            Assert.Equal(ends[partition], seen.Sum(frame => frame.Rows));
        }
    }

    [Fact]
    public async Task A_subscriber_that_rewinds_gets_the_rest_of_the_log_again()
    {
        await using LakeCluster lake = await LakeCluster.StartAsync(1, 1, options => options.Trigger = TimeSpan.FromHours(1));
        foreach (byte[] piece in GoldenEvents.Pieces(100))
        {
            await lake.Gateway.SendAsync(new SendRequest { Ndjson = piece });
        }

        IFollowerGrain follower = lake.Cluster.Client.GetGrain<IFollowerGrain>(0);
        await CameAsync(follower, 12_000);
        FollowerGrain.Has = 69;
        try
        {
            await follower.LeaveAsync();
            await lake.Gateway.SendAsync(new SendRequest { Ndjson = GoldenEvents.Pieces(100).First() });
            await CameAsync(follower, 5_100);
        }
        finally
        {
            FollowerGrain.Has = -1;
        }

        Assert.Equal(Enumerable.Range(70, 51).Select(i => (long)i), (await follower.SeenAsync()).Select(frame => frame.Sequence));
    }

    // What has not come in time is better explained by what has.
    private static async Task CameAsync(IFollowerGrain follower, long rows) => await Task.WhenAny(follower.WaitAsync(rows), Task.Delay(TimeSpan.FromSeconds(30)));
}
