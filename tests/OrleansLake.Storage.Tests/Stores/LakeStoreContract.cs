using OrleansLake.Storage.Checksums;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Tests.Stores;

/// <summary>The contract of every store; each store has a class that runs it.</summary>
public abstract class LakeStoreContract
{
    protected abstract ILakeStore Store { get; }

    [StoreFact]
    public void Published_file_is_there_whole_and_its_temporary_name_is_gone()
    {
        CompletedFile file = Write("a/b.tmp", [1, 2, 3]);
        Assert.Equal(new CompletedFile("a/b.tmp", 3, Crc32C.Of([1, 2, 3])), file);
        Assert.Equal([PublishOutcome.Published], Store.Publish([new FileMove("a/b.tmp", "c/d/e")]));
        Assert.Equal([1, 2, 3], Store.ReadAll("c/d/e"));
        Assert.Null(Store.Find("a/b.tmp"));
        Assert.Equal(3, Store.Find("c/d/e")!.Length);
    }

    [StoreFact]
    public void Publishing_never_replaces()
    {
        Write("t1", [1]);
        Store.Publish([new FileMove("t1", "x")]);
        Write("t2", [2]);
        Write("t3", [3]);
        Assert.Equal(
            [PublishOutcome.AlreadyExists, PublishOutcome.Published],
            Store.Publish([new FileMove("t2", "x"), new FileMove("t3", "y")]));
        Assert.Equal([1], Store.ReadAll("x"));
        Assert.NotNull(Store.Find("t2"));
    }

    [StoreFact]
    public void Publishing_may_be_repeated_and_missing_files_are_told()
    {
        Write("t1", [1]);
        Store.Publish([new FileMove("t1", "x")]);
        Assert.Equal([PublishOutcome.AlreadyExists], Store.Publish([new FileMove("t1", "x")]));
        Assert.Throws<FileNotFoundException>(() => Store.Publish([new FileMove("t1", "z")]));
    }

    [StoreFact]
    public void Replacing_takes_the_place_of_what_was_there()
    {
        Write("t1", [1]);
        Store.Replace(new FileMove("t1", "g/x"));
        Write("t2", [2]);
        Store.Replace(new FileMove("t2", "g/x"));
        Assert.Equal([2], Store.ReadAll("g/x"));
    }

    [StoreFact]
    public void Unfinished_file_is_gone_when_it_is_disposed_of()
    {
        using (IFileWriter writer = Store.CreateTemporary("t"))
        {
            writer.Content.Write([1, 2]);
        }

        Assert.Null(Store.Find("t"));
    }

    [StoreFact]
    public void Temporary_names_must_not_look_like_data() =>
        Assert.Throws<ArgumentException>(() => Store.CreateTemporary("a.parquet"));

    [StoreFact]
    public void Listing_shows_files_of_a_folder_or_of_all_below()
    {
        foreach (string path in (string[])["r", "f/a", "f/g/b", "ff/c"])
        {
            Write("t", [0]);
            Store.Publish([new FileMove("t", path)]);
        }

        Assert.Equal(["f/a"], Paths("f", recursive: false));
        Assert.Equal(["f/a", "f/g/b"], Paths("f", recursive: true));
        Assert.Equal(["f/a", "f/g/b", "ff/c", "r"], Paths("", recursive: true));
        Assert.Empty(Store.List("nowhere", recursive: true));
        Assert.Equal(Store.List("f", recursive: true).Where(file => file.Path == "f/g/b"), Store.ListWanted("f", path => path == "f/g/b"));
        Assert.Empty(Store.ListWanted("nowhere", _ => true));
    }

    [StoreFact]
    public void Deleting_tells_whether_there_was_a_file()
    {
        Write("t", [0]);
        Assert.True(Store.Delete("t"));
        Assert.False(Store.Delete("t"));
        Assert.False(Store.Delete("no/such/folder"));
    }

    [StoreFact]
    public void Missing_files_are_not_found()
    {
        Assert.Throws<FileNotFoundException>(() => Store.OpenRead("nothing"));
        Assert.Throws<FileNotFoundException>(() => Store.OpenRead("no/such/folder"));
        Assert.Null(Store.Find("no/such/folder"));
    }

    [StoreFact]
    public void Log_file_is_written_at_places_and_reads_as_zeros_elsewhere()
    {
        using (ILogFile file = Store.CreateLogFile("log/s", 4096))
        {
            file.Write([7, 8], 100);
            file.Flush();
            using IRandomReader reader = Store.OpenRead("log/s");
            byte[] bytes = new byte[103];
            reader.Read(bytes, 0);
            Assert.Equal([7, 8], bytes[100..102]);
            Assert.All(bytes[..100], b => Assert.Equal(0, b));
        }

        Assert.ThrowsAny<IOException>(() => Store.CreateLogFile("log/s", 4096));
    }

    [StoreFact]
    public void One_lock_at_a_time()
    {
        Assert.False(Store.IsLocked("c/lock"));
        using (IDisposable? first = Store.TryLock("c/lock", "owner 1"))
        {
            Assert.NotNull(first);
            Assert.True(Store.IsLocked("c/lock"));
            Assert.Null(Store.TryLock("c/lock", "owner 2"));
            Assert.Equal("owner 1", Store.ReadLockOwner("c/lock"));
        }

        Assert.False(Store.IsLocked("c/lock"));
        using IDisposable? second = Store.TryLock("c/lock", "2");
        Assert.NotNull(second);
        Assert.Equal("2", Store.ReadLockOwner("c/lock"));
    }

    private CompletedFile Write(string path, byte[] bytes)
    {
        using IFileWriter writer = Store.CreateTemporary(path);
        writer.Content.Write(bytes);
        return writer.Complete();
    }

    private string[] Paths(string folder, bool recursive) =>
        [.. Store.List(folder, recursive).Select(file => file.Path).Order(StringComparer.Ordinal)];
}
