using OrleansLake.Core;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Tests.Lakes;

public class LakeTests
{
    [Fact]
    public void Description_is_made_once_and_read_back()
    {
        using var lake = new TemporaryLake();
        Assert.Throws<LakeNotFoundException>(() => LakeDescription.Read(lake.Store));
        var description = new LakeDescription(1, "America/New_York", 1);
        description.Create(lake.Store);
        Assert.Equal(description, LakeDescription.Read(lake.Store));
        Assert.Throws<LakeRefusedException>(() => description.Create(lake.Store));
        Assert.Single(lake.Store.List("", recursive: true));
    }

    [Theory]
    [InlineData("{\"formatVersion\":1,\"timeZone\":\"UTC\"")]
    [InlineData("{\"formatVersion\":1}")]
    [InlineData("null")]
    [InlineData("")]
    public void Damaged_description_is_damage(string text)
    {
        using var lake = new TemporaryLake();
        lake.Write(LakePaths.Description, text);
        Assert.Equal(lake.Store.FullPath(LakePaths.Description), Assert.Throws<CorruptDataException>(() => LakeDescription.Read(lake.Store)).File);
    }

    [Fact]
    public void Newer_lake_is_refused()
    {
        using var lake = new TemporaryLake();
        lake.Write(LakePaths.Description, $$"""{"formatVersion":{{LakeDescription.NewestFormatVersion + 1}},"timeZone":"UTC","partitions":1,"new":[]}""");
        Assert.Contains("newer", Assert.Throws<LakeRefusedException>(() => LakeDescription.Read(lake.Store)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lake_that_lost_its_description_before_its_first_data_file_is_damaged_and_not_unfinished()
    {
        using var lake = new TemporaryLake();
        lake.Write("bronze/messages/checkpoint/lake/p00000/manifests/manifest-00000000000000000001.json", "{}");
        Assert.Contains("manifest-", Assert.Throws<Core.CorruptDataException>(() => LakeFolder.Inspect(lake.Store)).Message, StringComparison.Ordinal);
        Assert.Contains("manifest-", Assert.Throws<Core.CorruptDataException>(() => LakeFolder.ThrowIfLost(lake.Store)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_made_where_a_lake_was()
    {
        using var lake = new TemporaryLake();
        var store = new LocalStore(Path.Combine(lake.Root, "share"));
        Assert.True(store.TryPublish(LakePaths.Description, "{}"u8.ToArray(), "lake.json.tmp"));
        Assert.NotNull(store.Find(LakePaths.Description));
        Assert.Null(store.WhyGone());
        Directory.Delete(store.Location, recursive: true);
        foreach (bool isMountPoint in (bool[])[false, true])
        {
            Assert.Throws<LakeNotFoundException>(() => store.CreateTemporary("silver/messages/data/x.tmp"));
            Assert.Throws<LakeNotFoundException>(() => store.CreateLogFile("bronze/messages/log/p00000/x.log", 4096));
            Assert.Contains("The lake's folder is gone", store.WhyGone(), StringComparison.Ordinal);
            Assert.Equal(isMountPoint, Directory.Exists(store.Location));
            Directory.CreateDirectory(store.Location);
        }

        Assert.Empty(Directory.GetFileSystemEntries(store.Location));
        File.WriteAllText(Path.Combine(store.Location, LakePaths.Description), "{}");
        Assert.Null(store.WhyGone());
        store.CreateTemporary("silver/messages/data/x.tmp").Dispose();
    }

    [Theory]
    [InlineData("", nameof(LakeFolderKind.Empty))]
    [InlineData("lake.json,whatever", nameof(LakeFolderKind.Lake))]
    [InlineData("bronze/messages/data/part-0.parquet,bronze/messages/data/_SUCCESS,bronze/messages/data/.x.crc", nameof(LakeFolderKind.Adoptable))]
    [InlineData("bronze/messages/data/date=2024-12-16/part-0.parquet,bronze/messages/checkpoint/metadata", nameof(LakeFolderKind.Adoptable))]
    [InlineData("countries.csv,bronze/messages/checkpoint/lake/lock", nameof(LakeFolderKind.Unfinished))]
    [InlineData("lake.json.tmp", nameof(LakeFolderKind.Unfinished))]
    [InlineData("thesis.docx", nameof(LakeFolderKind.Other))]
    [InlineData("silver/messages/data/x.parquet", nameof(LakeFolderKind.Other))]
    public void Folders_are_told_apart(string files, string kind)
    {
        using var lake = new TemporaryLake();
        foreach (string file in files.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            lake.Write(file, "x");
        }

        LakeFolder folder = LakeFolder.Inspect(lake.Store);
        Assert.Equal(kind, folder.Kind.ToString());
        Assert.Equal(folder.Kind == LakeFolderKind.Other, folder.Unexpected is not null);
        Assert.False(folder.HasExternalOutput && folder.Kind != LakeFolderKind.Other);
    }

    [Fact]
    public void Folder_of_Spark_with_silver_is_adoptable_but_has_output()
    {
        using var lake = new TemporaryLake();
        lake.Write("silver/messages/data/date=2024-12-16/part-0.parquet", "x");
        lake.Write("bronze/messages/data/part-0.parquet", "x");
        Assert.Equal(new LakeFolder(LakeFolderKind.Adoptable, true, null), LakeFolder.Inspect(lake.Store));
    }

    [Fact]
    public void Lake_that_lost_its_description_is_damaged_and_no_new_start()
    {
        using var lake = new TemporaryLake();
        lake.Write(LakePaths.DataFile(DataKind.Bronze, null, new DataFileName(default, new Epoch(1), 0, 9)), "rows");
        Assert.Equal(lake.Store.FullPath(LakePaths.Description), Assert.Throws<CorruptDataException>(() => LakeFolder.Inspect(lake.Store)).File);
    }

    [Fact]
    public void Missing_folder_is_empty_and_stays_missing()
    {
        using var lake = new TemporaryLake();
        var store = new LocalStore(Path.Combine(lake.Root, "not", "there"));
        Assert.Equal(LakeFolderKind.Empty, LakeFolder.Inspect(store).Kind);
        Assert.False(Directory.Exists(Path.Combine(lake.Root, "not")));
    }

    [Fact]
    public void Second_owner_is_told_the_first_ones_process()
    {
        using var lake = new TemporaryLake();
        using (LakeLock.Take(lake.Store, 1234))
        {
            LakeInUseException inUse = Assert.Throws<LakeInUseException>(() => LakeLock.Take(new LocalStore(lake.Root), 5678));
            Assert.Equal(1234, inUse.ProcessId);
            Assert.Contains("1234", inUse.Message, StringComparison.Ordinal);
        }

        LakeLock.Take(lake.Store, 5678).Dispose();
    }
}
