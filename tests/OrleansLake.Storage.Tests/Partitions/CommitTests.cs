using System.Text;
using OrleansLake.Core;
using OrleansLake.Core.State;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Registries;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Tests.Partitions;

public class CommitTests
{
    private static readonly PartitionStoreOptions Small = new()
    {
        SegmentBytes = 8192,
        ManifestsKept = 3,
        BaseListChangesMin = 5,
        MergeFanIn = 3,
    };

    [Fact]
    public void Commit_publishes_files_ledger_snapshot_and_registry()
    {
        using var lake = new TemporaryLake();
        using (PartitionStore store = lake.Open(Small))
        {
            store.Append(new FrameContent { Rows = Batches.Numbered(0, 10), SourceProgress = new SourceProgress.ProducerBatch("p", 1) });
            LogPosition applied = store.Append(new FrameContent { Rows = Batches.Numbered(10, 10), SourceProgress = new SourceProgress.ProducerBatch("p", 2) }).End;
            store.Append(new FrameContent { Rows = Batches.Numbered(20, 10), SourceProgress = new SourceProgress.ProducerBatch("p", 3) });
            NewDataFile silver = Drafts.Silver(store, 0, 19);
            CommitResult result = store.Commit(Drafts.Rows(applied, 20) with
            {
                Files = [silver],
                Snapshot = Drafts.Snapshot(store, isBase: true, "state"),
            });
            Assert.Equal(2, result.Manifest.Number);
            Assert.NotNull(lake.Store.Find(silver.File.Path));
            Assert.Null(lake.Store.Find(silver.Temporary));
        }

        ManifestView view = PartitionReader.ReadLatest(lake.Store, default)!;
        Assert.Equal(2, view.Manifest.Number);
        Assert.Equal(20, Assert.Single(view.Files).Value.Rows);
        Assert.Equivalent(Drafts.LedgerOf(20), view.Ledger);
        Assert.NotNull(PartitionReader.ReadRegistry(lake.Store, view.Manifest).BatchOf("p", 2));
        Assert.Null(PartitionReader.ReadRegistry(lake.Store, view.Manifest).BatchOf("p", 3));

        using PartitionStore again = lake.Open(Small);
        Assert.Equal(20, Assert.Single(again.ReadUnapplied()).FirstOffset);
        Assert.Equal("state", Encoding.UTF8.GetString(Assert.Single(again.ReadSnapshot())));
        Assert.Equal(new BatchEntry(new SourceProgress.ProducerBatch("p", 1), 0, 10), again.Registry.BatchOf("p", 1));
        Assert.Equal(new BatchEntry(new SourceProgress.ProducerBatch("p", 3), 20, 30), again.Registry.BatchOf("p", 3));
        Assert.Null(again.Registry.BatchOf("p", 4));
        Assert.Equivalent(view.Ledger, again.Ledger);
    }

