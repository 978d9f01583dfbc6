using System.Security.Cryptography;
using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

public class ReplayTests
{
    [Fact]
    public void A_lake_of_sparks_replays_to_sparks_report()
    {
        using var lake = SparksLake();
        var bronze = Checksums(lake);

        lake.Ok("replay", "--yes");

        Assert.Equal(Golden.Report("report1"), lake.Report("report1"));
        // Spark's bronze files have random names, so which of two tied rows comes first differs: users may, their sum may not.
        Assert.Equal(Golden.Ledger().Deduplicated, ReportCells.Sum(lake.Report("report2"), "iterations"));
        Assert.Equal(Golden.Ledger(), lake.Ledger());
        Assert.Equal(bronze, Checksums(lake));
    }

    [ForeignFact]
    public void A_replayed_lake_of_sparks_holds_each_row_once_and_nothing_of_sparks_silver()
    {
        using var lake = SparksLake();
        lake.Ok("replay", "--yes");

        foreach (var table in new[] { "messages", "messages_corrupted" })
        {
            var rows = lake.SilverRows(table);
            Assert.Equal(Golden.Silver(table).Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
        }

        Assert.DoesNotContain(lake.ParquetFiles("silver"), static file => Path.GetFileName(file).StartsWith("part-00000-", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_does_not_adopt_a_folder_that_has_silver_of_others()
    {
        using var lake = SparksLake();
        var result = lake.Run("run", "--until-caught-up");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("replay", result.Error, StringComparison.Ordinal);
        LakeUnderTest.AssertNoStackTrace(result);
        Assert.False(File.Exists(Path.Combine(lake.Folder, "lake.json")));
    }

    [ForeignFact]
    public void Replay_equals_what_was_built_step_by_step()
    {
        using var golden = new GoldenLake();
        var lake = golden.Lake;
        lake.Ok("replay", "--yes");

        Assert.Equal(Golden.Report("report1"), lake.Report("report1"));
        Assert.Equal(Golden.Report("report2"), lake.Report("report2"));
        Assert.Equal(Golden.Ledger(), lake.Ledger());
        Assert.Equal(Golden.Silver("messages"), lake.SilverRows("messages"));
        Assert.Equal(Golden.Silver("messages_corrupted"), lake.SilverRows("messages_corrupted"));

        // And the lake continues from there.
        lake.Ok("ingest", lake.Scratch.Write("more.ndjson", """{"timestamp":"2024-11-05T00:00:00Z","message_id":"one more","event_type":"SENT","channel":"SMS","user_id":1}""" + "\n"));
        lake.CatchUp();
        Assert.Equal(Golden.Count + 1, lake.Ledger().Bronze);
    }

    [Fact]
    public void Replay_asks_first_and_no_leaves_all_as_it_is()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile, "--run");
        var before = lake.ParquetFiles("silver");

        var result = LakeProcess.Run(lake.Call("replay") with { Input = "n\n"u8.ToArray() });

        LakeUnderTest.AssertNoStackTrace(result);
        Assert.Contains("--yes", result.Error + result.Output, StringComparison.Ordinal);
        Assert.Equal(before, lake.ParquetFiles("silver"));
    }

    private static LakeUnderTest SparksLake()
    {
        var lake = new LakeUnderTest();
        lake.Scratch.CopyFolder(Fixtures.Path("golden/spark-lake"), "lake");
        return lake;
    }

    private static IReadOnlyList<string> Checksums(LakeUnderTest lake) =>
        [.. Directory.EnumerateFiles(lake.BronzeFolder).Order(StringComparer.Ordinal)
            .Select(static file => $"{Path.GetFileName(file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}")];
}
