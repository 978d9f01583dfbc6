using OrleansLake.Storage.Log;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Tests.Partitions;

public class SweepTests
{
    private static readonly PartitionStoreOptions Small = new() { SegmentBytes = 8192 };

    [Fact]
    public void What_an_earlier_owner_left_unnamed_is_swept_and_nothing_else()
    {
        using var lake = new TemporaryLake();
        string[] foreign =
        [
            "bronze/messages/data/part-00000-3f1c.snappy.parquet", "bronze/messages/data/_SUCCESS",
            "bronze/messages/data/.part.crc", "bronze/messages/checkpoint/offsets/0",
            "silver/messages/data/date=2024-12-16/part-00000-of-spark.parquet", "gold/notes.tmp", "gold/report1/data/x.csv",
        ];
        foreach (string path in foreign)
        {
            lake.Write(path, "not ours");
        }

        NewDataFile kept, left, bronzeInLog;
        string bronzeKept, gold, state;
        using (PartitionStore store = lake.Open(Small))
        {
            store.Append(new FrameContent { Rows = Batches.Numbered(0, 10) });
            LogPosition applied = store.Flush();
            kept = Drafts.Silver(store, 0, 9);
            store.Commit(Drafts.Rows(applied, 10) with { Files = [kept] });
            store.Append(new FrameContent { Rows = Batches.Numbered(10, 10) });
            store.Flush();

            // A process that is killed between its files and its manifest.
            left = Drafts.Silver(store, 10, 19);
            lake.Store.Publish([new FileMove(left.Temporary, left.File.Path)]);
            _ = Drafts.Silver(store, 20, 29);
            bronzeInLog = Drafts.Silver(store, 30, 39);
            File.Move(lake.FullPath(bronzeInLog.Temporary), lake.FullPath(store.DataFilePath(DataKind.Bronze, null, 10, 19)));
            bronzeKept = store.DataFilePath(DataKind.Bronze, null, 0, 9);
            lake.Write(bronzeKept, "rows that the log does not hold any more");
            gold = LakePaths.GoldTemporary("report1", store.Epoch);
            lake.Write(gold, "half a report");
            state = Drafts.Snapshot(store, true, "unfinished").Temporary;
        }

        using (PartitionStore next = lake.Open(Small))
        {
            // Its own files, which it may be writing, stay.
            NewDataFile own = Drafts.Silver(next, 10, 19);
            next.Commit(Drafts.Rows(next.Current.Applied, 10));
            Assert.NotNull(lake.Store.Find(own.Temporary));
            Assert.Null(lake.Store.Find(left.File.Path));
            Assert.Null(lake.Store.Find(next.DataFilePath(DataKind.Bronze, null, 10, 19)));
            Assert.Null(lake.Store.Find(gold));
            Assert.Null(lake.Store.Find(state));
            Assert.NotNull(lake.Store.Find(kept.File.Path));
            Assert.NotNull(lake.Store.Find(bronzeKept));
            Assert.Equal(
                [kept.File.Path, own.Temporary],
                lake.Store.List(LakePaths.Silver, true).Select(file => file.Path).Where(path => !foreign.Contains(path)).Order(StringComparer.Ordinal));
        }

        Assert.All(foreign, path => Assert.NotNull(lake.Store.Find(path)));
    }
}
