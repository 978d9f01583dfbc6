using System.Text;
using OrleansLake.Storage.Partitions;

namespace OrleansLake.Engine.Tests.Sending;

public sealed class TroubleTests : IDisposable
{
    private readonly LakeUnderTest _lake = new();
    private readonly TroubledStore _store;

    public TroubleTests() => _store = new TroubledStore(_lake.Path);

    [Fact]
    public async Task Stalled_disk_keeps_memory_bounded_and_later_senders_are_told_to_try_again()
    {
        SentMessage[] sent = SentStreams.Many(50, 1);
        ReadOnlyMemory<byte> body = Body(sent);
        await using Lake lake = Open(_lake.Options with { SendBytesMax = body.Length * 3 });
        await lake.SendAsync(body);
        _store.Stall();
        Task<SendOutcome>[] first = [.. Enumerable.Range(0, 3).Select(_ => lake.SendAsync(body))];
        await ManualClock.UntilAsync(() => _store.FlushesWaiting == 1, "an fsync that stalls");
        Task<SendOutcome>[] later = [.. Enumerable.Range(0, 500).Select(_ => lake.SendAsync(body, new SendOptions { WaitMax = TimeSpan.FromMilliseconds(20) }))];
        Assert.All(await Task.WhenAll(later), outcome =>
        {
            Assert.Equal(SendStatus.Busy, outcome.Status);
            Assert.True(outcome.RetryAfter > TimeSpan.Zero);
        });
        Task<SendOutcome> patient = lake.SendAsync(body, new SendOptions { WaitMax = TimeSpan.FromMinutes(1) });

        // Four bodies and no more are in the log, or next in it: what waits, waits before it is parsed.
        Assert.InRange(lake.Status.Accepted, 100, 200);
        Assert.All(first, task => Assert.False(task.IsCompleted));
        _store.GoOn();
        Assert.All(await Task.WhenAll([.. first, patient]), outcome => Assert.Equal(SendStatus.Stored, outcome.Status));
        Assert.Equal(250, lake.Status.Durable);
    }

    [Fact]
    public async Task Cancelled_sender_leaves_the_queue_and_nobody_behind_it_waits_for_it()
    {
        ReadOnlyMemory<byte> body = Body(SentStreams.Many(10, 1));
        await using Lake lake = Open(_lake.Options with { SendBytesMax = body.Length });
        _store.Stall();
        Task<SendOutcome> first = lake.SendAsync(body);
        using var stop = new CancellationTokenSource();
        Task<SendOutcome> cancelled = lake.SendAsync(body, new SendOptions { WaitMax = Timeout.InfiniteTimeSpan }, stop.Token);
        Task<SendOutcome> last = lake.SendAsync(body, new SendOptions { WaitMax = Timeout.InfiniteTimeSpan });
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        _store.GoOn();
        Assert.Equal(SendStatus.Stored, (await first).Status);
        Assert.Equal(SendStatus.Stored, (await last).Status);
        Assert.Equal(20, lake.Status.Durable);
    }

