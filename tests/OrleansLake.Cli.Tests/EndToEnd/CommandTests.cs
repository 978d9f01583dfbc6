using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>The command line itself: demo and produce, usage, exit codes.</summary>
public class CommandTests
{
    [Theory]
    [InlineData("FILE", "ingest", "")]
    [InlineData("FILE", "ingest", " ")]
    [InlineData("FILE", "inspect", "")]
    [InlineData("FILE", "bronze", "accept", "")]
    [InlineData("ID", "quarantine", "show", "")]
    [InlineData("--fix", "quarantine", "replay", "--fix", "")]
    [InlineData("--countries", "run", "--countries", "")]
    [InlineData("--keys", "validate", "--keys", "")]
    [InlineData("--lake", "check", "--lake", "")]
    public void An_empty_argument_is_named_and_wrong_usage(string name, params string[] arguments)
    {
        var result = LakeUnderTest.Expect(2, new LakeCall([.. arguments]));
        Assert.StartsWith($"lake: {name} is empty; give it a value, or leave it out.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replay_makes_no_lake_where_there_is_none()
    {
        using var lake = new LakeUnderTest();
        Assert.Contains("There is no lake in", lake.Expect(5, "replay", "--yes").Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(lake.Folder));
    }

    [Fact]
    public void Demo_into_a_pipe_ends_with_the_ledger_the_reports_and_where_the_files_are_and_goes_on_the_next_time()
    {
        using var lake = new LakeUnderTest();
        var first = lake.Ok("demo", "--for", "3s", "--rate", "500");
        var bronze = lake.Ledger().Bronze;
        Assert.InRange(bronze, 300, 3000);
        foreach (var part in new[] { "duckdb", "spark", "report1", "report2", "bronze", "silver", lake.Folder })
        {
            Assert.Contains(part, first.Output, StringComparison.OrdinalIgnoreCase);
        }

        Assert.DoesNotContain('\u001b', first.Output + first.Error);

        lake.Ok("demo", "--for", "2s", "--rate", "500", "--trigger", "1s");
        var ledger = lake.Ledger();
        Assert.True(ledger.Bronze > bronze, "the second demo continued");
        Assert.Equal(ledger.Bronze, ledger.Messages + ledger.MessagesCorrupted);
        Assert.True(ledger.MessagesCorrupted > 0 && ledger.Deduplicated < ledger.Messages, "there are corrupted ones and duplicates");
        Assert.Equal(ledger.Deduplicated, ReportCells.Sum(lake.Report("report1"), "total"));
        Assert.Equal(ledger.Deduplicated, ReportCells.Sum(lake.Report("report2"), "iterations"));
    }

    [Theory]
    [InlineData("notebook")]
    [InlineData("bench")]
    public void Produce_is_the_same_with_the_same_seed(string profile)
    {
        var first = LakeProcess.Run("produce", "--count", "3000", "--seed", "1", "--profile", profile);
        var same = LakeProcess.Run("produce", "--count", "3000", "--seed", "1", "--profile", profile, "-");
        var other = LakeProcess.Run("produce", "--count", "3000", "--seed", "2", "--profile", profile);
        Assert.Equal(3000, first.Lines.Count);
        Assert.Equal(first.Output, same.Output);
        Assert.NotEqual(first.Output, other.Output);
    }

    [Fact]
    public void Produce_overwrite_begins_bronze_anew()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile, "--run");
        var produced = LakeProcess.Run("produce", "--count", "1000", "--seed", "3", "--to", lake.Folder, "--overwrite");
        Assert.True(produced.ExitCode == 0, produced.Error);
        lake.CatchUp();
        Assert.Equal(1000, lake.Ledger().Bronze);
    }

    [Fact]
    public void Countries_can_be_ones_own()
    {
        using var lake = new LakeUnderTest();
        var countries = lake.Scratch.Write("countries.csv", "country_id,country\n1,\"Here, and now\"\n");
        lake.Ok("ingest", Golden.EventsFile, "--countries", countries);
        lake.CatchUp();
        Assert.Equal(Golden.Report("report1"), lake.Report("report1"));
        Assert.Contains("Here, and now", File.ReadAllText(Path.Combine(lake.Folder, "countries.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_lake_is_named_by_the_environment_too()
    {
        using var lake = new LakeUnderTest();
        LakeUnderTest.Expect(0, new LakeCall("ingest", Golden.EventsFile, "--run") { Environment = new Dictionary<string, string?> { ["LAKE_DIR"] = lake.Folder } });
        Assert.Equal(Golden.Ledger(), lake.Ledger());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("report", "report3")]
    [InlineData("report", "report1", "--format", "excel")]
    [InlineData("ingest")]
    [InlineData("run", "--trigger", "soon")]
    [InlineData("demo", "--rate", "-5")]
    [InlineData("ingest", "x.ndjson", "--time-zone", "Middle_Earth/Shire")]
    public void Wrong_usage_is_2(params string[] arguments)
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", lake.Scratch.Write("one.ndjson", Golden.Lines(0, 1)), "--run");
        var result = lake.Expect(2, arguments);
        Assert.NotEmpty(result.Error);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("demo", "--help")]
    [InlineData("ingest", "--help")]
    [InlineData("--version")]
    public void Help_is_0_and_on_standard_output(params string[] arguments) =>
        Assert.NotEmpty(LakeUnderTest.Expect(0, new LakeCall(arguments)).Output);

    [Fact]
    public void Inspect_shows_schema_encodings_and_statistics()
    {
        var result = LakeUnderTest.Expect(0, new LakeCall("inspect", Fixtures.Path("foreign-parquet/arrow-snappy.parquet")));
        foreach (var part in new[] { "message_id", "country_id", "700" })
        {
            Assert.Contains(part, result.Output, StringComparison.Ordinal);
        }

        Assert.Contains("snappy", result.Output, StringComparison.OrdinalIgnoreCase);
    }
}