    [Fact]
    public void Everything_stays_bounded_and_is_read_back_over_many_commits_and_openings()
    {
        using var lake = new TemporaryLake(Durability.None);
        var files = new List<string>();
        var states = new List<string>();
        int rows = 0;
        for (int opening = 0; opening < 4; opening++)
        {
            using PartitionStore store = lake.Open(Small);
            for (int commit = 0; commit < 30; commit++)
            {
                LogPosition applied = store.Append(new FrameContent
                {
                    Rows = Batches.Numbered(rows, 10),
                    SourceProgress = new SourceProgress.FileProgress($"file {rows}", 9, 8, 7, 6, true, 5, 1),
                }).End;
                rows += 10;
                NewDataFile silver = Drafts.Silver(store, rows - 10, rows - 1, $"2024-12-{1 + commit % 28:D2}");
                files.Add(silver.File.Path);
                bool isBase = store.NeedsSnapshotBase;
                string state = isBase ? new string('b', 4000) : $"change {rows}";
                states = isBase ? [state] : [.. states, state];
                store.Commit(Drafts.Rows(applied, rows) with
                {
                    Files = [silver],
                    Snapshot = Drafts.Snapshot(store, isBase, state),
                });
                Assert.True(lake.Segments().Length <= 3);
                Assert.InRange(lake.Store.List(LakePaths.ManifestFolder(default), false).Count, 1, 4);
                Assert.InRange(lake.Store.List(LakePaths.StateFolder(default), false).Count, 1, 30);
                Assert.True(store.Current.Added.Count <= 11 * Math.Sqrt(files.Count) + 5);
            }
        }

        using PartitionStore last = lake.Open(Small);
        Assert.Equal(files.Order(StringComparer.Ordinal), last.Files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(states, last.ReadSnapshot().Select(Encoding.UTF8.GetString));
        Assert.Equal(rows, last.Ledger.Total.Bronze);
        Assert.NotNull(last.Current.BaseList);
        for (int i = 0; i < rows; i += 10)
        {
            Assert.NotNull(last.Registry.CompletedOf($"file {i}", 9, 5));
        }

        Assert.Empty(last.ReadUnapplied());
    }

    [Fact]
    public void Failed_commit_is_tried_again_with_the_same_draft_and_nothing_else()
    {
        using var lake = new TemporaryLake();
        var store = new FailingStore(lake.Store);
        using PartitionStore partition = PartitionStore.Open(store, default, Small);
        LogPosition applied = partition.Append(new FrameContent { Rows = Batches.Numbered(0, 10), SourceProgress = new SourceProgress.ProducerBatch("p", 1) }).End;
        CommitDraft draft = Drafts.Rows(applied, 10) with
        {
            Files = [Drafts.Silver(partition, 0, 9), Drafts.Silver(partition, 0, 9, "2024-12-17")],
            Snapshot = Drafts.Snapshot(partition, isBase: true, "state"),
        };
        int attempts = 0;
        for (bool done = false; !done; attempts++)
        {
            // Every publishing call fails once, after it has been done or before.
            store.FailAfterPublishing = attempts % 2 == 0;
            store.PublishesUntilFailure = attempts / 2;
            try
            {
                Assert.Equal(2, partition.Commit(draft).Manifest.Number);
                done = true;
            }
            catch (IOException)
            {
                Assert.Throws<InvalidOperationException>(() => partition.Commit(draft with { }));
            }
        }

        Assert.True(attempts > 3);
        Assert.Equal(2, partition.Files.Count);
        Assert.Equal(new BatchEntry(new SourceProgress.ProducerBatch("p", 1), 0, 10), PartitionReader.ReadRegistry(lake.Store, partition.Current).BatchOf("p", 1));
        Assert.All(partition.Files.Values, file => Assert.Equal(file.Crc32C, lake.Store.Checksum(file.Path).Crc32C));
    }

    [Fact]
    public void Damaged_manifest_is_never_a_reason_to_fall_back()
    {
        using var lake = new TemporaryLake();
        string path;
        using (PartitionStore store = lake.Open(Small))
        {
            LogPosition applied = store.Append(new FrameContent { Rows = Batches.Numbered(0, 10) }).End;
            path = LakePaths.Manifest(default, store.Commit(Drafts.Rows(applied, 10)).Manifest.Number);
        }

        byte[] bytes = File.ReadAllBytes(lake.FullPath(path));
        for (int at = 0; at < bytes.Length; at += 7)
        {
            bytes[at] ^= 1;
            File.WriteAllBytes(lake.FullPath(path), bytes);
            Assert.Equal(path, Assert.Throws<CorruptDataException>(() => PartitionReader.ReadLatest(lake.Store, default)).File);
            Assert.Throws<CorruptDataException>(() => lake.Open(Small).Dispose());
            bytes[at] ^= 1;
        }
    }

    [Fact]
    public void Damaged_or_missing_state_files_are_reported()
    {
        using var lake = new TemporaryLake();
        using (PartitionStore store = lake.Open(Small))
        {
            LogPosition applied = store.Append(new FrameContent { SourceProgress = new SourceProgress.ProducerBatch("p", 1) }).End;
            store.Commit(Drafts.Rows(applied, 0) with { Snapshot = Drafts.Snapshot(store, true, "state") });
        }

        Manifest manifest = PartitionReader.ReadLatest(lake.Store, default)!.Manifest;
        string snapshot = manifest.Snapshot.Base!.Path;
        byte[] bytes = File.ReadAllBytes(lake.FullPath(snapshot));
        for (int at = 0; at < bytes.Length; at++)
        {
            bytes[at] ^= 4;
            File.WriteAllBytes(lake.FullPath(snapshot), bytes);
            Assert.Equal(snapshot, Assert.Throws<CorruptDataException>(
                () => PartitionReader.ReadSnapshot(lake.Store, manifest).Count()).File);
            bytes[at] ^= 4;
        }

        File.Delete(lake.FullPath(manifest.Registry.Base!.Path));
        Assert.Throws<CorruptDataException>(() => lake.Open(Small).Dispose());
    }

    [Fact]
    public void Drafts_that_would_break_the_lake_are_refused()
    {
        using var lake = new TemporaryLake();
        using PartitionStore store = lake.Open(Small);
        LogPosition applied = store.Append(new FrameContent { Rows = Batches.Numbered(0, 10) }).End;
        Assert.Throws<ArgumentException>(() => store.Commit(Drafts.Rows(new LogPosition(2, 20), 20)));
        Assert.Throws<ArgumentException>(() => store.Commit(new CommitDraft
        {
            Applied = applied,
            Ledger = new Ledger(new LedgerCounts(10, 9, 0, 0, 9), new Dictionary<int, LedgerCounts>()),
        }));
        Assert.Throws<ArgumentException>(() => store.Commit(Drafts.Rows(applied, 10) with { Removed = ["nothing"] }));
        Assert.Equal(2, store.Commit(Drafts.Rows(applied, 10)).Manifest.Number);
        Assert.Throws<ArgumentException>(() => store.Commit(Drafts.Rows(default, 0)));
    }

    [Fact]
    public void Manifest_of_a_newer_version_is_refused()
    {
        using var lake = new TemporaryLake();
        using (lake.Open(Small))
        {
        }

        string path = lake.FullPath(LakePaths.Manifest(default, 1));
        File.WriteAllText(path, "{\n  \"formatVersion\": 3,\n  \"somethingNew\": []\n}\n");
        Assert.Contains("newer", Assert.Throws<LakeRefusedException>(() => lake.Open(Small).Dispose()).Message, StringComparison.Ordinal);
    }
}
