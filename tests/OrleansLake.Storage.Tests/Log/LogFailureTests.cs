using OrleansLake.Storage.Log;
using OrleansLake.Storage.Partitions;

namespace OrleansLake.Storage.Tests.Log;

public class LogFailureTests
{
    [Fact]
    public void Failed_fsync_closes_the_log_and_a_new_owner_goes_on()
    {
        using var lake = new TemporaryLake();
        var failing = new FailingStore(lake.Store);
        using (PartitionStore store = PartitionStore.Open(failing, default))
        {
            Append(store, 0);
            store.Flush();
            Append(store, 1);
            failing.FailsToFlush = true;
            Assert.Throws<LogClosedException>(() => store.Flush());
            failing.FailsToFlush = false;
            Assert.Throws<LogClosedException>(() => store.Flush());
            Assert.Throws<LogClosedException>(() => Append(store, 2));
            Assert.Equal(new LogPosition(1, 5), store.Durable);
        }

        using PartitionStore again = lake.Open();
        Append(again, 3);
        Assert.Equal(again.End, again.Flush());
    }

    [Fact]
    public void Failed_write_leaves_the_log_as_it_was_and_may_be_repeated()
    {
        using var lake = new TemporaryLake();
        var failing = new FailingStore(lake.Store);
        using (PartitionStore store = PartitionStore.Open(failing, default))
        {
            Append(store, 0);
            failing.FailsToWrite = true;
            Assert.Throws<FrameWriteException>(() => Append(store, 1));
            Assert.Throws<FrameWriteException>(() => Append(store, 1));
            failing.FailsToWrite = false;
            Append(store, 2);
            store.Flush();
        }

        using PartitionStore again = lake.Open();
        Assert.Equal([0, 2], again.ReadUnapplied().Select(frame => frame.Rows!.UserIds.Values[0]));
    }

    [Fact]
    public void Segment_whose_beginning_failed_keeps_no_name_and_hides_no_frame()
    {
        using var lake = new TemporaryLake();
        var failing = new FailingStore(lake.Store);
        var options = new PartitionStoreOptions { SegmentBytes = 4096 };
        using (PartitionStore store = PartitionStore.Open(failing, default, options))
        {
            Append(store, 0);
            failing.FailsToBegin = failing.FailsToDelete = true;
            Assert.Throws<IOException>(() => store.Append(new FrameContent { Rows = Batches.Numbered(1, 200) }));

            // It would fit into the segment before; but on the disk that ends where the next one begins now.
            Assert.Throws<IOException>(() => Append(store, 2));
            failing.FailsToBegin = failing.FailsToDelete = false;
            Append(store, 3);
            store.Append(new FrameContent { Rows = Batches.Numbered(4, 200) });
            store.Flush();
        }

        using PartitionStore again = lake.Open();
        Assert.Equal([0, 3, 4], again.ReadUnapplied().Select(frame => frame.Rows!.UserIds.Values[0]));
    }

    [Fact]
    public void Log_goes_on_in_another_segment_when_the_store_wants_no_more_of_one()
    {
        using var lake = new TemporaryLake();
        var failing = new FailingStore(lake.Store);
        using (PartitionStore store = PartitionStore.Open(failing, default))
        {
            Append(store, 0);
            failing.HasFullLogFiles = true;
            Append(store, 1);
            failing.HasFullLogFiles = false;
            Append(store, 2);
            store.Flush();
            Assert.Equal(2, lake.Store.List(LakePaths.LogFolder(default), recursive: false).Count);
        }

        using PartitionStore again = lake.Open();
        Assert.Equal([0, 1, 2], again.ReadUnapplied().Select(frame => frame.Rows!.UserIds.Values[0]));
    }

    private static void Append(PartitionStore store, int first) =>
        store.Append(new FrameContent { Rows = Batches.Numbered(first, 5) });
}
