using System.Text;
using OrleansLake.Core.Reports;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Live;
using OrleansLake.Engine.Tests.Sending;
using OrleansLake.Storage.Log;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

/// <summary>Tests what continues while a commit's files are written: the store holds them until it is asked to let them go.</summary>
public sealed class CommitTests : IDisposable
{
    // A bound for what would else hang; nothing takes anywhere near it.
    private static readonly TimeSpan Never = TimeSpan.FromMinutes(2);

    private readonly LakeUnderTest _lake = new();
    private readonly TroubledStore _store;
    private readonly SentMessage[] _sent = SentStreams.Many(300, 43);

    public CommitTests() => _store = new TroubledStore(_lake.Path);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_are_accepted_applied_and_read_while_a_commit_writes_its_files(bool hasBase)
    {
        await using (Lake lake = Lake.Open(_store, _lake.Options))
        {
            LiveView live = lake.GoLive();
            await SendAsync(lake, _sent[..100]);
            if (hasBase)
            {
                // Else the commit under way writes all of the state.
                await lake.CommitAsync();
            }

            await SendAsync(lake, _sent[100..200]);
            using IDisposable held = _store.HoldFiles();
            Task commit = lake.CommitAsync();
            await ManualClock.UntilAsync(() => _store.FilesWaiting > 0, "a commit that writes");
            for (int sent = 200; sent < 300; sent += 20)
            {
                await SendAsync(lake, _sent[sent..(sent + 20)]).WaitAsync(Never);
                Message[] applied = Messages(sent + 20);
                await live.WaitAppliedAsync([sent + 20], CancellationToken.None);
                Assert.Equal(Oracle.Report1(applied), LakeUnderTest.Ndjson(live.Read(LakeReports.Report1).Table));
                Assert.Equal(Oracle.Report2(applied), LakeUnderTest.Ndjson(lake.Report(LakeReports.Report2)));
                LiveCounts counts = live.Counts();
                Assert.Equal((sent + 20, counts.Total.Bronze), (counts.At.Offset, counts.Total.Messages + counts.Total.MessagesCorrupted));
                LakeStatus status = lake.Status;
                Assert.Equal((hasBase ? 100 : 0, sent + 20 - (hasBase ? 100 : 0)), (status.Published, status.PendingRows));
            }

            // Copies that are being published and others are found once each, before and after they are.
            int copies = Messages(300).Count(message => message.MessageId == _sent[150].Message!.MessageId);
            Assert.Equal(copies, live.Find(_sent[150].Message!.MessageId!).Copies.Count);
            Assert.False(commit.IsCompleted);
            held.Dispose();
            await commit;
            Assert.Equal((200, 100), (lake.Status.Published, lake.Status.PendingRows));
            Assert.Equal(copies, live.Find(_sent[150].Message!.MessageId!).Copies.Count);
            await lake.CommitAsync();
        }

        _lake.AssertHolds(_sent[..300]);
    }

    [Fact]
    public async Task Commit_that_fails_while_more_is_applied_is_made_up_for_by_the_next()
    {
        await using (Lake lake = Lake.Open(_store, _lake.Options))
        {
            await lake.CommitAsync();
            await SendAsync(lake, _sent[..100]);
            using IDisposable held = _store.HoldFiles();
            Task commit = lake.CommitAsync();
            await ManualClock.UntilAsync(() => _store.FilesWaiting > 0, "a commit that writes");
            await SendAsync(lake, _sent[100..200]).WaitAsync(Never);
            _store.IsFull = true;
            held.Dispose();
            await Assert.ThrowsAnyAsync<IOException>(() => commit);
            await SendAsync(lake, _sent[200..300]);
            Assert.Equal(Oracle.Report1(Messages(300)), LakeUnderTest.Ndjson(lake.Report(LakeReports.Report1)));
            Assert.Equal((0, 300), (lake.Status.Published, lake.Status.PendingRows));
            _store.IsFull = false;
            await lake.CommitAsync();
            Assert.Equal((300, 0), (lake.Status.Published, lake.Status.PendingRows));
        }

        _lake.AssertHolds(_sent[..300]);
    }

