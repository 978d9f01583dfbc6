namespace OrleansLake.Engine.Tests;

public class ResumeTests
{
    // More than is flushed at once, so that the middle of each file is reached.
    private static readonly SentMessage[] Large = [.. Enumerable.Range(0, 13_000).Select(i => SentStreams.Of(i, Value(i), id: $"{i}", user: i % 7))];
    private static readonly SentMessage[] Small = [.. Enumerable.Range(0, 140_000).Select(i => SentStreams.Of(i, "v", id: $"{i % 1000}"))];

    [Theory]
    [InlineData("events.ndjson")]
    [InlineData("events.ndjson.gz")]
    [InlineData("events.csv")]
    [InlineData("events.json")]
    [InlineData("events.json.gz")]
    [InlineData("events.firehose")]
    public async Task A_text_file_goes_on_behind_what_is_durable(string name)
    {
        using var lake = new LakeUnderTest();
        await CancelInTheMiddleAndGoOn(lake, name, Large, new IngestOptions { FollowUp = name.EndsWith("gz", StringComparison.Ordinal) });
        lake.AssertHolds(Large);
    }

    [Fact]
    public async Task A_Parquet_file_goes_on_behind_what_is_durable()
    {
        using var lake = new LakeUnderTest();
        await CancelInTheMiddleAndGoOn(lake, "events.parquet", Small, new IngestOptions());
        Assert.Equal(Small.Length, lake.Reader().Ledger.Total.Bronze);
        LakeUnderTest.AssertPasses(lake.Reader().Check());
    }

    [Fact]
    public async Task Another_file_of_the_same_name_starts_at_its_start()
    {
        using var lake = new LakeUnderTest();
        string path = lake.Scratch.Write("events.ndjson", IngestTests.Bytes("events.ndjson", Large));
        await using Lake open = await lake.OpenAsync();
        long durable = await Cancel(open, new IngestFile(path), new IngestOptions());
        SentMessage[] other = SentStreams.Many(50, 3);
        lake.Scratch.Write("events.ndjson", SentStreams.Ndjson(other));
        IngestSummary summary = await open.IngestAsync(new IngestFile(path), LakeUnderTest.Plain);
        Assert.Equal((50L, 0L), (summary.Accepted, summary.ResumedFrom));
        await open.RunAsync(LakeUnderTest.CaughtUp);
        lake.AssertHolds([.. Large[..(int)durable], .. other]);
    }

    [Fact]
    public async Task Acknowledgements_only_grow_and_are_never_ahead_of_what_is_durable()
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { IsDurable = true };
        await using Lake open = await lake.OpenAsync();
        await open.AppendAsync(SentMessage.Batch(Large[..10]));
        var acknowledged = new List<long>();
        var options = new IngestOptions
        {
            Acknowledged = n =>
            {
                Assert.True(open.Status.Durable >= 10 + n);
                acknowledged.Add(n);
            },
        };
        await open.IngestAsync(new IngestFile(lake.Scratch.Write("events.ndjson", SentStreams.Ndjson(Large))), options);
        Assert.Equal(Large.Length, acknowledged[^1]);
        Assert.Equal(acknowledged.Order(), acknowledged);
        Assert.True(acknowledged.Count > 1);
    }

    private static string Value(int i) => new((char)('a' + (i % 26)), 1000);

    private static async Task CancelInTheMiddleAndGoOn(LakeUnderTest lake, string name, SentMessage[] rows, IngestOptions options)
    {
        var file = new IngestFile(lake.Scratch.Write(name, IngestTests.Bytes(name, rows)));
        long durable;
        await using (Lake open = await lake.OpenAsync())
        {
            durable = await Cancel(open, file, options);
            Assert.InRange(open.Status.Durable, durable, rows.Length - 1);
            durable = open.Status.Durable;
        }

        await using (Lake open = await lake.OpenAsync())
        {
            // What was appended and not acknowledged may be there too.
            durable = Math.Max(durable, open.Status.Durable);
            IngestSummary rest = await open.IngestAsync(file, options);
            Assert.Equal((rows.Length - durable, 0L), (rest.Accepted, rest.Rejected));
            Assert.InRange(rest.ResumedFrom, durable, durable + 1);
            Assert.True((await open.IngestAsync(file, options)).Skipped);
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }
    }

    private static async Task<long> Cancel(Lake lake, IngestFile file, IngestOptions options)
    {
        using var stop = new CancellationTokenSource();
        long durable = 0;
        IngestOptions cancelling = options with
        {
            Acknowledged = n =>
            {
                durable = n;
                if (n > 0)
                {
                    stop.Cancel();
                }
            },
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lake.IngestAsync(file, cancelling, null, stop.Token));
        Assert.True(durable > 0);
        return durable;
    }
}
