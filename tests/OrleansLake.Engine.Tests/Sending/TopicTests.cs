using System.Text;
using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Tests.Sending;

public sealed class TopicTests : IDisposable
{
    private const string Topic = "kafka:cluster:messages";

    private readonly LakeUnderTest _lake = new();
    private readonly TroubledStore _store;

    public TopicTests() => _store = new TroubledStore(_lake.Path);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Records_are_stored_once_however_often_and_in_whatever_pieces_they_come(int partitions)
    {
        _lake.Options = _lake.Options with { Partitions = partitions, SendPieceBytes = 500 };
        var random = new Random(7);
        await using (Lake lake = await _lake.OpenAsync())
        {
            for (int from = 0; from < 300;)
            {
                int to = Math.Min(300, from + random.Next(1, 40));
                Assert.Equal(SendStatus.Stored, (await lake.Topics.SendAsync(Batch(from, to), default)).Status);
                from = random.Next(3) == 0 ? Math.Max(0, to - random.Next(1, 60)) : to;
            }

            Assert.Equal((300, 300), (lake.Status.Durable, lake.Topics.Positions()[(Topic, 3)]));
            await lake.RunAsync(LakeUnderTest.CaughtUp);
        }

        // Opened again, what the frames say counts: the same once more adds nothing, and what follows is added.
        await using Lake again = await _lake.OpenAsync();
        Assert.InRange(again.Topics.Positions()[(Topic, 3)], 0, 300);
        await again.Topics.SendAsync(Batch((int)again.Topics.Positions()[(Topic, 3)], 310), default);
        await again.RunAsync(LakeUnderTest.CaughtUp);
        Assert.Equal(310, again.Status.Ledger.Bronze);
        Assert.Equal(310, again.Status.Ledger.Deduplicated);
    }

    [Fact]
    public async Task Positions_alone_are_stored_and_outlive_a_repartition()
    {
        await using (Lake lake = await _lake.OpenAsync())
        {
            await lake.Topics.SendAsync(Batch(0, 10), default);
            await lake.Topics.SendAsync(new TopicBatch(Topic, 3, [], 25), default);
            await lake.RunAsync(LakeUnderTest.CaughtUp);
        }

        await LakePartitioning.RepartitionAsync(_lake.Options, 3);
        await using Lake again = await _lake.OpenAsync();
        Assert.Equal(25, again.Topics.Positions()[(Topic, 3)]);
        await again.Topics.SendAsync(Batch(25, 30), default);
        await again.RunAsync(LakeUnderTest.CaughtUp);
        Assert.Equal(15, again.Status.Ledger.Bronze);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_position_counts_from_its_own_frame_on(bool isCommitted)
    {
        await using (Lake lake = await _lake.OpenAsync())
        {
            await lake.Topics.SendAsync(new TopicBatch(Topic, 3, [], 0), default);
            await lake.Topics.SendAsync(Batch(0, 10), default);
            if (isCommitted)
            {
                await lake.RunAsync(LakeUnderTest.CaughtUp);
            }

            await lake.Topics.SendAsync(new TopicBatch(Topic, 3, [], 10), default);
        }

        await using Lake again = await _lake.OpenAsync();
        Assert.Equal(10, again.Topics.Positions()[(Topic, 3)]);
    }

    [Fact]
    public async Task What_is_only_partly_in_the_lake_keeps_it_from_being_repartitioned()
    {
        _lake.Options = _lake.Options with { Partitions = 2 };
        await using (Lake lake = await _lake.OpenAsync())
        {
            // Nothing says that the last batch is complete: one message, which is in one partition.
            await lake.Topics.SendAsync(Batch(0, 1), default);
            await lake.RunAsync(LakeUnderTest.CaughtUp);
        }

        LakeException refused = await Assert.ThrowsAsync<LakeException>(() => LakePartitioning.RepartitionAsync(_lake.Options, 3));
        Assert.Contains("Records of kafka:cluster:messages, partition 3, are in some partitions", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_that_are_no_messages_are_in_quarantine_with_their_offset_and_key()
    {
        await using (Lake lake = await _lake.OpenAsync())
        {
            var key = new ReadOnlyMemory<byte>("order-7"u8.ToArray());
            TopicRecord[] records = [Record(5), new TopicRecord(7, "not json"u8.ToArray()) { Key = key }, new TopicRecord(9, default) { Refusal = new Refusal(RejectionReason.NotReadable, "it is empty") }];
            SendOutcome outcome = await lake.Topics.SendAsync(new TopicBatch(Topic, 3, records, 12) { Name = "kafka:messages/3" }, default);
            Assert.Equal((1, 2), (outcome.Accepted, outcome.Rejected));
            await lake.RunAsync(LakeUnderTest.CaughtUp);
        }

        QuarantineEntry[] rejected = [.. _lake.Reader().Quarantine()];
        Assert.Equal([("kafka:messages/3", 7L), ("kafka:messages/3", 9L)], rejected.Select(one => (one.Source, one.Rejection.Record)));
        Assert.EndsWith("(the record's key is \"order-7\")", rejected[0].Rejection.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_of_several_lines_and_several_messages_are_read_as_bodies_are()
    {
        await using Lake lake = await _lake.OpenAsync();
        string two = $"[{Text(1)},\n{Text(2)}]";
        string spread = Text(3).Replace(",", ",\n", StringComparison.Ordinal);
        string lines = $"{Text(4)}\n{Text(5)}\n";
        TopicRecord[] records = [.. ((string[])[two, spread, lines]).Select((text, i) => new TopicRecord(i, Encoding.UTF8.GetBytes(text)))];
        SendOutcome outcome = await lake.Topics.SendAsync(new TopicBatch(Topic, 3, records, 3), default);
        Assert.Equal((5, 0), (outcome.Accepted, outcome.Rejected));
    }

    [Fact]
    public async Task Two_batches_of_one_partition_at_a_time_are_a_mistake()
    {
        await using Lake lake = Lake.Open(_store, _lake.Options);
        _store.Stall();
        Task<SendOutcome> first = lake.Topics.SendAsync(Batch(0, 10), default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => lake.Topics.SendAsync(Batch(10, 20), default));
        _store.GoOn();
        Assert.Equal(SendStatus.Stored, (await first).Status);
    }

    public void Dispose()
    {
        _store.Dispose();
        _lake.Dispose();
    }

    private static TopicBatch Batch(int from, int to) => new(Topic, 3, [.. Enumerable.Range(from, to - from).Select(Record)], to);

    private static TopicRecord Record(int offset) => new(offset, Encoding.UTF8.GetBytes(Text(offset)));

    private static string Text(int id) => $$"""{"timestamp":"2024-12-16T10:00:00Z","value":"v","event_type":"OPEN","message_id":"m{{id}}","channel":"EMAIL","country_id":2003,"user_id":{{id}}}""";
}
