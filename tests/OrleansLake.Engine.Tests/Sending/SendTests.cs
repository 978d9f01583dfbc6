using System.Buffers;
using System.Text;
using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Tests.Sending;

public sealed class SendTests : IDisposable
{
    private readonly LakeUnderTest _lake = new();

    [Fact]
    public async Task Body_is_stored_and_its_bad_lines_are_quarantined_with_their_numbers()
    {
        SentMessage[] sent = [.. SentStreams.Many(3, 1), new SentMessage("oops", null, null), .. SentStreams.Many(2, 2)];
        await using (Lake lake = await _lake.OpenAsync())
        {
            SendOutcome outcome = await lake.SendAsync(Body(sent));
            Assert.Equal((SendStatus.Stored, 5L, 1L, 0L, 5L), Of(outcome));
            Assert.Equal((4L, RejectionReason.NotReadable), (outcome.Rejections[0].Record, outcome.Rejections[0].Reason));
            Assert.Equal(5, lake.Status.Durable);
            await lake.RunAsync(LakeUnderTest.CaughtUp);
        }

        _lake.AssertHolds(sent);
    }

    [Theory]
    [InlineData("[{0}]")]
    [InlineData(" [\n {0} \n]\n")]
    public async Task Array_is_stored_element_by_element(string form)
    {
        SentMessage[] sent = [.. SentStreams.Many(4, 3), new SentMessage("""{"message_id":"1"}""", null, null), .. SentStreams.Many(4, 4)];
        await using (Lake lake = await _lake.OpenAsync())
        {
            string body = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, string.Join(" ,\n", sent.Select(one => one.Line)));
            SendOutcome outcome = await lake.SendAsync(Encoding.UTF8.GetBytes(body));
            Assert.Equal((SendStatus.Stored, 8L, 1L, 0L, 8L), Of(outcome));
            Assert.Equal(5, outcome.Rejections[0].Record);
            await lake.RunAsync(LakeUnderTest.CaughtUp);
        }

