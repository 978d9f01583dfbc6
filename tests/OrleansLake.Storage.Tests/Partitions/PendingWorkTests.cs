using OrleansLake.Core.State;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Tests.Partitions;

public class PendingWorkTests
{
    private const string Spark = "silver/messages/data/date=2024-12-16/part-00000-of-spark.parquet";

    private static readonly PartitionStoreOptions Small = new() { SegmentBytes = 8192 };

    [Fact]
    public void Replay_swaps_the_files_in()
    {
        using var lake = new TemporaryLake();
        (DataFile old, NewDataFile made) = Replay(lake, crashes: false);
        Check(lake, old, made);
        Assert.Null(lake.Store.Find(made.Temporary));
    }

    [Fact]
    public void Every_start_completes_a_replay_that_was_cut_off()
    {
        using var lake = new TemporaryLake();
        (DataFile old, NewDataFile made) = Replay(lake, crashes: true);
        Assert.Equal(made.Temporary, PartitionReader.Locate(lake.Store, PartitionReader.ReadLatest(lake.Store, default)!.Manifest, made.File));
        using (PartitionStore store = lake.Open(Small))
        {
            Assert.Empty(store.Current.PendingLinks);
            Assert.Empty(store.Current.PendingRemovals);
        }

        Check(lake, old, made);
        Assert.Null(lake.Store.Find(made.Temporary));
    }

    [Fact]
    public void File_cannot_be_removed_and_added_at_once()
    {
        using var lake = new TemporaryLake();
        using PartitionStore store = lake.Open(Small);
        LogPosition applied = store.Append(new FrameContent { Rows = Batches.Numbered(0, 10) }).End;
        NewDataFile file = Drafts.Silver(store, 0, 9);
        Assert.Throws<ArgumentException>(() => store.Commit(Drafts.Rows(applied, 10) with
        {
            LinkedFiles = [file],
            RemovedExternal = [file.File.Path],
        }));
    }

    [Fact]
    public void Empty_generation_deletes_everything_and_goes_on_with_the_offsets()
    {
        using var lake = new TemporaryLake();
        const string foreign = "bronze/messages/data/part-00000.parquet";
        lake.Write(foreign, "rows");
        lake.Write("gold/report1/data/report1.parquet", "report");
        using PartitionStore store = lake.Open(Small);
        LogPosition applied = store.Append(new FrameContent
        {
            SourceProgress = new SourceProgress.ExternalBronzeFile(foreign, 4, 5, 100, 6),
        }).End;
        store.Commit(Drafts.Rows(applied, 100) with
        {
            Files = [Drafts.Silver(store, 0, 99)],
            Snapshot = Drafts.Snapshot(store, true, "state"),
        });
        store.Append(new FrameContent { Rows = Batches.Numbered(0, 10), SourceProgress = new SourceProgress.ProducerBatch("p", 1) });

        Manifest manifest = store.StartEmptyGeneration().Manifest;
        Assert.Equal(2, manifest.Generation);
        Assert.Equal(new LogPosition(2, 110), manifest.Applied);
        Assert.Empty(store.Files);
        Assert.Equivalent(Ledger.Empty, store.Ledger);
        Assert.Empty(store.Registry.ExternalFileRegistry);
        Assert.Null(store.Registry.BatchOf("p", 1));
        Assert.Empty(store.ReadSnapshot());
        Assert.DoesNotContain(lake.Store.List("", true), file => file.Path.EndsWith(".parquet", StringComparison.Ordinal));
        Assert.Equal(110, store.Append(new FrameContent { Rows = Batches.Numbered(0, 1) }).Start.Offset);
        store.Flush();
        store.Dispose();

        using PartitionStore again = lake.Open(Small);
        Assert.Single(again.ReadUnapplied());
        Assert.Equal(2, again.Current.Generation);
    }

    private static (DataFile Old, NewDataFile Made) Replay(TemporaryLake lake, bool crashes)
    {
        DataFile old;
        using (PartitionStore store = lake.Open(Small))
        {
            LogPosition applied = store.Append(new FrameContent { Rows = Batches.Numbered(0, 10) }).End;
            NewDataFile silver = Drafts.Silver(store, 0, 9);
            old = silver.File;
            store.Commit(Drafts.Rows(applied, 10) with { Files = [silver] });
        }

        lake.Write(Spark, "rows");
        var failing = new FailingStore(lake.Store);
        using (PartitionStore store = PartitionStore.Open(failing, default, Small))
        {
            NewDataFile made = Drafts.Silver(store, 0, 9, content: "rebuilt rows");
            CommitDraft draft = Drafts.Rows(store.Current.Applied, 10) with
            {
                LinkedFiles = [made],
                Removed = [old.Path],
                RemovedExternal = [Spark],
                Snapshot = Drafts.Snapshot(store, true, "state"),
            };

            // The snapshot, the manifest, the links.
            failing.PublishesUntilFailure = crashes ? 2 : -1;
            if (crashes)
            {
                Assert.Throws<IOException>(() => store.Commit(draft));
            }
            else
            {
                store.Commit(draft);
            }

            return (old, made);
        }
    }

    private static void Check(TemporaryLake lake, DataFile old, NewDataFile made)
    {
        Assert.Null(lake.Store.Find(old.Path));
        Assert.Null(lake.Store.Find(Spark));
        ManifestView view = PartitionReader.ReadLatest(lake.Store, default)!;
        Assert.Equal(made.File, Assert.Single(view.Files).Value);
        Assert.Equal(made.File.Path, PartitionReader.Locate(lake.Store, view.Manifest, made.File));
        Assert.Equal(made.File.Crc32C, lake.Store.Checksum(made.File.Path).Crc32C);
    }
}
