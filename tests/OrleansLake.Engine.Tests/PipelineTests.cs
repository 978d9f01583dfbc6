using OrleansLake.Core.Reports;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

public class PipelineTests
{
    private static readonly TimeSpan Trigger = TimeSpan.FromSeconds(5);
    private readonly SentMessage[] _sent = SentStreams.Many(600, 41);

    [Fact]
    public async Task It_commits_every_trigger_and_live_reports_are_ahead_of_it()
    {
        using var lake = new LakeUnderTest();
        var clock = new ManualClock();
        lake.Options = lake.Options with { Clock = clock, Trigger = Trigger };
        using var stop = new CancellationTokenSource();
        await using Lake open = await lake.OpenAsync();
        await open.AppendAsync(SentMessage.Batch(_sent[..100]));
        Task<RunSummary> run = open.RunAsync(new RunOptions(), null, stop.Token);
        await ManualClock.UntilAsync(() => open.Status.Published == 100, "what was there");

        await open.AppendAsync(SentMessage.Batch(_sent[100..250]));
        await ManualClock.UntilAsync(() => open.Status.Applied == 250, "what came");
        LakeStatus status = open.Status;
        Assert.Equal((250L, 250L, 250L, 100L, 150L), (status.Accepted, status.Durable, status.Applied, status.Published, status.PendingRows));
        Assert.Equal(Oracle.Report1(Messages(250)), LakeUnderTest.Ndjson(open.Report(LakeReports.Report1)));
        Assert.Equal(100, lake.Reader().Ledger.Total.Bronze);

        clock.Advance(Trigger);
        await ManualClock.UntilAsync(() => open.Status.Published == 250, "the trigger");
        Assert.Equal(0, open.Status.PendingRows);
        await open.AppendAsync(SentMessage.Batch(_sent[250..300]));
        await stop.CancelAsync();
        Assert.Equal(300, (await run).Accepted);
        lake.AssertHolds(_sent[..300]);
    }

