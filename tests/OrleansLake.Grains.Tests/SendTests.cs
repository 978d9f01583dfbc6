using System.Text;

namespace OrleansLake.Grains.Tests;

/// <summary>A sender's answers, and what is stored once.</summary>
public sealed class SendTests : IAsyncLifetime
{
    private LakeCluster _lake = null!;

    public async Task InitializeAsync() => _lake = await LakeCluster.StartAsync(1, 4);

    public async Task DisposeAsync() => await _lake.DisposeAsync();

    [Fact]
    public async Task The_same_messages_under_the_same_key_are_stored_once()
    {
        var request = new SendRequest { Ndjson = GoldenEvents.Pieces(1_000).First(), Key = "batch-1" };
        SendReceipt[] receipts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync(request)));
        Assert.All(receipts, receipt => Assert.Equal((SendReceiptStatus.Stored, 1_000L), (receipt.Outcome, receipt.Accepted + receipt.Duplicates)));
        Assert.Equal(1_000, receipts.Sum(receipt => receipt.Accepted));
        Assert.Equal(1_000, await BronzeAsync());
    }

    [Fact]
    public async Task Other_messages_under_a_used_key_are_refused_and_none_is_stored()
    {
        byte[][] pieces = [.. GoldenEvents.Pieces(100).Take(2)];
        await _lake.Gateway.SendAsync(new SendRequest { Ndjson = pieces[0], Key = "once" });
        SendReceipt receipt = await _lake.Gateway.SendAsync(new SendRequest { Ndjson = pieces[1], Key = "once" });
        Assert.Equal((SendReceiptStatus.KeyConflict, 0L), (receipt.Outcome, receipt.Accepted));
        Assert.Equal(100, await BronzeAsync());
    }

    [Fact]
    public async Task Records_that_are_no_messages_are_told_and_kept_and_strict_stores_nothing()
    {
        byte[] lines = Encoding.UTF8.GetBytes("{\"message_id\":\"1\",\"timestamp\":\"2024-12-16T10:00:00Z\",\"event_type\":\"SENT\"}\nnot json\n{}\n");
        SendReceipt strict = await _lake.Gateway.SendAsync(new SendRequest { Ndjson = lines, Strict = true });
        Assert.Equal((SendReceiptStatus.Refused, 0L, 2L), (strict.Outcome, strict.Accepted, strict.Rejected));
        Assert.Equal(0, await BronzeAsync());

        SendReceipt receipt = await _lake.Gateway.SendAsync(new SendRequest { Ndjson = lines });
        Assert.Equal((SendReceiptStatus.Stored, 1L), (receipt.Outcome, receipt.Accepted));
        Assert.Equal([2L, 3L], receipt.Errors.Select(error => error.Line));
        await _lake.Gateway.WaitAppliedAsync(new LakeOffsets(1, receipt.EndOffsets));
        await _lake.Gateway.CommitAsync();
        Assert.Equal((1L, 2L), ((await _lake.Gateway.GetLedgerAsync()).ToLedger().Total.Bronze, (await _lake.Gateway.GetLedgerAsync()).ToLedger().Total.Rejected));
    }

    [Fact]
    public async Task Json_texts_are_cut_where_they_end_and_what_is_refused_is_one_record()
    {
        byte[] texts = Encoding.UTF8.GetBytes("{\n\"message_id\":\"1\",\n\"timestamp\":\"2024-12-16T10:00:00Z\"}{\"message_id\":\"2\",\"timestamp\":\"2024-12-16T10:00:00Z\"}\nnot json\n");
        SendReceipt receipt = await _lake.Gateway.SendAsync(new SendRequest { Ndjson = texts, IsJsonText = true, Key = "texts" });
        Assert.Equal((SendReceiptStatus.Stored, 2L, 3L), (receipt.Outcome, receipt.Accepted, Assert.Single(receipt.Errors).Line));

        SendReceipt refused = await _lake.Gateway.SendAsync(new SendRequest { Ndjson = texts, RefusedFor = Core.Messages.RejectionReason.NotReadable, RefusedBecause = "it is of another kind" });
        Assert.Equal((SendReceiptStatus.Stored, 0L, "it is of another kind"), (refused.Outcome, refused.Accepted, Assert.Single(refused.Errors).Detail));
        Assert.Equal(2, await BronzeAsync());
    }

    // Those who come while it is being sent ask again.
    private async Task<SendReceipt> SendAsync(SendRequest request)
    {
        while (true)
        {
            try
            {
                return await _lake.Gateway.SendAsync(request);
            }
            catch (LakeBusyException e) when (e.IsInFlight)
            {
                await Task.Yield();
            }
        }
    }

    private async Task<long> BronzeAsync()
    {
        await _lake.Gateway.CommitAsync();
        return (await _lake.Gateway.GetLedgerAsync()).ToLedger().Total.Bronze;
    }
}
