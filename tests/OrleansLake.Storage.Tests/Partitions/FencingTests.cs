using OrleansLake.Storage.Log;
using OrleansLake.Storage.Partitions;

namespace OrleansLake.Storage.Tests.Partitions;

public class FencingTests
{
    private static readonly PartitionStoreOptions Small = new() { SegmentBytes = 64 << 10, ManifestsKept = 2 };

    [Fact]
    public void What_a_stale_writer_appends_is_never_acknowledged_and_never_read()
    {
        using var lake = new TemporaryLake();
        using PartitionStore stale = lake.Open(Small);
        Append(stale, 0);
        stale.Flush();
        using (PartitionStore owner = lake.Open(Small))
        {
            Append(stale, 100);
            Assert.Throws<OwnershipLostException>(() => stale.Flush());
            Assert.Throws<OwnershipLostException>(() => Append(stale, 200));
            Append(owner, 300);
            owner.Flush();
            Assert.Equal(new LogPosition(2, 20), owner.End);
        }

        using PartitionStore again = lake.Open(Small);
        Assert.Equal([0, 300], again.ReadUnapplied().Select(frame => frame.Rows!.UserIds.Values[0]));
    }

    [Fact]
    public void Manifest_of_a_stale_writer_is_not_created()
    {
        using var lake = new TemporaryLake();
        using PartitionStore stale = lake.Open(Small);
        Append(stale, 0);
        LogPosition applied = stale.Flush();
        using PartitionStore owner = lake.Open(Small);
        long number = owner.Current.Number;
        Assert.Throws<OwnershipLostException>(() => stale.Commit(Drafts.Rows(applied, 10)));
        Assert.Equal(number, PartitionReader.ReadLatest(lake.Store, default)!.Manifest.Number);
        Assert.Equal(owner.Epoch, PartitionReader.ReadLatest(lake.Store, default)!.Manifest.Epoch);
    }

    [Fact]
    public void Stale_writer_loses_also_when_the_number_that_it_creates_was_collected()
    {
        using var lake = new TemporaryLake();
        using PartitionStore stale = lake.Open(Small);
        Append(stale, 0);
        LogPosition applied = stale.Flush();
        for (int i = 0; i < 12; i++)
        {
            using PartitionStore owner = lake.Open(Small);
            Append(owner, 100 + i);
            owner.Flush();
        }

        Assert.Null(lake.Store.Find(LakePaths.Manifest(default, stale.Current.Number + 1)));
        Assert.Null(lake.Store.Find(LakePaths.EpochFile(default, stale.Epoch.Next)));
        Assert.Throws<OwnershipLostException>(() => stale.Commit(Drafts.Rows(applied, 10)));
        Assert.Throws<OwnershipLostException>(() => stale.Flush());
        using PartitionStore again = lake.Open(Small);
        Assert.Equal(13, again.ReadUnapplied().Count());
    }

    [Fact]
    public void Commit_of_the_old_owner_before_the_seal_is_kept()
    {
        using var lake = new TemporaryLake();
        var store = new FailingStore(lake.Store);
        using PartitionStore first = PartitionStore.Open(store, default, Small);
        Append(first, 0);
        LogPosition applied = first.Flush();
        store.BeforePublishing = files =>
        {
            if (files.Any(file => file.Path.Contains("manifest-", StringComparison.Ordinal)))
            {
                Ownership.Take(lake.Store, default, default);
            }
        };
        CommitResult result = first.Commit(Drafts.Rows(applied, 10));
        using PartitionStore second = lake.Open(Small);
        Assert.Equal(result.Manifest.Number + 1, second.Current.Number);
        Assert.Equal(applied, second.Current.Applied);
        Assert.Equal(new Epoch(3), second.Epoch);
    }

    [Fact]
    public void Epochs_and_numbers_go_up_by_one()
    {
        using var lake = new TemporaryLake();
        for (int i = 1; i < 30; i++)
        {
            using PartitionStore store = lake.Open(Small);
            Assert.Equal((new Epoch(i), (long)i), (store.Epoch, store.Current.Number));
            Assert.InRange(lake.Store.List(LakePaths.ManifestFolder(default), false).Count, 1, Small.ManifestsKept + 1);
            Assert.InRange(lake.Store.List(LakePaths.EpochFolder(default), false).Count, 1, Small.ManifestsKept + 1);
            Assert.Single(lake.Segments());
        }
    }

    private static void Append(PartitionStore store, int first) =>
        store.Append(new FrameContent { Rows = Batches.Numbered(first, 10) });
}
