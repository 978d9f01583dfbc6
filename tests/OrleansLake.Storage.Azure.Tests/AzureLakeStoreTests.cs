using OrleansLake.Storage.Checksums;
using OrleansLake.Storage.Stores;
using OrleansLake.Storage.Tests.Stores;
using OrleansLake.TestSupport;

namespace OrleansLake.Storage.Azure.Tests;

[Collection(AzuriteCollection.Name)]
public sealed class AzureLakeStoreTests(SharedAzurite azurite) : LakeStoreContract
{
    private AzureLakeStore? _store;

    protected override ILakeStore Store => _store ??= azurite.NewStore();

    [AzuriteFact]
    public void Large_files_come_out_as_they_went_in()
    {
        byte[] bytes = new byte[20_000_000];
        new Random(1).NextBytes(bytes);
        using (IFileWriter writer = Store.CreateTemporary("large"))
        {
            for (int at = 0; at < bytes.Length; at += 300_000)
            {
                writer.Content.Write(bytes.AsSpan(at, Math.Min(300_000, bytes.Length - at)));
            }

            Assert.Equal(new CompletedFile("large", bytes.Length, Crc32C.Of(bytes)), writer.Complete());
        }

        Assert.Equal(Crc32C.Of(bytes), Store.Checksum("large").Crc32C);
        Assert.Equal([PublishOutcome.Published], Store.Publish([new FileMove("large", "x")]));
        Assert.Equal(bytes, Store.ReadAll("x"));
        using IRandomReader reader = Store.OpenRead("x");
        byte[] middle = new byte[3_000_000];
        Assert.Equal(middle.Length, reader.Read(middle, 9_999_999));
        Assert.Equal(bytes[9_999_999..12_999_999], middle);
        Assert.Equal(1, reader.Read(middle, bytes.Length - 1));
        Assert.Equal(0, reader.Read(middle, bytes.Length));
    }

    [AzuriteFact]
    public void Empty_files_are_files()
    {
        Assert.True(Store.TryPublish("empty", [], "t"));
        Assert.Equal(0, Store.Find("empty")!.Length);
        Assert.Empty(Store.ReadAll("empty"));
    }

    [AzuriteFact]
    public void Log_file_that_is_flushed_piece_by_piece_is_read_while_it_grows()
    {
        using ILogFile file = Store.CreateLogFile("log/s", 1 << 20);
        byte[] bytes = new byte[9_000_000];
        new Random(2).NextBytes(bytes);
        file.Write(bytes.AsSpan(0, 1000), 0);
        file.Flush();
        file.Flush();
        using IRandomReader reader = Store.OpenRead("log/s");
        Assert.Equal(1000, reader.Length);
        file.Write(bytes.AsSpan(1000), 1000);
        byte[] read = new byte[bytes.Length];
        Assert.Equal(1000, reader.Read(read, 0));
        file.Flush();
        Assert.Equal(bytes.Length, reader.Read(read, 0));
        Assert.Equal(bytes, read);
        Assert.Equal(bytes.Length, reader.Length);
    }

    [AzuriteFact]
    public void What_one_process_made_durable_under_its_temporary_name_another_publishes()
    {
        string container = $"lake-{Guid.NewGuid():N}";
        AzureLakeStore first = azurite.Store(container);
        foreach (string temporary in (string[])["a.tmp", "b.tmp"])
        {
            using IFileWriter writer = first.CreateTemporary(temporary);
            writer.Content.Write([1, 2, 3]);
            writer.Complete();
        }

        first.MakeNamesDurable(["a.tmp"]);

        AzureLakeStore second = azurite.Store(container);
        Assert.Equal([PublishOutcome.Published], second.Publish([new FileMove("a.tmp", "a")]));
        Assert.Equal([1, 2, 3], second.ReadAll("a"));
        Assert.Null(second.Find("a.tmp"));
        Assert.Throws<FileNotFoundException>(() => second.Publish([new FileMove("b.tmp", "b")]));
        Assert.Equal([PublishOutcome.AlreadyExists], second.Publish([new FileMove("a.tmp", "a")]));
    }

    [AzuriteFact]
    public void Of_two_processes_that_create_one_name_one_does()
    {
        string container = $"lake-{Guid.NewGuid():N}";
        AzureLakeStore[] stores = [.. Enumerable.Range(0, 8).Select(_ => azurite.Store(container))];
        for (int round = 0; round < 5; round++)
        {
            string name = $"x{round}";
            int created = 0;
            Parallel.ForEach(stores, store => Interlocked.Add(ref created, store.TryPublish(name, [1], "t") ? 1 : 0));
            Assert.Equal(1, created);
        }
    }

    [AzuriteFact]
    public void Appending_to_what_another_has_appended_to_fails_and_leaves_it()
    {
        using ILogFile mine = Store.CreateLogFile("log/s", 4096);
        mine.Write([1, 2], 0);
        mine.Flush();
        var blob = new global::Azure.Storage.Blobs.Specialized.AppendBlobClient(
            azurite.Options("").ConnectionString, new Uri(Store.Location).Segments[^1], "log/s");
        blob.AppendBlock(new MemoryStream([9]));
        mine.Write([3], 2);
        Assert.ThrowsAny<IOException>(mine.Flush);
        Assert.ThrowsAny<IOException>(mine.Flush);
        Assert.Equal([1, 2, 9], Store.ReadAll("log/s"));
    }

    [AzuriteFact]
    public void Lock_of_a_process_that_ended_is_free_when_its_lease_is_over()
    {
        // A lease that nobody renews, as a killed process leaves it.
        using (Store.TryLock("c/lock", "0"))
        {
        }

        var blob = new global::Azure.Storage.Blobs.BlobClient(
            azurite.Options("").ConnectionString, new Uri(Store.Location).Segments[^1], "c/lock");
        new global::Azure.Storage.Blobs.Specialized.BlobLeaseClient(blob).Acquire(TimeSpan.FromSeconds(15));
        Assert.Null(Store.TryLock("c/lock", "1"));
        IDisposable? taken;
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while ((taken = Store.TryLock("c/lock", "2")) is null)
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), "the lease does not end");
            Thread.Sleep(200);
        }

        using (taken)
        {
            Assert.Equal("2", Store.ReadLockOwner("c/lock"));
        }
    }
}
