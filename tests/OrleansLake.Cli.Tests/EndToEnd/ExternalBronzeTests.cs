using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Parquet files that another program adds to the bronze folder, as the notebook's producer does.</summary>
public class ExternalBronzeTests
{
    private const int Count = 20_000;

    [Fact]
    public void Files_that_arrive_while_it_runs_are_taken_once_each()
    {
        using var lake = new LakeUnderTest();
        Directory.CreateDirectory(lake.BronzeFolder);
        using (var run = LakeProcess.Start(lake.Call("run", "--trigger", "200ms")))
        {
            var produced = LakeProcess.Run("produce", "--parquet", lake.BronzeFolder, "--count", $"{Count}", "--rate", "6000", "--seed", "7");
            Assert.True(produced.ExitCode == 0, produced.Error);
            run.WaitUntil(_ => lake.ParquetFiles("silver").Length > 0, "the first silver file");
            run.Interrupt();
            var stopped = run.Wait();
            Assert.True(stopped.ExitCode == 0, stopped.Error);
        }

        var files = lake.ParquetFiles("bronze").Length;
        Assert.InRange(files, 2, 100);
        lake.CatchUp();
        var ledger = lake.Ledger();
        Assert.Equal(Count, ledger.Bronze);

        // The same messages, handed over instead of found, make the same reports.
        using var other = new LakeUnderTest();
        other.Ok("ingest", other.Scratch.Write("same.ndjson", LakeProcess.Run("produce", "--count", $"{Count}", "--seed", "7").Output), "--run");
        Assert.Equal(ledger, other.Ledger());
        Assert.Equal(other.Report("report1"), lake.Report("report1"));

        lake.CatchUp();
        Assert.Equal(ledger, lake.Ledger());
        Assert.Equal(files, lake.ParquetFiles("bronze").Length);
    }

    [ForeignFact]
    public void Int96_or_not_they_hold_the_same_messages()
    {
        using var lake = new LakeUnderTest();
        foreach (var name in new[] { "spark-default.parquet", "duckdb-default.parquet", "arrow-snappy.parquet", "polars-small-pages.parquet" })
        {
            lake.Scratch.Write($"lake/bronze/messages/data/{name}", File.ReadAllBytes(Fixtures.Path($"foreign-parquet/{name}")));
        }

        lake.CatchUp();

        Assert.Equal(4 * 700, lake.Ledger().Bronze);
        var copies = DuckDb.Query(
            $"select distinct n from (select timestamp, value, event_type, message_id, channel, country_id, user_id, date, count(*) as n "
            + $"from (from {lake.SilverSql("messages")} union all by name from {lake.SilverSql("messages_corrupted")}) group by all)");
        Assert.All(copies.Rows, static row => Assert.Equal(0, row[0].GetInt64() % 4));
    }

