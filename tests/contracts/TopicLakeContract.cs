using System.Globalization;
using System.Text;
using OrleansLake.Client;
using OrleansLake.Core.Messages;

namespace OrleansLake.Contracts;

/// <summary>The contract of every <see cref="ITopicLake"/>, whatever is behind it.</summary>
public abstract class TopicLakeContract : IAsyncLifetime
{
    private const string Topic = "kafka:cluster:messages";

    /// <summary>An empty lake.</summary>
    protected abstract ITopicLake Topics { get; }

    /// <summary>The same lake, to be read.</summary>
    protected abstract ILakeClient Lake { get; }

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    [Fact]
    public async Task Records_are_stored_once_however_often_and_in_whatever_pieces_they_come()
    {
        var random = new Random(7);
        for (int from = 0; from < 300;)
        {
            int to = Math.Min(300, from + random.Next(1, 40));
            await StoreAsync(Batch(3, from, to));
            from = random.Next(3) == 0 ? Math.Max(0, to - random.Next(1, 60)) : to;
        }

        Assert.Equal([new TopicPosition(Topic, 3, 300)], await Topics.GetPositionsAsync());
        Assert.Equal(300, (await Lake.GetStatusAsync()).Durable);
    }

    [Fact]
    public async Task Partitions_of_topics_advance_each_by_itself()
    {
        Assert.Empty(await Topics.GetPositionsAsync());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(partition => StoreAsync(Batch(partition, 0, 10 + partition))));
        await StoreAsync(new TopicBatch("another", 1, [], 77));
        Assert.Equal(
            [new TopicPosition("another", 1, 77), .. Enumerable.Range(0, 4).Select(static partition => new TopicPosition(Topic, partition, 10 + partition))],
            await Topics.GetPositionsAsync());
    }

    [Fact]
    public async Task What_is_stored_is_shown_at_the_position_that_the_answer_gives()
    {
        SendResult stored = await StoreAsync(Batch(0, 0, 50));
        Assert.Equal((50, 0), (stored.Accepted, stored.Quarantined));
        Assert.Equal(50, (await Lake.GetReportAsync(new ReportQuery { Report = "report1", MinPosition = stored.Position })).Table.GrandTotal);
    }

    [Fact]
    public async Task Records_that_are_no_messages_are_in_quarantine_with_their_offset_and_key()
    {
        TopicRecord[] records =
        [
            Record(5),
            new TopicRecord(7, "not json"u8.ToArray()) { Key = new ReadOnlyMemory<byte>("order-7"u8.ToArray()) },
            new TopicRecord(9, default) { Refusal = new Refusal(RejectionReason.NotReadable, "it is empty") },
        ];
        SendResult stored = await StoreAsync(new TopicBatch(Topic, 3, records, 12) { Name = "kafka:messages/3" });
        Assert.Equal((1, 2), (stored.Accepted, stored.Quarantined));
        QuarantinePage page = await Lake.GetQuarantineAsync(new QuarantineQuery());
        Assert.Equal([("kafka:messages/3", 7L), ("kafka:messages/3", 9L)], page.Records.Select(static one => (one.Source, one.Record)).Order());
        Assert.Contains(page.Records, static one => one.Detail.EndsWith("(the record's key is \"order-7\")", StringComparison.Ordinal));
        Assert.Contains(page.Records, static one => one.Detail.Contains("it is empty", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mapping_that_there_is_not_stores_nothing()
    {
        SendResult refused = await Topics.SendAsync(Batch(0, 0, 5) with { Mapping = "orders" });
        Assert.Equal(SendStatus.UnknownMapping, refused.Status);
        Assert.Contains("orders", refused.Detail, StringComparison.Ordinal);
        Assert.Empty(await Topics.GetPositionsAsync());
    }

    [Fact]
    public async Task A_batch_whose_offsets_cannot_be_is_a_mistake()
    {
        ArgumentException back = await Assert.ThrowsAsync<ArgumentException>(() => Topics.SendAsync(new TopicBatch(Topic, 0, [Record(2), Record(1)], 3)));
        Assert.Contains("The record with the offset 1 of kafka:cluster:messages comes behind one with 2", back.Message, StringComparison.Ordinal);
        ArgumentException beyond = await Assert.ThrowsAsync<ArgumentException>(() => Topics.SendAsync(new TopicBatch(Topic, 0, [Record(2)], 2)));
        Assert.Contains("The position 2 is not behind the last record", beyond.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => Topics.SendAsync(new TopicBatch("", 0, [], 1)));
    }

    private static TopicBatch Batch(int partition, int from, int to) => new(Topic, partition, [.. Enumerable.Range(from, to - from).Select(Record)], to);

    private static TopicRecord Record(int offset) => new(offset, Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"timestamp":"2024-12-16T10:00:00Z","value":"v","event_type":"OPEN","message_id":"m{{offset}}","channel":"EMAIL","country_id":2003,"user_id":{{offset}}}""")));

    private async Task<SendResult> StoreAsync(TopicBatch batch)
    {
        SendResult result = await Topics.SendAsync(batch);
        Assert.Equal(SendStatus.Stored, result.Status);
        return result;
    }
}
