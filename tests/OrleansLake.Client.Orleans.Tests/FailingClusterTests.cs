using System.Buffers;
using OrleansLake.Client.Orleans;
using OrleansLake.Grains;
using OrleansLake.Grains.Wire;

namespace OrleansLake.Client.Tests;

/// <summary>Tests a sender's results where a silo's disk fails or silos do not answer: whether it may be stored.</summary>
public class FailingClusterTests
{
    private static readonly ReadOnlySequence<byte> Message = new("{\"timestamp\":\"2024-12-16T10:00:00Z\",\"message_id\":\"a\"}"u8.ToArray());

    public static TheoryData<Exception, string> Unknown => new()
    {
        { new IOException("the disk failed"), "the disk failed" },
        { new TimeoutException("Response did not arrive on time in 00:00:30 for message: Request [S127.0.0.1:11111:1 sys.svc/...]"), "a silo did not answer in time" },
        { new PartitionMovedException("partition 3 went to another owner"), "partition 3 went to another owner" },
        { new global::Orleans.Runtime.SiloUnavailableException("The target silo became unavailable for message: Request [S127.0.0.1:11111:1"), "a silo that was asked has gone, and what it had is moving to another" },
    };

    [Theory]
    [MemberData(nameof(Unknown))]
    public async Task Without_a_key_what_may_be_stored_is_not_said_to_be_nowhere(Exception failure, string told)
    {
        LakeClientException e = await Assert.ThrowsAsync<LakeClientException>(() => Failing(failure).SendAsync(Message, new SendOptions()));
        Assert.Equal(LakeClientErrorKind.Failed, e.Kind);
        Assert.Equal($"Whether the messages were stored is not known: {told}. Ask for one of them before they are sent again; under an Idempotency-Key that is not needed.", e.Message);
    }

    [Fact]
    public async Task A_lake_that_is_behind_has_stored_nothing()
    {
        SendResult result = await Failing(new LakeBusyException("too much waits")).SendAsync(Message, new SendOptions());
        Assert.Equal((SendStatus.TryAgain, "too much waits"), (result.Status, result.Detail));
        SendResult keyed = await Failing(new IOException("the disk failed")).SendAsync(Message, new SendOptions { IdempotencyKey = "k" });
        Assert.Equal(SendStatus.TryAgain, keyed.Status);
    }

    private static GrainLakeClient Failing(Exception failure)
    {
        IGatewayGrain gateway = ScriptedCalls<IGatewayGrain>.Of(_ => Task.FromException<SendReceipt>(failure));
        return new GrainLakeClient(ScriptedCalls<IGrainFactory>.Of(_ => gateway), TimeProvider.System);
    }
}
