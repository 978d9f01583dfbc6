namespace OrleansLake.Storage.Tests.Registries;

public class ForeignFilesTests
{
    [Fact]
    public void New_files_come_in_order_of_time_and_name_and_ours_and_hidden_ones_do_not()
    {
        using var lake = new TemporaryLake();
        string[] files = ["b.parquet", "a.parquet", "date=2024-12-16/c.parquet", "early.parquet"];
        var time = new DateTime(2024, 12, 16, 12, 0, 0, DateTimeKind.Utc);
        foreach (string file in files)
        {
            Write(lake, file, time);
        }

        File.SetLastWriteTimeUtc(lake.FullPath("bronze/messages/data/early.parquet"), time.AddSeconds(-1));
        foreach (string file in (string[])["_SUCCESS", ".a.parquet", "_temporary/0/d.parquet", "a.parquet.tmp", "x.csv",
            new DataFileName(default, new Epoch(1), 0, 9).ToString()])
        {
            Write(lake, file, time);
        }

        ForeignScan scan = new ForeignFiles(lake.Store).Scan(new Registry());
        Assert.Equal(
            ["early.parquet", "a.parquet", "b.parquet", "date=2024-12-16/c.parquet"],
            scan.New.Select(file => file.Path["bronze/messages/data/".Length..]));
    }

    [Fact]
    public void Files_that_were_taken_are_not_new_and_are_missed_and_compared()
    {
        using var lake = new TemporaryLake();
        var registry = new Registry();
        var foreign = new ForeignFiles(lake.Store);
        foreach (string name in (string[])["same", "touched", "changed", "longer", "gone", "refused"])
        {
            string path = Write(lake, name + ".parquet", DateTime.UnixEpoch);
            FileEntry entry = lake.Store.Find(path)!;
            registry.Fold(
                new Consumed.ForeignFile(path, entry.Length, lake.Store.Checksum(path).Crc32C, 1, entry.ModifiedUtcTicks, name == "refused" ? "noise" : null), 0, 1);
        }

        Assert.Equivalent(new ForeignScan([], [], []), foreign.Scan(registry));
        Write(lake, "touched.parquet", DateTime.UnixEpoch.AddHours(1));
        lake.Write("bronze/messages/data/changed.parquet", "CONTENT OF CHANGED.PARQUET");
        lake.Write("bronze/messages/data/longer.parquet", "content of longer.parquet, and more");
        lake.Write("bronze/messages/data/refused.parquet", "mended");
        File.Delete(lake.FullPath("bronze/messages/data/gone.parquet"));
        ForeignScan scan = foreign.Scan(registry);
        Assert.Equal(["bronze/messages/data/refused.parquet"], scan.New.Select(file => file.Path));
        Assert.Equal(
            [("changed.parquet", ForeignFaultKind.Changed), ("longer.parquet", ForeignFaultKind.Changed), ("gone.parquet", ForeignFaultKind.Gone)],
            scan.Faults.Select(fault => (fault.Entry.File.Name["bronze/messages/data/".Length..], fault.Kind)));
    }

    [Fact]
    public void Bytes_that_were_taken_and_moved_are_known_once_and_those_of_a_copy_are_new()
    {
        using var lake = new TemporaryLake();
        var registry = new Registry();
        var foreign = new ForeignFiles(lake.Store);
        Consumed.ForeignFile[] taken = [.. ((string[])["a.parquet", "b.parquet"]).Select((name, hour) => Taken(lake, Write(lake, name, DateTime.UnixEpoch.AddHours(hour))))];
        registry.Fold(taken[0], 0, 1);
        registry.Fold(taken[1], 1, 1);

        // They change places, and one of them stands there twice.
        File.Move(lake.FullPath(taken[0].Name), lake.FullPath("bronze/messages/data/c.parquet"));
        File.Move(lake.FullPath(taken[1].Name), lake.FullPath(taken[0].Name));
        File.Copy(lake.FullPath("bronze/messages/data/c.parquet"), lake.FullPath("bronze/messages/data/d.parquet"));
        ForeignScan scan = foreign.Scan(registry);
        Assert.Equal([(taken[0], ForeignFaultKind.Renamed, "c"), (taken[1], ForeignFaultKind.Gone, null)], scan.Faults.Select(Told));
        Assert.Equal(["bronze/messages/data/d.parquet"], scan.New.Select(file => file.Path));

        foreach (Consumed.ForeignFile file in taken)
        {
            registry.Fold(new Consumed.ForeignAccepted(file.Name, file.Size, file.Crc32C), 0, 0);
        }

        scan = foreign.Scan(registry);
        Assert.Empty(scan.Faults);
        Assert.Equal(["bronze/messages/data/d.parquet"], scan.New.Select(file => file.Path));

        static (Consumed.ForeignFile, ForeignFaultKind, string?) Told(ForeignFault fault) =>
            (fault.Entry.File, fault.Kind, Path.GetFileNameWithoutExtension(fault.Found?.Path));
    }

    private static Consumed.ForeignFile Taken(TemporaryLake lake, string path)
    {
        FileEntry entry = lake.Store.Find(path)!;
        return new Consumed.ForeignFile(path, entry.Length, lake.Store.Checksum(path).Crc32C, 1, entry.ModifiedUtcTicks);
    }

    private static string Write(TemporaryLake lake, string name, DateTime time)
    {
        string path = "bronze/messages/data/" + name;
        lake.Write(path, "content of " + name);
        File.SetLastWriteTimeUtc(lake.FullPath(path), time);
        return path;
    }
}
