using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;
using OrleansLake.Engine;
using OrleansLake.Engine.Partitions;
using OrleansLake.Grains.Cluster;
using OrleansLake.Grains.Partitions;
using OrleansLake.Storage;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Stores;
using OrleansLake.TestSupport;

namespace OrleansLake.Grains.Tests;

/// <summary>A partition under its owner, without the owner's silo.</summary>
public sealed class PartitionRunnerTests : IDisposable
{
    private const int PieceLines = 2000;
    private readonly ScratchFolder _folder = new();
    private readonly PartitionedLake _lake;

    public PartitionRunnerTests() => _lake = PartitionedLake.Open(
        new LocalStore(_folder.Path, Durability.None), new LakeOptions { Path = _folder.Path, Create = true, Partitions = 1 });

    /// <summary>As when a client commits while a partition comes to another silo: what it applied was forgotten by the load.</summary>
    [Fact]
    public async Task Whoever_catches_up_or_commits_while_the_state_is_loaded_waits_for_it()
    {
        long rows = 0;
        foreach (byte[] piece in GoldenEvents.Pieces(PieceLines))
        {
            using LakePartition partition = _lake.OpenPartition(new PartitionId(0));
            using var runner = new PartitionRunner(partition, new PartitionRunnerOptions(), null);
            await runner.CatchUpAsync();
            await runner.CommitAsync();
            PartitionReading reading = await runner.ReadReportsAsync([]);
            Assert.Equal((rows, rows), (reading.Position.Offset, reading.Ledger.Total.Bronze));
            await runner.AppendAsync(new FrameEnvelope(new FrameContent { Rows = Parse(piece) }), CancellationToken.None);
            rows += PieceLines;
        }
    }

    [Fact]
    public async Task Readers_that_wait_are_sent_away_when_the_partition_is_to_go_and_after_a_while_anyway()
    {
        using LakePartition partition = _lake.OpenPartition(new PartitionId(0));
        using var runner = new PartitionRunner(partition, new PartitionRunnerOptions { WaitMax = TimeSpan.FromMilliseconds(50) }, null);
        Assert.False(await runner.WaitAppliedAsync(1, CancellationToken.None));
        using var patient = new PartitionRunner(partition, new PartitionRunnerOptions { WaitMax = TimeSpan.FromDays(1) }, null);
        Task waiting = patient.WaitAppliedAsync(1, CancellationToken.None);
        patient.Leave();
        await Assert.ThrowsAsync<OwnershipLostException>(() => waiting);
        await Assert.ThrowsAsync<OwnershipLostException>(() => patient.WaitAppliedAsync(1, CancellationToken.None));
    }

    [Fact]
    public async Task An_owner_that_was_replaced_answers_no_reader_for_long()
    {
        using LakePartition partition = _lake.OpenPartition(new PartitionId(0));
        using var runner = new PartitionRunner(partition, new PartitionRunnerOptions { OwnedFor = TimeSpan.Zero }, null);
        await runner.VersionAsync();
        using LakePartition next = _lake.OpenPartition(new PartitionId(0));
        await Assert.ThrowsAsync<OwnershipLostException>(runner.VersionAsync);
        await Assert.ThrowsAsync<OwnershipLostException>(() => runner.ReadReportsAsync([]));
        await Assert.ThrowsAsync<OwnershipLostException>(() => runner.FindAsync("a"));
        await Assert.ThrowsAsync<OwnershipLostException>(() => runner.SearchAsync("a"));
    }

    /// <summary>The frames of a batch, as gateways of this version and of earlier ones send them.</summary>
    [Fact]
    public async Task A_frame_of_a_batch_is_stored_where_it_goes_on_from_what_is_and_once()
    {
        using LakePartition partition = _lake.OpenPartition(new PartitionId(0));
        using var runner = new PartitionRunner(partition, new PartitionRunnerOptions(), null);
        byte[] piece = GoldenEvents.Pieces(10).First();
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(0, 100, 1));
        Assert.Equal(AppendOutcome.Repeated, await AppendAsync(0, 100, 1));
        Assert.Equal(AppendOutcome.Conflict, await AppendAsync(0, 100, 2));

        // All of it in one frame, as silos of earlier versions send it: its beginning would be stored twice.
        Assert.Equal(AppendOutcome.Conflict, await AppendAsync(0, 300, 3, completed: true));
        Assert.Equal(AppendOutcome.PieceConflict, await AppendAsync(50, 200, 4));
        Assert.Equal(AppendOutcome.Stored, await AppendAsync(100, 300, 3, completed: true));
        Assert.Equal(AppendOutcome.Repeated, await AppendAsync(0, 100, 1));
        Assert.Equal(AppendOutcome.Repeated, await AppendAsync(100, 300, 3, completed: true));
        Assert.Equal(AppendOutcome.PieceConflict, await AppendAsync(100, 300, 5, completed: true));
        Assert.Equal(AppendOutcome.PieceConflict, await AppendAsync(300, 400, 6, completed: true));
        Assert.Equal(AppendOutcome.PieceConflict, await AppendAsync(100, 200, 4, completed: true));
        Assert.True(runner.IsStored(new BatchKey("batch", null), 3, 300));
        Assert.False(runner.IsStored(new BatchKey("batch", null), 3, 299));
        Assert.False(runner.IsStored(new BatchKey("batch", null), 4, 300));
        Assert.False(runner.IsStored(new BatchKey("other", null), 3, 300));
        Assert.Equal(20, partition.Status.Durable);

        async Task<AppendOutcome> AppendAsync(long after, long end, uint crc, bool completed = false)
        {
            var content = new FrameContent { Rows = Parse(piece), SourceProgress = new SourceProgress.ProducerBatch(new BatchKey("batch", null), crc, end, 1, 0, 0, completed) };
            return (await runner.AppendAsync(new FrameEnvelope(content, after), CancellationToken.None)).Outcome;
        }
    }

    public void Dispose() => _folder.Dispose();

    private static MessageBatch Parse(byte[] ndjson)
    {
        var batch = new MessageBatch();
        new NdjsonParser(LakeTimeZone.Utc).Parse(ndjson, 1, 0, batch, []);
        return batch;
    }
}
