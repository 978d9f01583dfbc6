using OrleansLake.Core.Messages;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Partitions;

namespace OrleansLake.Storage.Tests.Partitions;

public class PartitionReaderTests
{
    [Fact]
    public void Nothing_is_read_where_nothing_was_committed()
    {
        using var lake = new TemporaryLake();
        Assert.Null(PartitionReader.ReadLatest(lake.Store, default));
    }

    [Fact]
    public void Unpublished_frames_are_read_beside_the_writer()
    {
        using var lake = new TemporaryLake();
        using PartitionStore store = lake.Open(new PartitionStoreOptions { SegmentBytes = 8192 });
        LogPosition applied = store.Append(new FrameContent { Rows = Batches.Numbered(0, 10) }).End;
        store.Commit(Drafts.Rows(applied, 10));
        for (int i = 0; i < 40; i++)
        {
            store.Append(new FrameContent
            {
                Rows = Batches.Numbered(i, 10),
                RejectedSource = "stdin",
                Rejections = [new Rejection(RejectionReason.NotReadable, "no JSON", i, 0, [1])],
            });
        }

        store.Flush();
        IReadOnlyList<LogFrame> frames = PartitionReader.ReadUnpublished(lake.Store, PartitionReader.ReadLatest(lake.Store, default)!.Manifest)!;
        Assert.Equal(40, frames.Count);
        Assert.Equal(39, Assert.Single(frames[39].Rejections).Record);
    }

    [Fact]
    public void Reader_at_an_old_manifest_is_told_to_start_again()
    {
        using var lake = new TemporaryLake();
        using PartitionStore store = lake.Open(new PartitionStoreOptions { SegmentBytes = 4096 });
        Manifest old = store.Current;
        LogPosition applied = default;
        for (int i = 0; i < 100; i++)
        {
            applied = store.Append(new FrameContent { Rows = Batches.Numbered(i, 10) }).End;
        }

        store.Commit(Drafts.Rows(applied, 1000));
        Assert.Null(PartitionReader.ReadUnpublished(lake.Store, old));
        Assert.False(PartitionReader.IsNewest(lake.Store, old));
    }
}
