using OrleansLake.Storage.Stores;
using OrleansLake.Storage.Tests.Stores;

namespace OrleansLake.Simulation.Stores;

public sealed class FaultyMemoryStoreTests : LakeStoreContract
{
    private readonly FaultyMemoryStore _store = new(1);

    protected override ILakeStore Store => _store;

    [Theory]
    [InlineData(CrashMode.Dropped)]
    [InlineData(CrashMode.Torn)]
    [InlineData(CrashMode.Reordered)]
    [InlineData(CrashMode.Garbled)]
    public void What_was_synced_survives_every_crash(CrashMode mode)
    {
        _store.TryPublish("a/b", [1, 2, 3], "a/b.tmp");
        using ILogFile log = _store.CreateLogFile("log", 4096);
        log.Write([4, 5], 8);
        log.Flush();
        log.Write([6, 7], 600);
        _store.Restart(mode, 7);
        Assert.Equal([1, 2, 3], _store.ReadAll("a/b"));
        Assert.Equal([4, 5], _store.ReadAll("log")[8..10]);
        Assert.Throws<CrashException>(log.Flush);
    }

    [Fact]
    public void What_was_not_synced_is_lost_when_it_is_dropped()
    {
        using ILogFile log = _store.CreateLogFile("log", 4096);
        log.Write([4, 5], 8);
        using IFileWriter writer = _store.CreateTemporary("t");
        _store.Restart(CrashMode.Dropped, 7);
        Assert.Empty(_store.ReadAll("log"));
        Assert.Null(_store.Find("t"));
    }

    [Fact]
    public void Deleted_file_may_be_back_after_a_power_failure()
    {
        _store.TryPublish("a", [1], "t");
        _store.Delete("a");
        Assert.Null(_store.Find("a"));
        _store.Restart(CrashMode.Dropped, 7);
        Assert.NotNull(_store.Find("a"));
    }

    [Fact]
    public void Failed_sync_is_not_mended_by_a_later_one()
    {
        using ILogFile log = _store.CreateLogFile("log", 4096);
        log.Write(new byte[4096].Select(_ => (byte)1).ToArray(), 0);
        _store.Plan(new FaultPlan { ErrorAt = 0 });
        Assert.Throws<IOException>(log.Flush);
        log.Flush();
        _store.Restart(CrashMode.Dropped, 7);
        Assert.Contains((byte)0, _store.ReadAll("log"));
    }

    [Fact]
    public void Process_that_has_crashed_reaches_nothing()
    {
        _store.Plan(new FaultPlan { CrashAtChange = 1 });
        Assert.Throws<CrashException>(() => _store.TryPublish("a", [1], "t"));
        Assert.Throws<CrashException>(() => _store.Find("a"));
        _store.Restart(CrashMode.Killed, 1);
        Assert.Equal([1], _store.ReadAll("t"));
    }
}
