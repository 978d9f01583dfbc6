using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Every command on a lake of many partitions.</summary>
public class ManyPartitionsTests
{
    private const string Line = """{"timestamp":"2024-12-16T12:01:05Z","value":"a","event_type":"SENT","message_id":"m1","channel":"SMS","country_id":2000,"user_id":1}""";

    [Fact]
    public void A_lake_that_is_made_with_many_partitions_is_ingested_into_run_produced_to_and_emptied()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile, "--partitions", "4");
        lake.CatchUp();
        Assert.Equal(Golden.Report("report1"), lake.Report("report1"));
        Assert.Equal(Golden.Report("report2"), lake.Report("report2"));
        Assert.Contains("has 4 partitions, and 2 were asked for", lake.Expect(2, "run", "--until-caught-up", "--partitions", "2").Error, StringComparison.Ordinal);
        lake.Expect(2, "ingest", Golden.EventsFile, "--partitions", "0");
        lake.Expect(2, "produce", "--partitions", "4");

        lake.Ok("produce", "--count", "500", "--seed", "1", "--to", lake.Folder);
        lake.CatchUp();
        Assert.Equal(12_500, lake.Ledger().Bronze);
        lake.Ok("check", "--deep");
        lake.Ok("produce", "--count", "500", "--seed", "1", "--to", lake.Folder, "--overwrite");
        lake.CatchUp();
        Assert.Equal(500, lake.Ledger().Bronze);
        lake.Ok("check", "--deep");
    }

    [Fact]
    public void A_rejected_record_is_named_with_its_partition_and_mended_once()
    {
        using var lake = new LakeUnderTest();
        string bad = string.Concat(Enumerable.Range(0, 20).Select(i => Line.Replace("\"m1\"", $"{i}.5", StringComparison.Ordinal) + "\n"));
        lake.Expect(1, "ingest", lake.Scratch.Write("input.ndjson", bad), "--run", "--partitions", "4");
        string[] ids = [.. lake.Ok("quarantine", "list", "--format", "csv").Lines.Skip(1).Select(line => line.Split(',')[0])];
        Assert.Equal(20, ids.Distinct().Count());
        string id = ids.First(one => one.StartsWith("2/", StringComparison.Ordinal));
        Assert.Contains(id, lake.Ok("quarantine", "show", id, "--format", "table").Output, StringComparison.Ordinal);
        string fix = lake.Scratch.Write("one.json", Line);
        Assert.Contains("1 record replayed (1 message); 19 open", lake.Ok("quarantine", "replay", id, "--fix", fix).Error, StringComparison.Ordinal);
        Assert.Contains("1 were replayed before", lake.Ok("quarantine", "replay", id, "--fix", fix).Error, StringComparison.Ordinal);
        Assert.Equal(new LedgerCounts(1, 1, 0, 1), lake.Ledger());
    }

    [ForeignFact]
    public void DuckDB_counts_the_files_of_all_partitions()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile, "--run", "--partitions", "4");
        Assert.Equal(
            "[12000,4]",
            DuckDb.Query($"select count(*), count(distinct substr(filename, instr(filename, 'part-p'), 11)) from read_parquet('{lake.Folder}/silver/*/data/**/*.parquet', filename = true)").Lines.Single());
        Assert.Equal("[6741]", DuckDb.Query($"select sum(total)::bigint from read_parquet('{lake.Folder}/gold/report1/data/*.parquet')").Lines.Single());
    }
}
