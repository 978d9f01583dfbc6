using System.Collections.Concurrent;
using System.Text;
using OrleansLake.Storage.Log;

namespace OrleansLake.Grains.Tests;

/// <summary>A body of several frames, and what becomes of it where silos go or are of an earlier version.</summary>
public sealed class LargeSendTests : IAsyncLifetime
{
    private const int Partitions = 2;
    private const int Lines = 235_000;
    private const int FrameBytesMax = 8 * 1024 * 1024;

    private static readonly byte[] Body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Lines).Select(i =>
        $"{{\"timestamp\":\"2024-12-15T08:00:00Z\",\"event_type\":\"SENT\",\"message_id\":\"m{i % 500}\",\"channel\":\"CHAT\"}}\n")));

    private readonly ConcurrentQueue<(long Partition, FrameEnvelope Frame)> _appended = new();
    private Func<FrameEnvelope, IIncomingGrainCallContext, Task>? _instead;
    private LakeCluster _lake = null!;

    public async Task InitializeAsync() => _lake = await LakeCluster.StartAsync(1, Partitions, silo: silo => silo.AddIncomingGrainCallFilter(async call =>
    {
        if (call.Grain is IPartitionGrain partition && call.InterfaceMethod.Name == nameof(IPartitionGrain.AppendAsync))
        {
            var frame = (FrameEnvelope)call.Request.GetArgument(0)!;
            _appended.Enqueue((partition.GetPrimaryKeyLong(), frame));
            if (_instead is { } instead && frame.After > 0)
            {
                await instead(frame, call);
                return;
            }
        }

        await call.Invoke();
    }));

    public async Task DisposeAsync() => await _lake.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("large")]
    public async Task No_frame_takes_more_of_a_body_than_recovery_holds(string? key)
    {
        SendReceipt receipt = await _lake.Gateway.SendAsync(new SendRequest { Ndjson = Body, Key = key });
        Assert.Equal((SendReceiptStatus.Stored, (long)Lines), (receipt.Outcome, receipt.Accepted));
        Assert.InRange(Body.Length, 20 * 1024 * 1024, 24 * 1024 * 1024);
        Assert.Equal(3 * Partitions, _appended.Count);
        foreach (IGrouping<long, (long Partition, FrameEnvelope Frame)> partition in _appended.GroupBy(one => one.Partition))
        {
            Assert.All(partition, one => Assert.InRange(one.Frame.Content.RowCount * (Body.Length / Lines), 1, FrameBytesMax));
            if (key is not null)
            {
                long[] ends = [0, .. partition.Select(one => ((SourceProgress.ProducerBatch)one.Frame.Content.SourceProgress).EndPosition)];
                Assert.Equal(ends[..^1], partition.Select(one => one.Frame.After));
                Assert.Equal(Body.Length, ends[^1]);
                Assert.All(ends.Zip(ends.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 1, FrameBytesMax));
            }
        }

        Assert.Equal(Lines, await BronzeAsync());
    }

    [Fact]
    public async Task What_a_failure_cut_off_is_completed_by_sending_it_again()
    {
        var request = new SendRequest { Ndjson = Body, Key = "large" };
        _instead = (_, _) => throw new IOException("the disk is full");
        await Assert.ThrowsAsync<IOException>(() => _lake.Gateway.SendAsync(request));
        Assert.InRange(await BronzeAsync(), 1, Lines / 2);

        _instead = null;
        SendReceipt receipt = await _lake.Gateway.SendAsync(request);
        Assert.Equal((SendReceiptStatus.Stored, (long)Lines, 0L), (receipt.Outcome, receipt.Accepted, receipt.Duplicates));
        SendReceipt again = await _lake.Gateway.SendAsync(request);
        Assert.Equal((SendReceiptStatus.Stored, 0L, (long)Lines), (again.Outcome, again.Accepted, again.Duplicates));
        Assert.Equal(receipt.EndOffsets, again.EndOffsets);
        Assert.Equal(Lines, await BronzeAsync());
    }

    [Fact]
    public async Task A_partition_of_an_earlier_version_is_waited_for_and_what_it_has_is_completed()
    {
        var request = new SendRequest { Ndjson = Body, Key = "large" };

        // To it any other frame under a key is other messages.
        _instead = (_, call) =>
        {
            call.Response = Orleans.Serialization.Invocation.Response.FromResult(new AppendReceipt(0, 0, AppendOutcome.Conflict, 1));
            return Task.CompletedTask;
        };
        for (int i = 0; i < 2; i++)
        {
            LakeBusyException told = await Assert.ThrowsAsync<LakeBusyException>(() => _lake.Gateway.SendAsync(request));
            Assert.Contains("earlier version", told.Message, StringComparison.Ordinal);
            Assert.False(told.IsInFlight);
        }

        _instead = null;
        Assert.Equal(Lines, (await _lake.Gateway.SendAsync(request)).Accepted);
        Assert.Equal(Lines, await BronzeAsync());
    }

    private async Task<long> BronzeAsync()
    {
        await _lake.Gateway.CommitAsync();
        return (await _lake.Gateway.GetLedgerAsync()).ToLedger().Total.Bronze;
    }
}
