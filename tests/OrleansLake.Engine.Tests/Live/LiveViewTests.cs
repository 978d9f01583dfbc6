using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Engine.Live;

namespace OrleansLake.Engine.Tests.Live;

public class LiveViewTests
{
    [Fact]
    public async Task What_is_durable_is_seen_without_a_trigger()
    {
        using var under = new LakeUnderTest { };
        await using Lake lake = await under.OpenAsync();
        LiveView live = lake.GoLive();
        await lake.AppendAsync(Batch(("a", "SENT", 5)));
        await live.WaitAppliedAsync([1], CancellationToken.None);
        LiveReading reading = live.Read(LakeReports.Report1);
        Assert.Throws<ArgumentException>(() => live.Read(LakeReports.Report2 with { Name = "report3" }));
        Assert.Equal(1, reading.Table.GrandTotal);
        Assert.Equal(1, reading.At.Offset);
        Assert.Equal(0, lake.Status.Published);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddMicroseconds(5), live.Counts().NewestEvent);
    }

    [Fact]
    public async Task Steps_folded_are_the_report_at_their_position_while_messages_stream_in()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        using var under = new LakeUnderTest();
        await using Lake lake = await under.OpenAsync();
        LiveView live = lake.GoLive();
        const int Batches = 300;
        Task sending = Task.Run(async () =>
        {
            for (int batch = 0; batch < Batches; batch++)
            {
                await lake.AppendAsync(Batch([.. Enumerable.Range(0, random.Next(1, 20)).Select(_ =>
                    ($"id{random.Next(300)}", random.Next(10) == 0 ? "" : $"E{random.Next(1 + (batch / 30))}", (long)random.Next(1000) * 86_400_000))]));
                if (batch % 50 == 0)
                {
                    await lake.CommitAsync();
                }
            }
        });
        using LiveSubscription subscription = live.Subscribe(LakeReports.All);
        ReportFold[] folds = [.. subscription.Start.Tables.Select(table => new ReportFold(table))];
        long offset = subscription.Start.Counts.At.Offset;
        while (!sending.IsCompleted || offset < lake.Status.Accepted)
        {
            LiveStep step = await subscription.NextAsync(CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            Assert.True(step.Counts.At.Offset >= offset);
            offset = step.Counts.At.Offset;
            for (int report = 0; report < folds.Length; report++)
            {
                folds[report].Apply(step.Changes[report].Rows, step.Changes[report].Removed);
                await live.WaitAppliedAsync([offset], CancellationToken.None);
                LiveReading reading = live.Read(LakeReports.All[report]);
                if (reading.At.Offset == offset)
                {
                    Assert.True(LakeUnderTest.Ndjson(reading.Table) == LakeUnderTest.Ndjson(folds[report].ToTable()), $"seed {seed}, offset {offset}");
                }
            }

            Assert.True(step.Counts.Total.IsClosed);
            if (sending.IsCompleted)
            {
                await sending;
            }
        }

        Assert.Equal(LakeUnderTest.Ndjson(lake.Report(LakeReports.Report2)), LakeUnderTest.Ndjson(folds[1].ToTable()));
        Assert.Equal(1, live.Watchers);
    }

    [Fact]
    public async Task A_closed_lake_ends_its_watchers()
    {
        using var under = new LakeUnderTest();
        Lake lake = await under.OpenAsync();
        LiveSubscription subscription = lake.GoLive().Subscribe();
        Task<LiveStep> next = subscription.NextAsync(CancellationToken.None).AsTask();
        await lake.DisposeAsync();
        await Assert.ThrowsAsync<LiveViewClosedException>(() => next);
    }

    [Fact]
    public async Task A_messages_life_tells_what_counts_wherever_its_copies_are()
    {
        using var under = new LakeUnderTest();
        await using Lake lake = await under.OpenAsync();
        LiveView live = lake.GoLive();
        await lake.AppendAsync(Batch(("123", "CREATED", 600), ("other", "SENT", 1), ("123", "", 2)));
        await lake.CommitAsync();
        await lake.AppendAsync(Batch(("123", "CREATED", 300), ("123", "SENT", 700)));
        await lake.CommitAsync();
        await lake.AppendAsync(Batch(("123", "CREATED", 400)));
        await live.WaitAppliedAsync([6], CancellationToken.None);

        MessageHistory history = live.Find("123");

        Assert.Equal(6, history.At.Offset);
        Assert.Equal(
            [(0, 600L, "CREATED", false, 3L), (2, 2L, "", true, null), (3, 300L, "CREATED", false, 3L), (4, 700L, "SENT", false, 4L), (5, 400L, "CREATED", false, 3L)],
            history.Copies.Select(copy => ((int)copy.Offset, copy.TimestampMicros!.Value, copy.EventType!, copy.IsCorrupted, copy.CountedOffset)));
        Assert.All(history.Copies, copy => Assert.Equal(("CHAT", "1970-01-01", 2001, 7, "v"), (copy.Channel, copy.Date, copy.CountryId!.Value, copy.UserId!.Value, copy.Value)));
        Assert.Empty(live.Find("12").Copies);
        Assert.Empty(live.Find("00000000-0000-0000-0000-000000000000").Copies);
    }

    [Fact]
    public async Task The_newest_event_is_known_after_a_restart()
    {
        using var under = new LakeUnderTest();
        await using (Lake lake = await under.OpenAsync())
        {
            Assert.Null(lake.GoLive().Counts().NewestEvent);
            await lake.AppendAsync(Batch(("a", "SENT", 5_000_000), ("b", "NONE", 9_000_000)));
            await lake.CommitAsync();
        }

        await using Lake again = await under.OpenAsync();
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(5), again.GoLive().Counts().NewestEvent);
    }

    private static MessageBatch Batch(params (string Id, string EventType, long Micros)[] messages)
    {
        var batch = new MessageBatch();
        foreach ((string id, string eventType, long micros) in messages)
        {
            batch.Timestamps.Append(micros);
            batch.Values.Append("v"u8);
            batch.EventTypes.Append(System.Text.Encoding.UTF8.GetBytes(eventType));
            batch.MessageIds.Append(System.Text.Encoding.UTF8.GetBytes(id));
            batch.Channels.Append("CHAT"u8);
            batch.CountryIds.Append(2001);
            batch.UserIds.Append(7);
        }

        return batch;
    }
}