    [Fact]
    public async Task Senders_wait_for_a_pipeline_that_is_behind_until_it_has_published()
    {
        await using Lake lake = Open(_lake.Options with { PendingRowsMax = 100 });
        await lake.CommitAsync();
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(SendStatus.Stored, (await lake.SendAsync(Body(SentStreams.Many(30, i)))).Status);
            Assert.InRange(lake.Status.Accepted - lake.Status.Applied, 0, 129);
            Assert.InRange(lake.Status.PendingRows, 0, 129);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task After_a_failed_fsync_senders_learn_what_survived_and_the_lake_goes_on_by_itself(int senders)
    {
        var clock = new ManualClock();
        SentMessage[] sent = SentStreams.Many(senders * 2, 7);
        SentMessage[][] bodies = [.. sent.Chunk(2)];
        SentMessage[] stored;
        await using (Lake lake = Open(_lake.Options with { Clock = clock }))
        {
            SentMessage[] before = SentStreams.Many(5, 1);
            await lake.SendAsync(Body(before));
            string epochBefore = NewestEpoch();
            _store.FailsToFlush = true;

            // The opening's own fsync fails as well: nobody knows what of it is on the disk.
            SendOutcome[] failed = await Task.WhenAll(bodies.Select((body, i) => lake.SendAsync(Body(body), Keyed(i))));
            Assert.All(failed, outcome => Assert.Equal(SendStatus.Unavailable, outcome.Status));
            Assert.Contains(failed, outcome => outcome.IsUnknown);
            Assert.Equal(SendStatus.Unavailable, (await lake.SendAsync(Body(before))).Status);
            _store.FailsToFlush = false;
            clock.Advance(TimeSpan.FromMinutes(1));

            SendOutcome[] again = await Task.WhenAll(bodies.Select((body, i) => lake.SendAsync(Body(body), Keyed(i))));
            Assert.All(again, outcome => Assert.True(outcome.IsAcknowledged, outcome.Reason));
            Assert.NotEqual(epochBefore, NewestEpoch());
            stored = [.. before, .. again.Zip(bodies).OrderBy(pair => pair.First.FirstOffset).SelectMany(pair => pair.Second)];
            Assert.Equal(stored.Length, lake.Status.Durable);
            await lake.RunAsync(LakeUnderTest.CaughtUp);
        }

        _lake.AssertHolds(stored);
    }

    [Fact]
    public async Task Sender_whose_fsync_failed_once_is_acknowledged_when_the_new_owner_found_its_body()
    {
        await using Lake lake = Open(_lake.Options);
        await lake.SendAsync(Body(SentStreams.Many(1, 1)));
        _store.Stall();
        Task<SendOutcome> sent = lake.SendAsync(Body(SentStreams.Many(2, 2)));
        await ManualClock.UntilAsync(() => _store.FlushesWaiting == 1, "an fsync");
        _store.FailNext();
        _store.GoOn();
        SendOutcome outcome = await sent;
        Assert.Equal((SendStatus.Stored, 1L, 3L), (outcome.Status, outcome.FirstOffset, outcome.EndOffset));
        Assert.Equal(3, lake.Status.Durable);
    }

    [Fact]
    public async Task Small_bodies_that_wait_for_the_same_fsync_share_a_frame_and_keep_their_own_offsets()
    {
        SentMessage[][] bodies = [.. SentStreams.Many(40, 3).Chunk(4)];
        SentMessage[] stored;
        await using (Lake lake = Open(_lake.Options))
        {
            _store.Stall();
            Task<SendOutcome> first = lake.SendAsync(Body(bodies[0]));
            await ManualClock.UntilAsync(() => _store.FlushesWaiting == 1, "an fsync");
            long before = lake.Partition.Durable.Sequence;
            Task<SendOutcome>[] together = [.. bodies[1..].Select(body => lake.SendAsync(Body(body)))];
            SendOutcome refused = await lake.SendAsync(Body(bodies[1]), new SendOptions { AdmitDates = _ => new SendOutcome { Status = SendStatus.Invalid } });
            SendOutcome bad = await lake.SendAsync(Encoding.UTF8.GetBytes("{\"message_id\":7}"), new SendOptions { Strict = true });
            _store.GoOn();
            SendOutcome[] outcomes = [await first, .. await Task.WhenAll(together)];

            Assert.Equal(SendStatus.Invalid, refused.Status);
            Assert.Equal(SendStatus.Invalid, bad.Status);
            Assert.All(outcomes, outcome => Assert.Equal((SendStatus.Stored, 4L, 4L), (outcome.Status, outcome.Accepted, outcome.EndOffset - outcome.FirstOffset)));
            Assert.Equal(Enumerable.Range(0, 10).Select(i => i * 4L), outcomes.Select(outcome => outcome.FirstOffset).Order());

            // The first, and those that waited for it.
            Assert.Equal(2, lake.Partition.Durable.Sequence - before);
            stored = [.. outcomes.Zip(bodies).OrderBy(pair => pair.First.FirstOffset).SelectMany(pair => pair.Second)];
            await lake.RunAsync(LakeUnderTest.CaughtUp);
        }

        _lake.AssertHolds(stored);
    }

    [Fact]
    public async Task Full_disk_refuses_with_its_reason_and_goes_on_when_there_is_room()
    {
        var options = _lake.Options with { Partition = new PartitionStoreOptions { SegmentBytes = 16 << 10 } };
        var stored = new List<SentMessage>();
        await using (Lake lake = Open(options))
        {
            using var stop = new CancellationTokenSource();
            Task<RunSummary> run = lake.RunAsync(new RunOptions { OutlastsFailures = true }, null, stop.Token);
            SentMessage[] sent = SentStreams.Many(400, 5);
            int refused = 0;
            for (int i = 0; i < sent.Length; i += 10)
            {
                _store.IsFull = i is >= 100 and < 300;
                SendOutcome outcome = await lake.SendAsync(Body(sent[i..(i + 10)]));
                if (outcome.IsAcknowledged)
                {
                    stored.AddRange(sent[i..(i + 10)]);
                }
                else
                {
                    refused++;
                    Assert.Equal(SendStatus.Unavailable, outcome.Status);
                    Assert.Contains("no space left", outcome.Reason, StringComparison.Ordinal);
                    Assert.False(outcome.IsUnknown);
                }

                if (i == 250)
                {
                    await ManualClock.UntilAsync(() => lake.Status.Trouble is not null, "the pipeline's trouble");
                }
            }

            Assert.InRange(refused, 1, 20);
            await ManualClock.UntilAsync(() => lake.Status.Trouble is null && lake.Status.Published == stored.Count, "what was acknowledged to be published");
            await stop.CancelAsync();
            await run;
            Assert.Empty(Directory.GetFiles(_lake.Path, "*.tmp", SearchOption.AllDirectories));
        }

        _lake.AssertHolds(stored);
    }

    public void Dispose()
    {
        _store.Dispose();
        _lake.Dispose();
    }

    private Lake Open(LakeOptions options) => Lake.Open(_store, options);

    private static SendOptions Keyed(int i) => new() { Key = SendKey.Idempotency($"k{i}") };

    private string NewestEpoch() => Directory.GetFiles(_lake["bronze/messages/checkpoint/lake/p00000/epochs"]).Order(StringComparer.Ordinal).Last();

    private static ReadOnlyMemory<byte> Body(IEnumerable<SentMessage> sent) => Encoding.UTF8.GetBytes(SentStreams.Ndjson(sent));
}
