using System.Globalization;
using OrleansLake.TestSupport;
using Xunit.Abstractions;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>However the messages are cut, on however many threads: the end is the same.</summary>
public sealed class AnyCutTests(ITestOutputHelper log)
{
    [ForeignTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Parts_cut_anywhere_end_the_same(int threads)
    {
        var seed = Environment.GetEnvironmentVariable("ORLEANSLAKE_SEED") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        log.WriteLine($"seed {seed} (again with ORLEANSLAKE_SEED={seed})");
        var random = new Random(seed);
        int[] cuts = [0, .. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(Golden.Count + 1)).Order(), Golden.Count];

        using var lake = new LakeUnderTest();
        for (var part = 1; part < cuts.Length; part++)
        {
            var file = lake.Scratch.Write($"part{part}.ndjson", Golden.Lines(cuts[part - 1], cuts[part]));
            lake.Ok("ingest", file, "--threads", threads.ToString(CultureInfo.InvariantCulture));
            if (random.Next(2) == 0)
            {
                lake.CatchUp("--threads", threads.ToString(CultureInfo.InvariantCulture));
            }
        }

        lake.CatchUp("--threads", threads.ToString(CultureInfo.InvariantCulture));
        AssertGolden(lake);
    }

    [ForeignTheory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("5")]
    public void In_one_go_ends_the_same(string threads)
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile, "--threads", threads);
        lake.CatchUp("--threads", threads);
        AssertGolden(lake);
    }

    [ForeignFact]
    public void From_standard_input_with_run_ends_the_same()
    {
        using var lake = new LakeUnderTest();
        LakeUnderTest.Expect(0, lake.Call("ingest", "-", "--run", "--trigger", "200ms") with { Input = Golden.Lines(0, Golden.Count) });
        AssertGolden(lake);
    }

    [Fact]
    public void In_new_york_dates_are_new_yorks()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile, "--time-zone", "America/New_York");
        lake.CatchUp();
        Assert.Equal(Golden.Report("report1", zone: "new_york"), lake.Report("report1"));
        Assert.Equal(Golden.Ledger(zone: "new_york"), lake.Ledger());
    }

    private static void AssertGolden(LakeUnderTest lake)
    {
        Assert.Equal(Golden.Report("report1"), lake.Report("report1"));
        Assert.Equal(Golden.Report("report2"), lake.Report("report2"));
        Assert.Equal(Golden.Ledger(), lake.Ledger());
        Assert.Equal(Golden.Silver("messages"), lake.SilverRows("messages"));
        Assert.Equal(Golden.Silver("messages_corrupted"), lake.SilverRows("messages_corrupted"));
    }
}
