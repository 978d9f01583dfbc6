using System.Text.Json;
using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

public class RepartitionTests
{
    private const int Kills = 6;

    [Fact]
    public void A_lake_of_many_partitions_reads_as_the_lake_that_it_was()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile, "--run");
        lake.Expect(1, "ingest", lake.Scratch.Write("bad.ndjson", "no json\n"), "--run");
        string[] expected = Describe(lake);

        LakeResult result = lake.Ok("repartition", "4");

        Assert.Contains("From 1 partition to 4", result.Error, StringComparison.Ordinal);
        Assert.Contains("The rejected record has another id now", result.Error, StringComparison.Ordinal);
        Assert.Equal(Golden.Report("report1"), lake.Report("report1"));
        Assert.Equal(Golden.Report("report2"), lake.Report("report2"));
        Assert.Equal(expected, Describe(lake));
        string deep = lake.Ok("check", "--deep").Output;
        Assert.All([0, 1, 2, 3], partition => Assert.Contains($"partition {partition}: keys", deep, StringComparison.Ordinal));
        lake.Ok("inspect", Path.Combine(lake.Folder, "gold", "report1", "data", "report1.parquet"));
        Assert.Contains("no json", lake.Ok("quarantine", "list").Output, StringComparison.Ordinal);
        Assert.Contains("4 partitions already", lake.Ok("repartition", "4").Error, StringComparison.Ordinal);

        // It is a lake like any other.
        Assert.Contains("ingested before", lake.Ok("ingest", Golden.EventsFile, "--run").Error, StringComparison.Ordinal);
        lake.Ok("replay", "--yes");
        lake.Ok("check", "--deep");
        Assert.Equal(expected, Describe(lake));
        lake.Ok("repartition", "1");
        lake.CatchUp();
        lake.Ok("replay", "--yes");
        lake.Ok("check", "--deep");
        Assert.Equal(expected, Describe(lake));
    }

    [Fact]
    public void Identity_of_a_rejected_record_names_no_other_afterwards()
    {
        using var lake = new LakeUnderTest();
        for (int i = 0; i < 3; i++)
        {
            lake.Expect(1, "ingest", lake.Scratch.Write($"bad{i}.ndjson", $"no json {i}\n"), "--run");
        }

        string[] before = Ids(lake);
        lake.Ok("repartition", "4");
        string[] between = Ids(lake);
        lake.Ok("repartition", "1");
        string[] after = Ids(lake);
        Assert.Equal(9, new HashSet<string>([.. before, .. between, .. after], StringComparer.Ordinal).Count);
        Assert.Contains($"{before[1]}  there is no such record", lake.Expect(1, "quarantine", "dismiss", before[1], "--reason", "old").Error, StringComparison.Ordinal);
        Assert.Equal(3, lake.Ok("quarantine", "list", "--open", "--format", "ndjson").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        lake.Ok("check", "--deep");

        static string[] Ids(LakeUnderTest lake) =>
            [.. lake.Ok("quarantine", "list", "--format", "ndjson").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!)];
    }

    [Fact]
    public void What_cannot_be_repartitioned_is_told_in_a_line()
    {
        using var lake = new LakeUnderTest();
        Assert.Contains("no lake", lake.Expect(5, "repartition", "4").Error, StringComparison.Ordinal);
        lake.Expect(2, "repartition", "0");
        lake.Expect(2, "repartition", "1025");
        lake.Expect(2, "repartition", "many");
    }

    [Fact]
    public void Killed_at_any_moment_it_leaves_the_old_lake_or_the_new_one()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile, "--run");
        string[] expected = Describe(lake);
        var whole = System.Diagnostics.Stopwatch.StartNew();
        lake.Ok("repartition", "3");
        double wholeMs = whole.ElapsedMilliseconds;
        for (int kill = 0; kill < Kills; kill++)
        {
            int wanted = Partitions(lake) == 3 ? 5 : 3;
            using LakeProcess process = LakeProcess.Start(lake.Call("repartition", $"{wanted}"));
            Thread.Sleep((int)(wholeMs * (0.2 + random.NextDouble())));
            process.Kill();
            process.Wait();
            Assert.True(expected.SequenceEqual(Describe(lake)), $"seed {seed}, kill {kill}");
            if (kill % 3 == 2)
            {
                lake.Ok("repartition", $"{wanted}");
                lake.Ok("check", "--deep");
                Assert.Equal(wanted, Partitions(lake));
            }
        }
    }

    private static int Partitions(LakeUnderTest lake)
    {
        using JsonDocument description = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(lake.Folder, "lake.json")));
        return description.RootElement.GetProperty("partitions").GetInt32();
    }

    private static string[] Describe(LakeUnderTest lake) =>
    [
        lake.Report("report1"),
        lake.Report("report2"),
        .. lake.Ok("report", "ledger", "--format", "csv").Lines.Select(line => string.Join(',', line.Split(',')[..^2])),
    ];
}
