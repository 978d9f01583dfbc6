using OrleansLake.Storage.Log;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Stores;
using OrleansLake.Storage.Tests;
using OrleansLake.TestSupport;

namespace OrleansLake.Storage.Azure.Tests;

/// <summary>Tests who owned a partition before can write nothing that counts.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class AzureFencingTests(SharedAzurite azurite)
{
    private static readonly PartitionStoreOptions Small = new() { SegmentBytes = 64 << 10, ManifestsKept = 2 };

    private readonly string _container = $"lake-{Guid.NewGuid():N}";

    [AzuriteFact]
    public void What_a_stale_writer_appends_is_never_acknowledged_and_never_read()
    {
        using PartitionStore stale = Open();
        Append(stale, 0);
        stale.Flush();
        using (PartitionStore owner = Open())
        {
            Append(stale, 100);
            Assert.Throws<OwnershipLostException>(() => stale.Flush());
            Assert.Throws<OwnershipLostException>(() => Append(stale, 200));
            Append(owner, 300);
            owner.Flush();
        }

        using PartitionStore again = Open();
        Assert.Equal([0, 300], again.ReadUnapplied().Select(frame => frame.Rows!.UserIds.Values[0]));
    }

    [AzuriteFact]
    public void Stale_writer_commits_nothing_also_when_the_number_was_collected()
    {
        using PartitionStore stale = Open();
        Append(stale, 0);
        LogPosition applied = stale.Flush();
        for (int i = 0; i < 6; i++)
        {
            using PartitionStore owner = Open();
            Append(owner, 100 + i);
            owner.Flush();
        }

        AzureLakeStore store = azurite.Store(_container);
        Assert.Null(store.Find(LakePaths.Manifest(default, stale.Current.Number + 1)));
        Assert.Throws<OwnershipLostException>(() => stale.Commit(Drafts.Rows(applied, 10)));
        using PartitionStore again = Open();
        Assert.Equal([0, 100, 101, 102, 103, 104, 105], again.ReadUnapplied().Select(frame => frame.Rows!.UserIds.Values[0]));
    }

    [AzuriteFact]
    public void Many_segments_and_a_torn_flush_are_read_to_the_last_whole_frame()
    {
        using (PartitionStore store = Open())
        {
            for (int i = 0; i < 50; i++)
            {
                store.Append(new FrameContent { Rows = Batches.Numbered(i * 100, 100) });
                if (i % 7 == 0)
                {
                    store.Flush();
                }
            }

            store.Flush();

            // Half of a frame, as a flush of several blocks leaves it when the process ends between two.
            FileEntry last = store.Store.List(LakePaths.LogFolder(default), recursive: false).OrderBy(file => file.Path, StringComparer.Ordinal).Last();
            byte[] frame = store.Store.ReadAll(last.Path)[64..200];
            new global::Azure.Storage.Blobs.Specialized.AppendBlobClient(azurite.Options("").ConnectionString, _container, last.Path)
                .AppendBlock(new MemoryStream(frame));
        }

        using PartitionStore again = Open();
        Assert.Equal(Enumerable.Range(0, 50).Select(i => i * 100), again.ReadUnapplied().Select(frame => frame.Rows!.UserIds.Values[0]));
    }

    private PartitionStore Open() => PartitionStore.Open(azurite.Store(_container), default, Small);

    private static void Append(PartitionStore store, int first) =>
        store.Append(new FrameContent { Rows = Batches.Numbered(first, 10) });
}
