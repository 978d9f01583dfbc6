using OrleansLake.Storage.Log;
using OrleansLake.Storage.Registries;

namespace OrleansLake.Storage.Tests.Registries;

public class RegistryTests
{
    [Fact]
    public void Progress_of_a_file_is_replaced_until_it_is_complete()
    {
        var registry = new Registry();
        registry.Fold(Progress(10, completed: false), 0, 5);
        Assert.Equal(10, registry.ProgressOf("f")!.EndPosition);
        registry.Fold(Progress(20, completed: false), 5, 5);
        Assert.Equal(20, registry.ProgressOf("f")!.EndPosition);
        Assert.False(registry.MayBeCompleted("f", 30));
        registry.Fold(Progress(30, completed: true), 10, 5);
        Assert.Null(registry.ProgressOf("f"));
        Assert.True(registry.MayBeCompleted("f", 30));
        Assert.NotNull(registry.CompletedOf("f", 30, 7));
        Assert.Null(registry.CompletedOf("f", 30, 8));
        Assert.Null(registry.CompletedOf("g", 30, 7));
    }

    [Fact]
    public void Producers_batches_are_remembered_so_many_back()
    {
        var registry = new Registry();
        for (int i = 1; i <= 100; i++)
        {
            registry.Fold(new SourceProgress.ProducerBatch("p", i), i * 10, 10);
        }

        Assert.Equal(new BatchEntry(new SourceProgress.ProducerBatch("p", 100), 1000, 1010), registry.BatchOf("p", 100));
        Assert.Equal(new BatchEntry(new SourceProgress.ProducerBatch("p", 37), 370, 380), registry.BatchOf("p", 37));
        Assert.Null(registry.BatchOf("p", 36));
        Assert.Null(registry.BatchOf("q", 100));
    }

    [Fact]
    public void Keys_of_a_window_are_remembered_however_many_others_come_and_so_many_of_their_own()
    {
        var registry = new Registry();
        registry.Fold(Keyed("queue\u001Ffirst"), 0, 1);
        registry.Fold(Keyed("queue\u001Fsecond"), 1, 1);
        for (int i = 0; i < BatchMemory.KeysRemembered + 1; i++)
        {
            registry.Fold(Keyed($"other{i}"), 2, 1);
        }

        Registry same = FoldOf(registry.Export());
        Assert.All((Registry[])[registry, same], one =>
        {
            Assert.NotNull(one.BatchOf(new BatchKey("queue\u001Ffirst", null)));
            Assert.Null(one.BatchOf(new BatchKey("other0", null)));
            Assert.NotNull(one.BatchOf(new BatchKey("other1", null)));
            Assert.Null(one.BatchOf(new BatchKey("first", null)));
        });
        for (int i = 0; i < BatchMemory.KeysRemembered - 1; i++)
        {
            same.Fold(Keyed($"queue\u001F{i}"), 3, 1);
        }

        Assert.Null(same.BatchOf(new BatchKey("queue\u001Ffirst", null)));
        Assert.NotNull(same.BatchOf(new BatchKey("queue\u001Fsecond", null)));

        // The window that was used last stays.
        for (int i = 0; i < BatchMemory.WindowsRemembered - 1; i++)
        {
            same.Fold(Keyed($"queue{i}\u001Fa"), 4, 1);
        }

        Assert.NotNull(same.BatchOf(new BatchKey("queue\u001Fsecond", null)));
        same.Fold(Keyed("last\u001Fa"), 5, 1);
        Assert.Null(same.BatchOf(new BatchKey("queue\u001Fsecond", null)));
        Assert.NotNull(same.BatchOf(new BatchKey("other1", null)));

        static SourceProgress.ProducerBatch Keyed(string key) => new(new BatchKey(key, null), 0, 0, 1, 0, 0, true);
    }

    [Fact]
    public void Refused_file_that_was_mended_takes_its_place_in_the_order_then()
    {
        var registry = new Registry();
        registry.Fold(new SourceProgress.ExternalBronzeFile("a", 1, 1, 0, 1, "noise"), 0, 0);
        registry.Fold(new SourceProgress.ExternalBronzeFile("b", 1, 1, 5, 1), 0, 5);
        registry.Fold(new SourceProgress.ExternalBronzeFile("a", 2, 2, 5, 2), 5, 5);
        Assert.Equal(["b", "a"], registry.ExternalFileRegistry.Select(entry => entry.File.Name));
        Assert.True(registry.TryGetExternalFile("a", out ExternalFileEntry? entry));
        Assert.Equal(5, entry.FirstOffset);
    }

    [Fact]
    public void Record_of_an_accepted_file_is_these_bytes()
    {
        using var bytes = new ByteSink(64);
        SourceProgressCodec.Write(new SourceProgress.ExternalAccepted("a/é", 258, 0xDEADBEEF), bytes);
        Assert.Equal("0804000000" + "612fc3a9" + "0201000000000000" + "efbeadde", Convert.ToHexStringLower(bytes.Written));
    }