    [Fact]
    public void A_name_that_a_terminal_does_not_show_is_named_as_a_shell_takes_it()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var lake = new LakeUnderTest();
        string file = lake.Scratch.Write("lake/bronze/messages/data/new\nline.parquet", File.ReadAllBytes(Fixtures.Path("foreign-parquet/arrow-snappy.parquet")));
        lake.CatchUp();
        File.Delete(file);
        const string Name = "$'new\\nline.parquet'";
        Assert.Contains(Name, lake.Ok("bronze", "list").Output, StringComparison.Ordinal);
        Assert.Contains($"lake bronze accept {Name}", lake.Expect(1, "check").Output, StringComparison.Ordinal);
        Assert.Contains($"lake bronze accept {Name}", lake.Ok("replay", "--yes").Error, StringComparison.Ordinal);
        lake.Ok("bronze", "accept", "new\nline.parquet");
        lake.Ok("check");
    }

    [Fact]
    public void File_that_goes_after_it_was_taken_stops_nothing_and_is_settled_by_accepting_it()
    {
        using var lake = new LakeUnderTest();
        var file = lake.Scratch.Write("lake/bronze/messages/data/theirs.parquet", File.ReadAllBytes(Fixtures.Path("foreign-parquet/arrow-snappy.parquet")));
        lake.CatchUp();
        var (ledger, report) = (lake.Ledger(), lake.Report("report1"));
        File.Move(file, lake.Scratch["kept.parquet"]);

        Assert.Contains("theirs.parquet is gone", lake.Ok("run", "--until-caught-up").Error, StringComparison.Ordinal);
        Assert.Contains("theirs.parquet is gone", lake.Ok("replay", "--yes").Error, StringComparison.Ordinal);
        Assert.Equal(report, lake.Report("report1"));
        foreach (var check in new[] { lake.Expect(1, "check"), lake.Expect(1, "check", "--deep") })
        {
            Assert.Contains("theirs.parquet is gone", check.Output, StringComparison.Ordinal);
            Assert.Contains("lake bronze accept theirs.parquet", check.Output, StringComparison.Ordinal);
        }

        Assert.Contains("\"state\":\"gone\",\"rows\":700", lake.Ok("bronze", "list", "--open", "--format", "ndjson").Output, StringComparison.Ordinal);
        Assert.Contains("no file", lake.Expect(1, "bronze", "accept", "others.parquet").Error, StringComparison.Ordinal);
        Assert.Contains("Accepted", lake.Ok("bronze", "accept", file).Error, StringComparison.Ordinal);
        lake.Ok("bronze", "accept", "theirs.parquet");
        Assert.DoesNotContain("theirs.parquet", lake.Ok("run", "--until-caught-up").Error, StringComparison.Ordinal);
        lake.Ok("check", "--deep");

        File.Move(lake.Scratch["kept.parquet"], file);
        lake.CatchUp();
        lake.Ok("check", "--deep");
        Assert.Equal(ledger, lake.Ledger());
        Assert.Contains("accepted", lake.Ok("bronze", "list", "--format", "csv").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_files_are_accepted_all_or_none_and_by_a_pattern()
    {
        using var lake = new LakeUnderTest();
        string[] names = ["monday.parquet", "day=2/x.parquet", "day=2/y.parquet", "day=3/x.parquet"];
        string[] files = [.. names.Select(name => lake.Scratch.Write($"lake/bronze/messages/data/{name}", File.ReadAllBytes(Fixtures.Path("foreign-parquet/arrow-snappy.parquet"))))];
        lake.CatchUp();
        foreach (string file in files)
        {
            File.Delete(file);
        }

        string refused = lake.Expect(1, "bronze", "accept", "monday.parquet", "day=4/*.parquet", "day=2/z.parquet").Error;
        Assert.Contains("no file bronze/messages/data/day=4/*.parquet was ingested", refused, StringComparison.Ordinal);
        Assert.Contains("no file bronze/messages/data/day=2/z.parquet was ingested", refused, StringComparison.Ordinal);
        Assert.Contains("nothing was accepted", refused, StringComparison.Ordinal);
        Assert.Equal(4, lake.Ok("bronze", "list", "--open", "--format", "ndjson").Lines.Count(static line => line.Contains("gone", StringComparison.Ordinal)));

        string accepted = lake.Ok("bronze", "accept", "monday.parquet", "day=2/*.parquet").Error;
        Assert.Equal(3, accepted.Split('\n').Count(static line => line.StartsWith("Accepted: ", StringComparison.Ordinal)));
        Assert.Contains("day=3/x.parquet", Assert.Single(lake.Ok("bronze", "list", "--open", "--format", "ndjson").Lines), StringComparison.Ordinal);
        lake.Ok("bronze", "accept", "*/?.parquet");
        lake.Ok("check");
    }

    [Fact]
    public void Accepting_while_the_lake_runs_says_what_to_do()
    {
        using var lake = new LakeUnderTest();
        using var run = LakeProcess.Start(lake.Call("run"));
        run.WaitUntil(_ => File.Exists(Path.Combine(lake.Folder, "lake.json")) && run.ErrorSoFar.Contains("Publishing", StringComparison.Ordinal), "its first words");
        Assert.Contains(
            $"is in use by process {run.Id}; stop it (`lake run` or `lake serve`), accept, and start it again", lake.Expect(4, "bronze", "accept", "a.parquet").Error, StringComparison.Ordinal);
        run.Interrupt();
        Assert.Equal(0, run.Wait().ExitCode);
    }
}