    [Fact]
    public async Task Rows_that_wait_for_a_commit_count_towards_what_memory_holds()
    {
        _lake.Options = _lake.Options with { PendingRowsMax = 150 };
        await using (Lake lake = Lake.Open(_store, _lake.Options))
        {
            LiveView live = lake.GoLive();
            await SendAsync(lake, _sent[..100]);
            using IDisposable held = _store.HoldFiles();
            Task commit = lake.CommitAsync();
            await ManualClock.UntilAsync(() => _store.FilesWaiting > 0, "a commit that writes");
            Task[] later = [.. Enumerable.Range(1, 2).Select(n => SendAsync(lake, _sent[(100 * n)..(100 * (n + 1))]))];
            await ManualClock.UntilAsync(() => lake.Status.Durable == 300, "all to be durable");

            // One batch may go beyond the bound; the next waits for the commit.
            await ManualClock.UntilAsync(() => lake.Status.Applied == 200, "a batch to be applied");
            Assert.Equal(200, lake.Status.PendingRows);
            Assert.Equal(0, lake.Status.Published);
            held.Dispose();
            await commit;
            await Task.WhenAll(later);
            Assert.Equal(300, live.Counts().At.Offset);
            await lake.CommitAsync();
        }

        _lake.AssertHolds(_sent[..300]);
    }

    [Fact]
    public async Task Small_batches_that_wait_become_few_large_ones_of_the_same_rows()
    {
        SentMessage[] sent = SentStreams.Many(40_000, 7);
        await using (Lake lake = Lake.Open(_store, _lake.Options))
        {
            await lake.CommitAsync();
            foreach (SentMessage[] batch in sent[..39_000].Chunk(150))
            {
                lake.Partition.Accept(new FrameContent { Rows = SentMessage.Batch(batch) });
            }

            lake.Partition.Accept(new FrameContent { Rows = SentMessage.Batch(sent[39_000..]) });
            lake.Partition.FlushOnly();
            lake.Partition.ApplyDurable();
            Assert.Equal(40_000, lake.Status.PendingRows);
            Assert.InRange(lake.Partition.Look(moment => moment.Pending.Count()), 1, 60);
            await lake.CommitAsync();
        }

        _lake.AssertHolds(sent);
    }

    [Fact]
    public async Task Commits_beside_senders_take_no_thread_of_the_pool()
    {
        using var stop = new CancellationTokenSource();
        await using (Lake lake = Lake.Open(_store, _lake.Options with { Threads = 4 }))
        {
            Task<RunSummary> run = lake.RunAsync(new RunOptions(), null, stop.Token);
            await SendAsync(lake, _sent[..50]);
            await ManualClock.UntilAsync(() => lake.Status.Published == 50, "the run to have started");
            using IDisposable held = _store.HoldFiles();
            await SendAsync(lake, _sent[50..100]);
            await ManualClock.UntilAsync(() => _store.FilesWaiting > 0, "a commit that writes");
            Assert.False(_store.PoolWrites);
            held.Dispose();
            await stop.CancelAsync();
            await run;
        }

        _lake.AssertHolds(_sent[..100]);
    }

    public void Dispose()
    {
        _store.Dispose();
        _lake.Dispose();
    }

    private static async Task SendAsync(Lake lake, IEnumerable<SentMessage> sent)
    {
        byte[] body = Encoding.UTF8.GetBytes(string.Join('\n', sent.Select(one => one.Line)));
        SendOutcome outcome = await lake.SendAsync(body, new SendOptions { UntilApplied = true, WaitMax = Never });
        Assert.Equal(SendStatus.Stored, outcome.Status);
        Assert.True(outcome.IsApplied);
    }

    private Message[] Messages(int count) => [.. _sent[..count].Select(one => one.In(LakeTimeZone.Utc))];
}