    [Fact]
    public void Accepted_file_keeps_its_rows_and_gives_its_name_away()
    {
        var accepted = new SourceProgress.ExternalAccepted("a", 1, 1);
        Registry registry = FoldOf([new(new SourceProgress.ExternalBronzeFile("a", 1, 1, 5, 1), 0, 5), new(accepted, 5, 0), new(new SourceProgress.ExternalBronzeFile("a", 2, 2, 3, 2), 5, 3)]);
        foreach (Registry same in (Registry[])[registry, FoldOf(registry.Export())])
        {
            Assert.Equal([(0L, true), (5L, false)], same.ExternalFileRegistry.Select(entry => (entry.FirstOffset, entry.IsAccepted)));
            Assert.True(same.TryGetExternalFile("a", out ExternalFileEntry? entry));
            Assert.Equal(2, entry.File.Size);
            same.Fold(accepted, 8, 0);
            Assert.False(same.ExternalFileRegistry[1].IsAccepted);
        }
    }

    [Fact]
    public void Refusal_that_was_settled_is_forgotten_and_the_others_stay()
    {
        Registry registry = FoldOf([
            new(new SourceProgress.ExternalBronzeFile("a", 1, 1, 0, 1, "noise"), 0, 0), new(new SourceProgress.ExternalBronzeFile("b", 2, 2, 5, 1), 0, 5), new(new SourceProgress.ExternalBronzeFile("c", 3, 3, 0, 1, "noise"), 5, 0),
            new(new SourceProgress.ExternalAccepted("a", 1, 1), 5, 0), new(new SourceProgress.ExternalAccepted("c", 3, 4), 5, 0)]);
        foreach (Registry same in (Registry[])[registry, FoldOf(registry.Export())])
        {
            Assert.Equal(["b", "c"], same.ExternalFileRegistry.Select(entry => entry.File.Name));
            Assert.False(same.TryGetExternalFile("a", out _));
            Assert.True(same.TryGetExternalFile("b", out ExternalFileEntry? entry) && entry.File.Size == 2 && !entry.IsAccepted);
            Assert.True(same.TryGetExternalFile("c", out entry) && entry.File.Size == 3);
        }
    }

    [Fact]
    public void Export_folds_to_the_same_registry_and_so_does_what_is_shortened()
    {
        List<RegistryRecord> records =
        [
            new(Progress(10, false), 0, 1), new(Progress(20, false), 0, 1), new(Progress(30, true), 0, 1),
            new(Progress(11, false), 0, 1), new(Progress(21, false), 0, 1),
            new(new SourceProgress.ProducerBatch("p", 1), 7, 8), new(new SourceProgress.ExternalBronzeFile("a", 1, 1, 3, 1), 9, 3),
            new(new SourceProgress.Replayed([new QuarantineId(1, 0)]), 9, 1), new(new SourceProgress.Replayed([new QuarantineId(1, 0, 2), new QuarantineId(3, 4, 2)]), 9, 1),
            new(new SourceProgress.Dismissed([new QuarantineId(5, 0), new QuarantineId(5, 1)], "test data"), 9, 0), new(new SourceProgress.Dismissed([new QuarantineId(5, 1)], null), 9, 0),
        ];
        Registry whole = FoldOf(records);
        foreach (List<RegistryRecord> same in (List<RegistryRecord>[])[whole.Export(), RegistryFiles.Shorten(records)])
        {
            Registry registry = FoldOf(same);
            Assert.Equal(21, registry.ProgressOf("f")!.EndPosition);
            Assert.NotNull(registry.CompletedOf("f", 30, 7));
            Assert.Equal(new BatchEntry(new SourceProgress.ProducerBatch("p", 1), 7, 15), registry.BatchOf("p", 1));
            Assert.Equal(whole.ExternalFileRegistry, registry.ExternalFileRegistry);
            Assert.All([new QuarantineId(1, 0), new QuarantineId(1, 0, 2), new QuarantineId(3, 4, 2)], id => Assert.True(registry.IsReplayed(id)));
            Assert.False(registry.IsReplayed(new QuarantineId(3, 4)));
            Assert.Equal(("test data", null, 4), (registry.DismissedBecause(new QuarantineId(5, 0)), registry.DismissedBecause(new QuarantineId(5, 1)), registry.SettledCount));
        }

        Assert.Equal(8, RegistryFiles.Shorten(records).Count);
    }

    private static Registry FoldOf(List<RegistryRecord> records)
    {
        var registry = new Registry();
        foreach (RegistryRecord record in records)
        {
            registry.Fold(record.SourceProgress, record.FirstOffset, record.RowCount);
        }

        return registry;
    }

    private static SourceProgress.FileProgress Progress(long end, bool completed) =>
        new("f", 30, 1, end, 1, completed, completed ? 7 : null, 1);
}
