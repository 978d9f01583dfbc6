using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Stores;
using OrleansLake.TestSupport;

namespace OrleansLake.Storage.Tests;

/// <summary>Tests who runs a lake: one process, or the silos of one cluster.</summary>
public sealed class SiloClaimTests : IDisposable
{
    private static readonly SiloOwner First = new("lake", "a database", "10.0.0.1:11111", 12, "one");
    private static readonly SiloOwner Second = First with { Silo = "10.0.0.2:11111", Machine = "two" };

    private readonly ScratchFolder _folder = new();
    private readonly LocalStore _store;

    public SiloClaimTests() => _store = new LocalStore(_folder["lake"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Silos_of_one_cluster_hold_theirs_side_by_side()
    {
        using SiloClaim first = SiloClaim.Take(_store, First, TimeSpan.Zero);
        using SiloClaim second = SiloClaim.Take(_store, Second, TimeSpan.Zero);
        Assert.Equal([First, Second], SiloClaim.Find(_store).OrderBy(silo => silo.Silo, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("other", "a database")]
    [InlineData("lake", "another database")]
    public void A_silo_of_another_cluster_is_told_both_names(string cluster, string membership)
    {
        using SiloClaim first = SiloClaim.Take(_store, First, TimeSpan.Zero);
        SiloOwner other = Second with { Cluster = cluster, Membership = membership };
        LakeInUseException e = Assert.Throws<LakeInUseException>(() => SiloClaim.Take(_store, other, TimeSpan.Zero));
        Assert.Contains("the silo 10.0.0.1:11111 of the cluster 'lake' (a database), process 12 on one", e.Message, StringComparison.Ordinal);
        Assert.Contains($"the cluster '{cluster}' ({membership})", e.Message, StringComparison.Ordinal);
        Assert.Equal([First], SiloClaim.Find(_store));
    }

    [Fact]
    public void A_process_is_refused_while_silos_run_the_lake_and_no_longer()
    {
        using (SiloClaim.Take(_store, First, TimeSpan.Zero))
        using (SiloClaim.Take(_store, Second, TimeSpan.Zero))
        {
            LakeInUseException e = Assert.Throws<LakeInUseException>(() => LakeLock.Take(_store, 7));
            Assert.Contains("of the cluster 'lake'", e.Message, StringComparison.Ordinal);
            Assert.Contains("and by another silo", e.Message, StringComparison.Ordinal);
            Assert.False(_store.IsLocked(LakePaths.Lock));
        }

        LakeLock.Take(_store, 7).Dispose();
        Assert.Empty(_store.List(LakePaths.SiloClaims, recursive: false));
    }

    [Fact]
    public async Task A_silo_is_refused_while_a_process_owns_the_lake_and_waits_for_one_that_is_about_to_end()
    {
        LakeLock owner = LakeLock.Take(_store, 7);
        LakeInUseException e = Assert.Throws<LakeInUseException>(() => SiloClaim.Take(_store, First, TimeSpan.FromMilliseconds(50)));
        Assert.Equal(7, e.ProcessId);
        Assert.Empty(SiloClaim.Find(_store));
        Task<SiloClaim> taking = Task.Run(() => SiloClaim.Take(_store, First, TimeSpan.FromMinutes(1)));
        owner.Dispose();
        (await taking).Dispose();
    }

    [Fact]
    public void A_claim_that_was_left_keeps_nobody_away_and_is_cleared_away()
    {
        string path = LakePaths.SiloClaim(Guid.NewGuid());
        _store.TryLock(path, First.ToJson())!.Dispose();
        Assert.Empty(SiloClaim.Find(_store));
        Assert.NotNull(_store.Find(path));
        File.SetLastWriteTimeUtc(_store.FullPath(path), DateTime.UtcNow.AddHours(-1));
        LakeLock.Take(_store, 7).Dispose();
        Assert.Empty(_store.List(LakePaths.SiloClaims, recursive: false));
    }

    [Fact]
    public void A_claim_that_does_not_say_whose_it_is_still_counts()
    {
        using IDisposable? taken = _store.TryLock(LakePaths.SiloClaim(Guid.NewGuid()), "{");
        Assert.Contains("in use", Assert.Throws<LakeInUseException>(() => LakeLock.Take(_store, 7)).Message, StringComparison.Ordinal);
    }
}
