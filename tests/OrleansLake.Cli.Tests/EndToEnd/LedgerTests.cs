using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>The ledger is in a file beside the reports, for checks of the lake's files against it.</summary>
public class LedgerTests
{
    [ForeignFact]
    public void DuckDb_holds_the_ledger_against_the_files()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile, "--run");
        lake.Expect(1, "ingest", lake.Scratch.Write("bad.ndjson", "no json\n"), "--run");
        string sql = $"""
            with ledger as (from {lake.GoldSql("ledger")}),
                 silver as (select date::varchar as date, count(*) as n from {lake.SilverSql("messages")} group by all),
                 corrupted as (select date::varchar as date, count(*) as n from {lake.SilverSql("messages_corrupted")} group by all)
            select (select bronze from ledger where scope = 'total') = (select count(*) from {lake.BronzeSql}),
                   (select deduplicated from ledger where scope = 'total') = (select sum(total) from {lake.GoldSql("report1")}),
                   (select rejected from ledger where scope = 'total') = 1 and (select mended from ledger where scope = 'total') = 0,
                   (select bool_and(bronze = messages + messages_corrupted) from ledger),
                   (select sum(bronze) from ledger where scope = 'date') = (select bronze from ledger where scope = 'total'),
                   (select bool_and(messages = coalesce(n, 0)) from ledger left join silver on ledger.date::varchar is not distinct from silver.date where scope = 'date'),
                   (select bool_and(messages_corrupted = coalesce(n, 0)) from ledger left join corrupted on ledger.date::varchar is not distinct from corrupted.date where scope = 'date'),
                   (select count(distinct position) = 1 and count(distinct manifest) = 1 from ledger)
            """;
        Assert.Equal("[true,true,true,true,true,true,true,true]", Assert.Single(DuckDb.Query(sql).Lines));
        Assert.Equal(
            DuckDb.Query($"select scope, date, bronze, messages, messages_corrupted, deduplicated, rejected, mended, manifest, position from {lake.GoldSql("ledger")}").ObjectLines,
            lake.Ok("report", "ledger", "--format", "ndjson").Lines);
        string copy = lake.Scratch["copy.parquet"];
        LakeUnderTest.Expect(0, lake.Call("report", "ledger", "--format", "parquet") with { Through = ["sh", "-c", $"exec \"$@\" > '{copy}'", "sh"] });
        Assert.Equal("[0]", Assert.Single(DuckDb.Query($"select count(*) from (from '{copy}' except from {lake.GoldSql("ledger")})").Lines));
    }
}
