using OrleansLake.Core;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Tests.Lakes;

public class LakeFolderWatchTests
{
    [Fact]
    public void A_description_that_goes_is_broken_or_is_anothers_is_told_until_it_is_what_it_was()
    {
        using var lake = new TemporaryLake();
        var store = new LocalStore(lake.Root);
        var watch = new LakeFolderWatch(store);
        Assert.Null(watch.Look());
        new LakeDescription(1, "UTC", 2).Create(store);
        Directory.CreateDirectory(store.FullPath("bronze"));
        Assert.Null(watch.Look());
        string path = store.FullPath(LakePaths.Description);
        byte[] bytes = File.ReadAllBytes(path);

        File.Delete(path);
        Assert.Contains($"{path} is gone", Assert.IsType<LakeNotFoundException>(watch.Look()).Message, StringComparison.Ordinal);
        foreach (string wrong in (string[])["{", "", "{\"formatVersion\":1,\"timeZone\":\"Europe/Lisbon\",\"partitions\":2}"])
        {
            File.WriteAllText(path, wrong);
            Assert.StartsWith($"{path} is damaged: ", Assert.IsType<CorruptDataException>(watch.Look()).Message, StringComparison.Ordinal);
            File.WriteAllBytes(path, bytes);
            Assert.Null(watch.Look());
        }

        // The same in other words is the same.
        File.WriteAllText(path, "{ \"formatVersion\": 1, \"partitions\": 2, \"timeZone\": \"UTC\" }\n");
        Assert.Null(watch.Look());
    }

    [Theory]
    [InlineData("bronze", "bronze")]
    [InlineData("bronze/messages/log", "bronze/messages/log")]
    [InlineData("bronze/messages/log/p00001", "bronze/messages/log/p00001")]
    [InlineData("bronze/messages/checkpoint/lake/p00000", "bronze/messages/checkpoint/lake/p00000")]
    [InlineData("silver", "silver")]
    [InlineData("silver/messages_corrupted", "silver/messages_corrupted")]
    public void A_folder_that_was_there_and_goes_is_told_by_its_name_until_it_is_back(string folder, string named)
    {
        using var lake = new TemporaryLake();
        var store = new LocalStore(lake.Root);
        new LakeDescription(1, "UTC", 2).Create(store);
        var watch = new LakeFolderWatch(store);
        Assert.Null(watch.Look());
        foreach (string one in (string[])["bronze/messages/data", "bronze/messages/log/p00000", "bronze/messages/log/p00001", "bronze/messages/checkpoint/lake/p00000/epochs", "bronze/messages/checkpoint/lake/p00000/manifests", "silver/messages/data", "silver/messages_corrupted/data"])
        {
            Directory.CreateDirectory(store.FullPath(one));
        }

        for (int i = 0; i < 5; i++)
        {
            Assert.Null(watch.Look());
        }

        string away = store.FullPath("away");
        Directory.Move(store.FullPath(folder), away);
        Exception? lost = null;
        for (int i = 0; i < 5; i++)
        {
            lost = watch.Look() ?? lost;
        }

        Assert.StartsWith($"{store.FullPath(named)} is damaged: the folder is gone.", Assert.IsType<CorruptDataException>(lost).Message, StringComparison.Ordinal);
        Directory.Move(away, store.FullPath(folder));
        Assert.Null(watch.Look());
    }

    [Fact]
    public void Bronze_files_of_others_and_gold_may_go()
    {
        using var lake = new TemporaryLake();
        var store = new LocalStore(lake.Root);
        new LakeDescription(1, "UTC", 1).Create(store);
        Directory.CreateDirectory(store.FullPath("bronze/messages/data"));
        Directory.CreateDirectory(store.FullPath("gold/report1/data"));
        var watch = new LakeFolderWatch(store);
        Assert.Null(watch.Look());
        Directory.Delete(store.FullPath("bronze/messages/data"));
        Directory.Delete(store.FullPath("gold"), recursive: true);
        Assert.Null(watch.Look());
        bool holds = false;
        var own = new LakeFolderWatch(store, () => holds);
        Assert.Null(own.Look());
        holds = true;
        Assert.StartsWith($"{store.FullPath("bronze/messages/data")} is damaged: the folder is gone.", own.Look()?.Message, StringComparison.Ordinal);
    }
}