        _lake.AssertHolds(sent);
    }

    [Theory]
    [InlineData("{0}\n{0}\n[{0}]", false, 3, 0)]
    [InlineData("{0}\n{0}\n[{0}]", true, 3, 0)]
    [InlineData("[{0}][{0}]", false, 2, 0)]
    [InlineData("{0}[{0}]", true, 2, 0)]
    [InlineData("{0}\n[\n{0}\n,{0}\n]\n", true, 3, 0)]
    [InlineData("{0}\n[{0},5]\n", true, 2, 1)]
    [InlineData("{0} [{0}] [[{0}]]", true, 2, 1)]
    [InlineData("{0}\n,\n{0}\n", false, 2, 0)]
    [InlineData("{0}\n[1,2]\n", false, 1, 1)]
    [InlineData("[{0},", true, 0, 1)]
    public async Task Objects_and_arrays_of_them_may_follow_each_other(string form, bool isJsonText, long accepted, long rejected)
    {
        await using Lake lake = await _lake.OpenAsync();
        string body = form.Replace("{0}", SentStreams.Many(1, 3)[0].Line, StringComparison.Ordinal);
        SendOutcome outcome = await lake.SendAsync(Encoding.UTF8.GetBytes(body), new SendOptions { IsJsonText = isJsonText });
        Assert.Equal((accepted, rejected), (outcome.Accepted, outcome.Rejected));
    }

    [Fact]
    public async Task Strict_body_with_a_bad_line_leaves_nothing_behind()
    {
        await using Lake lake = await _lake.OpenAsync();
        SentMessage[] sent = [.. SentStreams.Many(3, 1), new SentMessage("oops", null, null)];
        SendOutcome outcome = await lake.SendAsync(Body(sent), new SendOptions { Strict = true, Key = SendKey.Idempotency("k") });
        Assert.Equal((SendStatus.Invalid, 0L, 1L, 0L, 0L), Of(outcome));
        Assert.Equal(0, lake.Status.Accepted);
        Assert.Equal(SendStatus.Stored, (await lake.SendAsync(Body(sent[..3]), new SendOptions { Strict = true, Key = SendKey.Idempotency("k") })).Status);
        await lake.RunAsync(LakeUnderTest.CaughtUp);
        Assert.Equal((3L, 0L), (lake.Status.Published, lake.Status.Rejected));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Repeated_body_gets_its_first_answer_and_is_not_stored_again(bool isNumbered, bool isPublished)
    {
        SentMessage[] sent = [.. SentStreams.Many(3, 1), new SentMessage("oops", null, null)];
        var options = new SendOptions { Key = isNumbered ? SendKey.Batch("p", 7) : SendKey.Idempotency("key-7") };
        SendOutcome first;
        await using (Lake lake = await _lake.OpenAsync())
        {
            await lake.SendAsync(Body(SentStreams.Many(2, 9)));
            first = await lake.SendAsync(Body(sent), options);
            Assert.Equal((SendStatus.Stored, 3L, 1L, 2L, 5L), Of(first));
            AssertRepeats(first, await lake.SendAsync(Body(sent), options));
            Assert.Equal(SendStatus.Conflict, (await lake.SendAsync(Body(sent[..3]), options)).Status);
            if (isPublished)
            {
                await lake.CommitAsync();
            }
        }

        await using (Lake again = await _lake.OpenAsync())
        {
            AssertRepeats(first, await again.SendAsync(Body(sent), options));
            Assert.Equal(SendStatus.Conflict, (await again.SendAsync(Body(sent[1..]), options)).Status);
            Assert.Equal(5, again.Status.Accepted);
            await again.RunAsync(LakeUnderTest.CaughtUp);
        }

        _lake.AssertHolds([.. SentStreams.Many(2, 9), .. sent]);
    }

    [Fact]
    public async Task Body_larger_than_a_frame_that_a_crash_cut_is_completed_by_sending_it_again()
    {
        _lake.Options = _lake.Options with { SendPieceBytes = 600 };
        SentMessage[] sent = [.. SentStreams.Many(20, 5), new SentMessage("oops", null, null), .. SentStreams.Many(20, 6)];
        var options = new SendOptions { Key = SendKey.Batch("p", 1) };
        SendOutcome first;
        await using (Lake lake = await _lake.OpenAsync())
        {
            first = await lake.SendAsync(Body(sent), options);
            Assert.Equal((SendStatus.Stored, 40L, 1L, 0L, 40L), Of(first));
        }

        // The log's last frames are torn off, as a power failure before their fsync does.
        int kept = TearOff(frames: 4);
        Assert.InRange(kept, 1, 39);
        await using (Lake again = await _lake.OpenAsync())
        {
            Assert.Equal(kept, again.Status.Accepted);
            Assert.Equal(SendStatus.Conflict, (await again.SendAsync(Body(sent[1..]), options)).Status);
            SendOutcome second = await again.SendAsync(Body(sent), options);
            Assert.Equal((SendStatus.Stored, 40L, 1L, 0L, 40L), Of(second));
            AssertRepeats(second, await again.SendAsync(Body(sent), options));
            await again.RunAsync(LakeUnderTest.CaughtUp);
        }

        _lake.AssertHolds(sent);
    }

    [Fact]
    public async Task Number_below_those_that_are_remembered_is_refused()
    {
        await using Lake lake = await _lake.OpenAsync();
        ReadOnlyMemory<byte> body = Body(SentStreams.Many(1, 1));
        for (int number = 100; number < 164; number++)
        {
            Assert.Equal(SendStatus.Stored, (await lake.SendAsync(body, new SendOptions { Key = SendKey.Batch("p", number) })).Status);
        }

        Assert.Equal(SendStatus.Forgotten, (await lake.SendAsync(body, new SendOptions { Key = SendKey.Batch("p", 99) })).Status);
        Assert.Equal(SendStatus.Stored, (await lake.SendAsync(body, new SendOptions { Key = SendKey.Batch("q", 99) })).Status);
        Assert.Equal(SendStatus.Repeated, (await lake.SendAsync(body, new SendOptions { Key = SendKey.Batch("p", 100) })).Status);
    }

    [Fact]
    public async Task Many_callers_at_once_are_each_acknowledged_with_their_own_offsets()
    {
        SentMessage[] sent = SentStreams.Many(2000, 11);
        await using (Lake lake = await _lake.OpenAsync())
        {
            SendOutcome[] outcomes = await Task.WhenAll(sent.Chunk(4).Select(
                (chunk, i) => Task.Run(() => lake.SendAsync(Body(chunk), new SendOptions { Key = SendKey.Idempotency($"k{i}") }))));
            Assert.All(outcomes, outcome => Assert.Equal((SendStatus.Stored, 4L), (outcome.Status, outcome.EndOffset - outcome.FirstOffset)));
            Assert.Equal(500, outcomes.Select(outcome => outcome.FirstOffset).Distinct().Count());
            Assert.Equal(2000, lake.Status.Durable);

            // The oracle wants them in the order of their offsets.
            sent = [.. outcomes.Zip(sent.Chunk(4)).OrderBy(pair => pair.First.FirstOffset).SelectMany(pair => pair.Second)];
            await lake.RunAsync(LakeUnderTest.CaughtUp);
        }

        _lake.AssertHolds(sent);
    }

    [Fact]
    public async Task Sending_until_applied_shows_in_live_reports_without_a_pipeline()
    {
        await using Lake lake = await _lake.OpenAsync();
        SendOutcome outcome = await lake.SendAsync(Body(SentStreams.Many(10, 1)), new SendOptions { UntilApplied = true });
        Assert.Equal(10, outcome.EndOffset);
        Assert.Equal(10, lake.Status.Applied);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => lake.WaitAppliedAsync([11]));
    }

    [Fact]
    public async Task Body_in_several_segments_of_memory_and_an_empty_one_are_bodies_as_well()
    {
        await using Lake lake = await _lake.OpenAsync();
        byte[] body = Body(SentStreams.Many(5, 1)).ToArray();
        var first = new Segment(body.AsMemory(0, 33), null);
        var last = new Segment(body.AsMemory(33), first);
        SendOutcome outcome = await lake.SendAsync(new ReadOnlySequence<byte>(first, 0, last, body.Length - 33));
        Assert.Equal((SendStatus.Stored, 5L, 0L, 0L, 5L), Of(outcome));
        var options = new SendOptions { Key = SendKey.Batch("p", 1) };
        Assert.Equal((SendStatus.Stored, 0L, 0L, 5L, 5L), Of(await lake.SendAsync(ReadOnlyMemory<byte>.Empty, options)));
        Assert.Equal((SendStatus.Repeated, 0L, 0L, 5L, 5L), Of(await lake.SendAsync(ReadOnlyMemory<byte>.Empty, options)));
    }

    [Fact]
    public async Task Sending_goes_on_after_a_replay_and_keys_outlive_it()
    {
        SentMessage[] sent = SentStreams.Many(30, 3);
        var options = new SendOptions { Key = SendKey.Idempotency("k") };
        await using (Lake lake = await _lake.OpenAsync())
        {
            SendOutcome first = await lake.SendAsync(Body(sent[..20]), options);
            await lake.ReplayAsync();
            AssertRepeats(first, await lake.SendAsync(Body(sent[..20]), options));
            Assert.Equal(SendStatus.Stored, (await lake.SendAsync(Body(sent[20..]))).Status);
            await lake.RunAsync(LakeUnderTest.CaughtUp);
        }

        _lake.AssertHolds(sent);
    }

    [Fact]
    public void Key_that_is_too_long_or_no_text_is_refused()
    {
        Assert.Throws<ArgumentException>(() => SendKey.Idempotency(""));
        Assert.Throws<ArgumentException>(() => SendKey.Idempotency(new string('x', 256)));
        Assert.Throws<ArgumentException>(() => SendKey.Batch("\ud800", 1));
        Assert.Equal("ю #3", SendKey.Batch("ю", 3).ToString());
    }

    public void Dispose() => _lake.Dispose();

    private static ReadOnlyMemory<byte> Body(IEnumerable<SentMessage> sent) => Encoding.UTF8.GetBytes(SentStreams.Ndjson(sent));

    private static (SendStatus Status, long Accepted, long Rejected, long First, long End) Of(SendOutcome outcome) =>
        (outcome.Status, outcome.Accepted, outcome.Rejected, outcome.FirstOffset, outcome.EndOffset);

    private static void AssertRepeats(SendOutcome first, SendOutcome repeat)
    {
        Assert.Equal(Of(first) with { Status = SendStatus.Repeated }, Of(repeat));
        Assert.Equal(first.Rejections.Select(one => (one.Record, one.Reason)), repeat.Rejections.Select(one => (one.Record, one.Reason)));
    }

    // Cuts the last frames of the open segment, and gives the count of rows that are left.
    private int TearOff(int frames)
    {
        string segment = Directory.GetFiles(_lake["bronze/messages/log/p00000"]).Order(StringComparer.Ordinal).Last();
        byte[] bytes = File.ReadAllBytes(segment);
        var ends = new List<int>();
        int rows = 0;
        var rowsAt = new List<int>();
        for (int at = 64; at + 96 <= bytes.Length && bytes.AsSpan(at, 4).SequenceEqual("OLFR"u8);)
        {
            ends.Add(at);
            rowsAt.Add(rows);
            rows += (int)BitConverter.ToInt64(bytes, at + 56);
            at = (at + 96 + BitConverter.ToInt32(bytes, at + 8) + 7) & ~7;
        }

        using FileStream file = File.OpenWrite(segment);
        file.SetLength(ends[^frames] + 50);
        return rowsAt[^frames];
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? before)
        {
            Memory = memory;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