    [Fact]
    public async Task A_writer_that_is_ahead_of_what_memory_holds_applies_its_messages_itself()
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { PendingRowsMax = 100 };
        await using Lake open = await lake.OpenAsync();
        await open.CommitAsync();
        await open.AppendAsync(SentMessage.Batch(_sent[..90]));
        Assert.Equal(0, open.Status.Applied);
        await open.AppendAsync(SentMessage.Batch(_sent[90..180]));
        Assert.Equal(180, open.Status.Applied);
        Assert.Equal(0, open.Status.PendingRows);
    }

    [Fact]
    public async Task Its_time_ends_it_with_a_commit()
    {
        using var lake = new LakeUnderTest();
        var clock = new ManualClock();
        lake.Options = lake.Options with { Clock = clock, Trigger = Trigger };
        await using Lake open = await lake.OpenAsync();
        Task<RunSummary> run = open.RunAsync(new RunOptions { For = TimeSpan.FromSeconds(7) });
        await open.AppendAsync(SentMessage.Batch(_sent[..10]));
        clock.Advance(Trigger);
        await ManualClock.UntilAsync(() => open.Status.Published == 10, "the first trigger");
        await open.AppendAsync(SentMessage.Batch(_sent[10..20]));
        await ManualClock.UntilAsync(() => open.Status.Applied == 20, "what came");
        Assert.False(run.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(20, (await run).Accepted);
        lake.AssertHolds(_sent[..20]);
    }

    [Fact]
    public async Task A_cancelled_run_commits_what_is_durable_and_a_later_one_goes_on()
    {
        using var lake = new LakeUnderTest();
        await using (Lake open = await lake.OpenAsync())
        {
            await open.AppendAsync(SentMessage.Batch(_sent[..100]));
            await open.CommitAsync();
        }

        await using (Lake open = await lake.OpenAsync())
        {
            await open.AppendAsync(SentMessage.Batch(_sent[100..200]));
            using var stop = new CancellationTokenSource();
            await stop.CancelAsync();
            await open.RunAsync(new RunOptions(), null, stop.Token);
            await open.RunAsync(new RunOptions(), null, stop.Token);
            await open.AppendAsync(SentMessage.Batch(_sent[200..300]));
            await open.RunAsync(LakeUnderTest.CaughtUp);
            Assert.Equal(Oracle.Report2(Messages(300)), LakeUnderTest.Ndjson(open.Report(LakeReports.Report2)));
        }

        lake.AssertHolds(_sent[..300]);
    }

    [Fact]
    public async Task Many_threads_append_beside_it_and_nothing_is_lost()
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { Trigger = TimeSpan.FromMilliseconds(1) };
        using var stop = new CancellationTokenSource();
        await using (Lake open = await lake.OpenAsync())
        {
            Task<RunSummary> run = open.RunAsync(new RunOptions(), null, stop.Token);
            await Task.WhenAll(_sent.Chunk(150).Select(async mine =>
            {
                foreach (SentMessage[] batch in mine.Chunk(3))
                {
                    await open.AppendAsync(SentMessage.Batch(batch));
                }
            }));
            await stop.CancelAsync();
            Assert.Equal(600, (await run).Accepted);
        }

        LakeReader reader = lake.Reader();
        LakeUnderTest.AssertLedger(reader.Ledger, Messages(600), 0);
        Assert.Equal(
            _sent.Select(one => one.Value ?? "null").Order(StringComparer.Ordinal),
            SilverRows.Read(lake.Path).Select(row => row.Split('|')[3].Trim('\'')).Order(StringComparer.Ordinal));
        LakeUnderTest.AssertPasses(reader.Check());
    }

    [Fact]
    public async Task Messages_that_are_appended_while_the_first_run_starts_are_published()
    {
        using var lake = new LakeUnderTest();
        await using (Lake open = await lake.OpenAsync())
        {
            for (int i = 0; i < 100; i++)
            {
                await open.AppendAsync(SentMessage.Batch(_sent[i..(i + 1)]));
            }

            Task<RunSummary> run = open.RunAsync(new RunOptions { For = TimeSpan.FromMilliseconds(200) });
            for (int i = 100; i < 200; i++)
            {
                await open.AppendAsync(SentMessage.Batch(_sent[i..(i + 1)]));
            }

            await run;
            await open.CommitAsync();
        }

        lake.AssertHolds(_sent[..200]);
    }

    [Fact]
    public async Task A_reopened_lake_reports_and_counts_before_it_runs()
    {
        using var lake = new LakeUnderTest();
        await using (Lake open = await lake.OpenAsync())
        {
            await LakeUnderTest.IngestTextAsync(open, SentStreams.Ndjson(_sent[..200]) + "no\n");
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        await using (Lake open = await lake.OpenAsync())
        {
            await open.AppendAsync(SentMessage.Batch(_sent[200..300]));
            LakeStatus status = open.Status;
            Assert.Equal((300L, 300L, 200L, 200L, 1L), (status.Accepted, status.Durable, status.Applied, status.Published, status.Rejected));
            Assert.Equal(lake.Reader().Ledger.Total, status.Ledger);
            Assert.Equal(status.Ledger.Deduplicated, status.Keys);
            Assert.Equal(lake.Reader().Files.Count, status.Files);
            Assert.Equal(Oracle.Report1(Messages(300)), LakeUnderTest.Ndjson(open.Report(LakeReports.Report1)));
            Assert.Equal(300, open.Status.Applied);
        }
    }

    [Fact]
    public async Task Gold_that_is_missing_or_behind_is_written_again_when_a_run_starts()
    {
        using var lake = new LakeUnderTest();
        await using (Lake open = await lake.OpenAsync())
        {
            await open.AppendAsync(SentMessage.Batch(_sent));
            await open.CommitAsync();
        }

        File.Delete(lake["gold/report1/data/report1.parquet"]);
        lake.Scratch.Write("lake/gold/report2/data/report2.parquet", "no report");
        await lake.CatchUpAsync();
        Assert.True(File.Exists(lake["gold/report1/data/report1.parquet"]));
        lake.AssertHolds(_sent);
    }

    [Fact]
    public async Task Starting_empty_leaves_nothing_and_what_comes_then_counts_alone()
    {
        using var lake = new LakeUnderTest();
        string foreign = ExternalBronzeFile.Put(lake, "a.parquet", ExternalBronzeFile.Bytes(_sent[..50]));
        await using (Lake open = await lake.OpenAsync())
        {
            await LakeUnderTest.IngestTextAsync(open, SentStreams.Ndjson(_sent[50..100]) + "no\n");
            await open.RunAsync(LakeUnderTest.CaughtUp);
            await open.StartEmptyAsync();
            Assert.False(File.Exists(foreign));
            Assert.Empty(SilverRows.Read(lake.Path));
            await open.AppendAsync(SentMessage.Batch(_sent[100..150]));
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        LakeReader reader = lake.Reader();
        Assert.Equal(Oracle.Report1(Messages(150)[100..]), LakeUnderTest.Ndjson(reader.Report("report1")));
        LakeUnderTest.AssertLedger(reader.Ledger, Messages(150)[100..], 0);
        Assert.Empty(reader.Quarantine());
        LakeUnderTest.AssertPasses(reader.Check());
    }

    [Fact]
    public async Task A_replay_that_is_cancelled_leaves_the_lake_as_it_was_and_usable()
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { PendingRowsMax = 100 };
        await using Lake open = await lake.OpenAsync();
        foreach (SentMessage[] part in _sent[..500].Chunk(50))
        {
            await open.AppendAsync(SentMessage.Batch(part));
            await open.CommitAsync();
        }

        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => open.ReplayAsync(new Sink<ReplayProgress>(_ => stop.Cancel()), stop.Token));
        lake.AssertHolds(_sent[..500]);
        await open.AppendAsync(SentMessage.Batch(_sent[500..]));
        await open.RunAsync(LakeUnderTest.CaughtUp);
        lake.AssertHolds(_sent);
        Assert.Empty(Directory.EnumerateFiles(lake.Path, "*.tmp", SearchOption.AllDirectories));
    }

    private Message[] Messages(int count) => [.. _sent[..count].Select(one => one.In(Core.Time.LakeTimeZone.Utc))];
}
