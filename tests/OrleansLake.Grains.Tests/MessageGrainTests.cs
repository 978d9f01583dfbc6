using System.Text;
using OrleansLake.Core.State;

namespace OrleansLake.Grains.Tests;

/// <summary>A message's grain decides for it alone, no matter who asks and how often.</summary>
public sealed class MessageGrainTests : IAsyncLifetime
{
    private static readonly MessageOccurrenceDto Late = new() { EventType = "SENT", Channel = "CHAT", Timestamp = 200, Offset = 0 };
    private static readonly MessageOccurrenceDto Early = new() { EventType = "SENT", Channel = "CHAT", Timestamp = 100, Offset = 1 };

    private LakeCluster _lake = null!;

    public async Task InitializeAsync() => _lake = await LakeCluster.StartAsync(1, 2);

    public async Task DisposeAsync() => await _lake.DisposeAsync();

    [Fact]
    public async Task The_same_frame_again_gets_the_same_answer()
    {
        IMessageGrain grain = _lake.Cluster.Client.GetGrain<IMessageGrain>("twice");
        for (int time = 0; time < 3; time++)
        {
            Assert.Equal([KeyDecision.Wins, KeyDecision.Wins], (await grain.DecideAsync(Copies(1, 0, [], Late, Early))).Decisions);
        }

        Assert.Equal([KeyDecision.Loses], (await grain.DecideAsync(Copies(1, 1, null, Late with { Offset = 2 }))).Decisions);
    }

    [Fact]
    public async Task A_new_owner_tells_it_what_counts_and_the_old_one_is_not_heard()
    {
        IMessageGrain grain = _lake.Cluster.Client.GetGrain<IMessageGrain>("owners");
        Assert.Equal([KeyDecision.Wins], (await grain.DecideAsync(Copies(1, 7, [], Early))).Decisions);
        Assert.True((await grain.DecideAsync(Copies(2, 7, null, Late))).IsUnknown);

        // What the old owner asked about was never stored, so the later copy is the first now.
        Assert.Equal([KeyDecision.Wins], (await grain.DecideAsync(Copies(2, 7, [], Late))).Decisions);
        Assert.True((await grain.DecideAsync(Copies(1, 8, [], Early))).IsStale);
    }

    [Fact]
    public async Task An_id_of_white_space_is_one_as_any_other()
    {
        byte[] lines = Encoding.UTF8.GetBytes("""{"message_id":" ","timestamp":"2024-12-16T10:10:01Z","event_type":"CREATED","channel":"CHAT","user_id":7}""");
        foreach (long deduplicated in new[] { 1, 1 })
        {
            SendReceipt receipt = await _lake.Gateway.SendAsync(new SendRequest { Ndjson = lines });
            await _lake.Gateway.WaitAppliedAsync(new LakeOffsets(1, receipt.EndOffsets)).WaitAsync(TimeSpan.FromSeconds(60));
            Assert.Equal(deduplicated, (await _lake.Gateway.GetLedgerAsync()).ToLedger().Total.Deduplicated);
        }
    }

    [Fact]
    public async Task It_tells_the_life_of_its_message()
    {
        byte[] lines = Encoding.UTF8.GetBytes(
            """
            {"message_id":"m/1","timestamp":"2024-12-16T10:10:01Z","event_type":"CREATED","channel":"CHAT","user_id":7}
            {"message_id":"m/1","timestamp":"2024-12-16T07:56:45Z","event_type":"CREATED","channel":"CHAT","user_id":8}
            {"message_id":"m/1","timestamp":"2024-12-16T11:00:00Z","event_type":"SENT","channel":"CHAT","user_id":7}

            """);
        SendReceipt receipt = await _lake.Gateway.SendAsync(new SendRequest { Ndjson = lines });
        await _lake.Gateway.WaitAppliedAsync(new LakeOffsets(1, receipt.EndOffsets));
        MessageOccurrenceDto[] life = await _lake.Cluster.Client.GetGrain<IMessageGrain>("m/1").GetLifeAsync();
        Assert.Equal([("CREATED", 1L, (int?)8), ("SENT", 2L, 7)], life.Select(cell => (cell.EventType, cell.Offset, cell.UserId)));
    }

    private static MessageCopies Copies(long epoch, long frame, MessageOccurrenceDto[]? known, params MessageOccurrenceDto[] copies) =>
        new() { Epoch = epoch, Frame = frame, Known = known, Copies = copies, KnownStamp = known is null ? MessageCopies.StampOf(Early.Offset) : 0 };
}
