using System.Globalization;
using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Tests what ingest promises about files: once, again when asked, on from where it was cut off, each acknowledgement kept.</summary>
public class IngestTests
{
    private const int Count = 400_000;

    [Fact]
    public void A_file_that_was_taken_is_skipped_and_again_takes_it_once_more()
    {
        using var lake = new LakeUnderTest();
        var file = lake.Scratch.Write("input.ndjson", Golden.Lines(0, 2000));
        lake.Ok("ingest", file, "--run");

        var skipped = lake.Ok("ingest", file, "--run");
        Assert.Contains("input.ndjson", skipped.Error, StringComparison.Ordinal);
        Assert.Matches("(?i)skip|already", skipped.Error);
        Assert.Equal(2000, lake.Ledger().Bronze);

        lake.Ok("ingest", file, "--again", "--run");
        var ledger = lake.Ledger();
        Assert.Equal(4000, ledger.Bronze);
        Assert.Equal(Golden.Ledger(1).Deduplicated, ledger.Deduplicated);
        Assert.Equal(Golden.Report("report1", 1), lake.Report("report1"));
        Assert.Equal(Golden.Report("report2", 1), lake.Report("report2"));
    }

    [Fact]
    public void A_file_of_the_same_name_with_other_contents_is_another_file()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", lake.Scratch.Write("input.ndjson", Golden.Lines(0, 2000)));
        lake.Ok("ingest", lake.Scratch.Write("input.ndjson", Golden.Lines(2000, 4000)), "--run");
        Assert.Equal(Golden.Ledger(2), lake.Ledger());
    }

    [Fact]
    public void Acknowledgements_only_grow_and_end_at_all()
    {
        using var lake = new LakeUnderTest();
        var result = lake.Ok("ingest", Golden.EventsFile, "--acks");
        var acks = Acks(result.Output);
        Assert.NotEmpty(acks);
        Assert.Equal(acks.Order(), acks);
        Assert.Equal(Golden.Count, acks[^1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(150_000)]
    public void Killed_in_the_middle_it_goes_on_where_it_was_durable(int killAfter)
    {
        using var lake = new LakeUnderTest();
        var file = Made(lake);
        long acknowledged;
        using (var ingest = LakeProcess.Start(lake.Call("ingest", file, "--acks")))
        {
            ingest.WaitUntil(process => Last(process.OutputSoFar) >= killAfter, $"{killAfter} acknowledged");
            ingest.Kill();
            acknowledged = Last(ingest.Wait().Output);
        }

        lake.CatchUp();
        Assert.InRange(lake.Ledger().Bronze, acknowledged, Count);

        var resumed = lake.Ok("ingest", file, "--run", "--trigger", "500ms");
        AssertIsWhole(lake, file, resumed);
    }

    [Fact]
    public void Killed_while_silver_follows_nothing_is_lost_or_doubled()
    {
        using var lake = new LakeUnderTest();
        var file = Made(lake);
        for (var times = 0; times < 3; times++)
        {
            using var ingest = LakeProcess.Start(lake.Call("ingest", file, "--acks", "--run", "--trigger", "50ms"));
            var before = lake.ParquetFiles("silver").Length;
            ingest.WaitUntil(process => process.HasEnded || lake.ParquetFiles("silver").Length > before, "another silver file");
            ingest.Kill();
            ingest.Wait();
        }

        AssertIsWhole(lake, file, lake.Ok("ingest", file, "--run"));
    }

    [Fact]
    public void Interrupted_run_ends_well_with_all_published()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile);
        using var run = LakeProcess.Start(lake.Call("run", "--trigger", "60s"));
        run.WaitUntil(_ => lake.ParquetFiles("gold").Length == 3, "the first commit");
        run.Interrupt();
        AssertEndedWell(run.Wait());

        Assert.Equal(Golden.Report("report1"), lake.Report("report1"));
        Assert.Equal(Golden.Ledger(), lake.Ledger());
    }

    [Fact]
    public void Run_that_is_interrupted_while_it_opens_ends_well_and_leaves_all_to_the_next()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile);
        var before = Checkpoint(lake);
        using var run = LakeProcess.Start(lake.Call("run", "--trigger", "60s"));
        run.WaitUntil(_ => !Checkpoint(lake).SetEquals(before), "the lake is its own");
        run.Interrupt();
        AssertEndedWell(run.Wait());

        lake.CatchUp();
        Assert.Equal(Golden.Report("report1"), lake.Report("report1"));
        Assert.Equal(Golden.Ledger(), lake.Ledger());
    }

    private static void AssertEndedWell(LakeResult result)
    {
        Assert.True(result.ExitCode == 0, result.Error);
        LakeUnderTest.AssertNoStackTrace(result);
    }

    [Fact]
    public void Interrupted_ingest_says_so_and_can_go_on()
    {
        using var lake = new LakeUnderTest();
        var file = Made(lake);
        using (var ingest = LakeProcess.Start(lake.Call("ingest", file, "--acks")))
        {
            ingest.WaitUntil(static process => Last(process.OutputSoFar) > 0, "the first acknowledgement");
            ingest.Interrupt();
            var result = ingest.Wait();
            LakeUnderTest.AssertNoStackTrace(result);

            // It may have been done before the signal came.
            Assert.Contains(result.ExitCode, new[] { 0, 130 });
        }

        AssertIsWhole(lake, file, lake.Ok("ingest", file, "--run"));
    }

    private static HashSet<string> Checkpoint(LakeUnderTest lake) =>
        [.. Directory.EnumerateFiles(Path.Combine(lake.Folder, "bronze", "messages", "checkpoint"), "*", SearchOption.AllDirectories)];

    private static string Made(LakeUnderTest lake)
    {
        var path = lake.Scratch["made.ndjson"];
        var result = LakeProcess.Run("produce", "--count", $"{Count}", "--seed", "5", "--profile", "bench");
        Assert.True(result.ExitCode == 0, result.Error);
        File.WriteAllText(path, result.Output);
        return path;
    }

    private static void AssertIsWhole(LakeUnderTest lake, string file, LakeResult resumed)
    {
        LakeUnderTest.AssertNoStackTrace(resumed);
        var ledger = lake.Ledger();
        Assert.Equal(Count, ledger.Bronze);

        using var inOneGo = new LakeUnderTest();
        inOneGo.Ok("ingest", file, "--run");
        Assert.Equal(inOneGo.Ledger(), ledger);
        Assert.Equal(inOneGo.Report("report1"), lake.Report("report1"));
        Assert.Equal(inOneGo.Report("report2"), lake.Report("report2"));
    }

    private static long Last(string output) => Acks(output) is { Length: > 0 } acks ? acks[^1] : 0;

    /// <summary>The whole lines: the last may be on its way.</summary>
    private static long[] Acks(string output) =>
        [.. output.Split('\n').SkipLast(1).Select(static line => long.Parse(line, CultureInfo.InvariantCulture))];
}
