using OrleansLake.Storage;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Stores;
using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>The command line on a lake that silos run.</summary>
public sealed class SilosTests : IDisposable
{
    private static readonly SiloOwner Silo = new("lake", "a database", "10.0.0.1:11111", 12, "one");

    private readonly LakeUnderTest _lake = new();

    public void Dispose() => _lake.Dispose();

    [Theory]
    [InlineData("serve", "--urls", "http://127.0.0.1:0")]
    [InlineData("run", "--until-caught-up")]
    [InlineData("ingest", "-")]
    [InlineData("produce", "--to", "LAKE", "--count", "1")]
    [InlineData("produce", "--to", "LAKE", "--count", "1", "--overwrite")]
    [InlineData("replay", "--yes")]
    [InlineData("repartition", "2")]
    public void Whatever_would_own_it_ends_with_4_and_says_who_does(params string[] command)
    {
        _lake.Ok("ingest", Golden.EventsFile);
        var store = new LocalStore(_lake.Folder);
        using (SiloClaim.Take(store, Silo, TimeSpan.Zero))
        {
            LakeResult refused = _lake.Expect(4, [.. command.Select(argument => argument.Replace("LAKE", _lake.Folder, StringComparison.Ordinal))]);
            Assert.Contains("is in use by the silo 10.0.0.1:11111 of the cluster 'lake' (a database), process 12 on one", refused.Error, StringComparison.Ordinal);

            // Who only reads takes nothing.
            _lake.Ok("report", "report1");

            // Settings are checked while the lake runs: that it does is reported, and not a fault of them.
            LakeResult validated = _lake.Ok("validate", "--urls", "http://127.0.0.1:0");
            Assert.Contains("is in use by the silo 10.0.0.1:11111 of the cluster 'lake' (a database), process 12 on one; stop the silos first", validated.Error, StringComparison.Ordinal);
            Assert.StartsWith("The settings are valid, and so is the lake in", validated.Output, StringComparison.Ordinal);
        }

        _lake.CatchUp();
        Assert.Equal(Golden.Count, _lake.Ledger().Bronze);
    }

    [Fact]
    public void A_server_whose_lake_somebody_opens_all_the_same_ends_with_4()
    {
        _lake.Ok("ingest", Golden.EventsFile);
        using LakeProcess server = LakeProcess.Start(_lake.Call("serve", "--urls", "http://127.0.0.1:0", "--trigger", "200ms"));
        server.WaitUntil(process => process.ErrorSoFar.Contains("listening on", StringComparison.Ordinal), "it listens");
        LakeResult validated = _lake.Ok("validate", "--urls", "http://127.0.0.1:0");
        Assert.Equal($"lake: the lake {_lake.Folder} is in use by process {server.Id}; lake serve starts when that has ended.\n", validated.Error);

        // As one that knows nothing of locks would: an older silo, or one beyond a file system that has none.
        PartitionStore.Open(new LocalStore(_lake.Folder), new PartitionId(0), new PartitionStoreOptions()).Dispose();
        LakeResult ended = server.Wait();
        Assert.Equal(4, ended.ExitCode);
        Assert.Contains("was opened by another owner", ended.Error, StringComparison.Ordinal);
        LakeUnderTest.AssertNoStackTrace(ended);
    }
}
