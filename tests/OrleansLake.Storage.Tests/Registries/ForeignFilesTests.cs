using OrleansLake.Storage.Checksums;
using OrleansLake.Storage.External;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Registries;
using OrleansLake.Storage.Stores;

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

        ExternalScan scan = new ExternalFileRegistry(lake.Store).Scan(new Registry());
        Assert.Equal(
            ["early.parquet", "a.parquet", "b.parquet", "date=2024-12-16/c.parquet"],
            scan.New.Select(file => file.Path["bronze/messages/data/".Length..]));
    }

    [Fact]
    public void Files_that_were_taken_are_not_new_and_are_missed_and_compared()
    {
        using var lake = new TemporaryLake();
        var registry = new Registry();
        var foreign = new ExternalFileRegistry(lake.Store);
        foreach (string name in (string[])["same", "touched", "changed", "longer", "gone", "refused"])
        {
            string path = Write(lake, name + ".parquet", DateTime.UnixEpoch);
            FileEntry entry = lake.Store.Find(path)!;
            registry.Fold(
                new SourceProgress.ExternalBronzeFile(path, entry.Length, lake.Store.Checksum(path).Crc32C, 1, entry.ModifiedUtcTicks, name == "refused" ? "noise" : null), 0, 1);
        }

        ExternalScan untouched = foreign.Scan(registry);
        Assert.Equal((0, 0, 0, 0), (untouched.New.Count, untouched.Faults.Count, untouched.LeftOut.Count, untouched.StaleRefusals.Count));
        Assert.Equal("bronze/messages/data/refused.parquet", Assert.Single(untouched.Refused).File.Name);
        Write(lake, "touched.parquet", DateTime.UnixEpoch.AddHours(1));
        lake.Write("bronze/messages/data/changed.parquet", "CONTENT OF CHANGED.PARQUET");
        lake.Write("bronze/messages/data/longer.parquet", "content of longer.parquet, and more");
        lake.Write("bronze/messages/data/refused.parquet", "mended");
        File.Delete(lake.FullPath("bronze/messages/data/gone.parquet"));
        ExternalScan scan = foreign.Scan(registry);
        Assert.Equal(["bronze/messages/data/refused.parquet"], scan.New.Select(file => file.Path));
        Assert.Equal(
            [("changed.parquet", ExternalFaultKind.Changed), ("longer.parquet", ExternalFaultKind.Changed), ("gone.parquet", ExternalFaultKind.Gone)],
            scan.Faults.Select(fault => (fault.Entry.File.Name["bronze/messages/data/".Length..], fault.Kind)));
    }

    [Fact]
    public void Bytes_that_were_taken_and_moved_are_known_once_and_those_of_a_copy_are_new()
    {
        using var lake = new TemporaryLake();
        var registry = new Registry();
        var foreign = new ExternalFileRegistry(lake.Store);
        SourceProgress.ExternalBronzeFile[] taken = [.. ((string[])["a.parquet", "b.parquet"]).Select((name, hour) => Taken(lake, Write(lake, name, DateTime.UnixEpoch.AddHours(hour))))];
        registry.Fold(taken[0], 0, 1);
        registry.Fold(taken[1], 1, 1);

        // They change places, and one of them occurs there twice.
        File.Move(lake.FullPath(taken[0].Name), lake.FullPath("bronze/messages/data/c.parquet"));
        File.Move(lake.FullPath(taken[1].Name), lake.FullPath(taken[0].Name));
        File.Copy(lake.FullPath("bronze/messages/data/c.parquet"), lake.FullPath("bronze/messages/data/d.parquet"));
        ExternalScan scan = foreign.Scan(registry);
        Assert.Equal([(taken[0], ExternalFaultKind.Renamed, "c"), (taken[1], ExternalFaultKind.Gone, null)], scan.Faults.Select(Told));
        Assert.Equal(["bronze/messages/data/d.parquet"], scan.New.Select(file => file.Path));

        foreach (SourceProgress.ExternalBronzeFile file in taken)
        {
            registry.Fold(new SourceProgress.ExternalAccepted(file.Name, file.Size, file.Crc32C), 0, 0);
        }

        scan = foreign.Scan(registry);
        Assert.Empty(scan.Faults);
        Assert.Equal(["bronze/messages/data/d.parquet"], scan.New.Select(file => file.Path));

        static (SourceProgress.ExternalBronzeFile, ExternalFaultKind, string?) Told(ExternalFault fault) =>
            (fault.Entry.File, fault.Kind, Path.GetFileNameWithoutExtension(fault.Found?.Path));
    }

    [Fact]
    public void Refusal_stands_while_the_file_is_what_it_was_and_no_longer()
    {
        using var lake = new TemporaryLake();
        var registry = new Registry();
        var foreign = new ExternalFileRegistry(lake.Store);
        foreach (string name in (string[])["same", "changed", "gone", "known"])
        {
            registry.Fold(Taken(lake, Write(lake, name + ".parquet", DateTime.UnixEpoch)) with { Rows = 0, Refused = "noise" }, 0, 0);
        }

        // What was ingested under the name of one of them, and accepted to be gone, is there again.
        registry.Fold(new SourceProgress.ExternalBronzeFile("bronze/messages/data/known.parquet", 5, Crc32C.Of("bytes"u8), 3, 1), 0, 3);
        registry.Fold(new SourceProgress.ExternalAccepted("bronze/messages/data/known.parquet", 5, Crc32C.Of("bytes"u8)), 3, 0);
        registry.Fold(Taken(lake, Write(lake, "known.parquet", DateTime.UnixEpoch)) with { Rows = 0, Refused = "noise" }, 3, 0);
        lake.Write("bronze/messages/data/known.parquet", "bytes");
        lake.Write("bronze/messages/data/changed.parquet", "others");
        File.Delete(lake.FullPath("bronze/messages/data/gone.parquet"));
        ExternalScan scan = foreign.Scan(registry);
        Assert.Equal(["same"], scan.Refused.Select(entry => Path.GetFileNameWithoutExtension(entry.File.Name)));
        Assert.Equal(["gone", "known"], scan.StaleRefusals.Select(entry => Path.GetFileNameWithoutExtension(entry.File.Name)));
        Assert.Equal(["changed"], scan.New.Select(file => Path.GetFileNameWithoutExtension(file.Path)));
        foreach (SourceProgress.ExternalBronzeFile file in scan.StaleRefusals.Select(entry => entry.File).ToArray())
        {
            registry.Fold(new SourceProgress.ExternalAccepted(file.Name, file.Size, file.Crc32C), 3, 0);
        }

        scan = foreign.Scan(registry);
        Assert.Equal((1, 0, 0), (scan.Refused.Count, scan.StaleRefusals.Count, scan.Faults.Count));
        Assert.True(Assert.Single(registry.ExternalFileRegistry, entry => entry.File.Refused is null).IsAccepted);
    }

    [Fact]
    public void What_may_not_be_read_is_neither_gone_nor_new_and_what_has_its_bytes_is_a_copy()
    {
        using var lake = new TemporaryLake();
        var registry = new Registry();
        string[] names = ["a.parquet", "dd/b.parquet", "refused.parquet", "accepted.parquet"];
        foreach (string name in names)
        {
            registry.Fold(Taken(lake, Write(lake, name, DateTime.UnixEpoch)) with { Refused = name == "refused.parquet" ? "noise" : null }, 0, 1);
        }

        SourceProgress.ExternalBronzeFile accepted = registry.ExternalFileRegistry[3].File;
        registry.Fold(new SourceProgress.ExternalAccepted(accepted.Name, accepted.Size, accepted.Crc32C), 0, 0);
        File.Copy(lake.FullPath("bronze/messages/data/a.parquet"), lake.FullPath("bronze/messages/data/copy.parquet"));
        Write(lake, "new.parquet", DateTime.UnixEpoch);
        var store = new UnreadableStore(lake.Store, "a.parquet", "dd", "refused.parquet", "accepted.parquet", "new.parquet");
        ExternalScan scan = new ExternalFileRegistry(store).Scan(registry);
        Assert.Equal(
            [("a.parquet", ExternalFaultKind.Unreadable, "denied"), ("dd/b.parquet", ExternalFaultKind.Unreadable, "denied")],
            scan.Faults.Select(fault => (fault.Entry.File.Name["bronze/messages/data/".Length..], fault.Kind, fault.Reason)));
        Assert.Equal(["copy.parquet"], scan.New.Select(file => file.Path["bronze/messages/data/".Length..]));
        Assert.Equal(["dd", "new.parquet", "refused.parquet"], scan.LeftOut.Select(one => one.Path["bronze/messages/data/".Length..]).Order());
        Assert.Equal((0, 0), (scan.Refused.Count, scan.StaleRefusals.Count));
        Assert.Equal(ExternalFaultKind.Unreadable, new ExternalFileRegistry(store).Compare(registry.ExternalFileRegistry[1])!.Kind);
    }

    [Fact]
    public void One_look_finds_every_file_that_was_renamed_before_it()
    {
        using var lake = new TemporaryLake();
        SourceProgress.ExternalBronzeFile[] taken = [.. Enumerable.Range(0, 20).Select(i => Taken(lake, Write(lake, $"{i}.parquet", DateTime.UnixEpoch)))];
        foreach (SourceProgress.ExternalBronzeFile file in taken.Skip(1))
        {
            File.Move(lake.FullPath(file.Name), lake.FullPath(file.Name + "x.parquet"));
        }

        var store = new UnreadableStore(lake.Store);
        var foreign = new ExternalFileRegistry(store);
        Assert.All(taken.Skip(1), file => Assert.Equal(file.Name + "x.parquet", foreign.FindRenamed(file)));
        Assert.Equal(1, store.Looks);

        // One that goes after the look is looked for again, and so is one whose new name has gone.
        File.Move(lake.FullPath(taken[0].Name), lake.FullPath("bronze/messages/data/y.parquet"));
        Assert.Equal("bronze/messages/data/y.parquet", foreign.FindRenamed(taken[0]));
        File.Move(lake.FullPath("bronze/messages/data/y.parquet"), lake.FullPath("bronze/messages/data/z.parquet"));
        Assert.Equal("bronze/messages/data/z.parquet", foreign.FindRenamed(taken[0]));
        File.Delete(lake.FullPath("bronze/messages/data/z.parquet"));
        Assert.Null(foreign.FindRenamed(taken[0]));
    }

    private static SourceProgress.ExternalBronzeFile Taken(TemporaryLake lake, string path)
    {
        FileEntry entry = lake.Store.Find(path)!;
        return new SourceProgress.ExternalBronzeFile(path, entry.Length, lake.Store.Checksum(path).Crc32C, 1, entry.ModifiedUtcTicks);
    }

    private static string Write(TemporaryLake lake, string name, DateTime time)
    {
        string path = "bronze/messages/data/" + name;
        lake.Write(path, "content of " + name);
        File.SetLastWriteTimeUtc(lake.FullPath(path), time);
        return path;
    }
}
