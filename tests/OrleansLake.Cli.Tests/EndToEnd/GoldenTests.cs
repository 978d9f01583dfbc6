using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Six ingests, each followed by a run: the reports and the ledger are Spark's after each, and DuckDB agrees.</summary>
public sealed class GoldenTests(GoldenLake golden) : IClassFixture<GoldenLake>
{
    private LakeUnderTest Lake => golden.Lake;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Reports_and_ledger_are_sparks_after_each_part(int part)
    {
        Assert.Equal(Golden.Report("report1", part), golden.ReportAfter(part, "report1"));
        Assert.Equal(Golden.Report("report2", part), golden.ReportAfter(part, "report2"));
        Assert.Equal(Golden.Ledger(part), golden.LedgerAfter(part));
    }

    [ForeignTheory]
    [InlineData("messages")]
    [InlineData("messages_corrupted")]
    public void Silver_holds_sparks_rows_in_the_right_date_folders(string table) =>
        Assert.Equal(Golden.Silver(table), Lake.SilverRows(table));

    /// <summary>The golden messages' value is their arrival number, which is their offset in a lake that has only them.</summary>
    [ForeignFact]
    public void The_offset_in_silver_is_the_place_in_bronze() => Assert.Equal(
        Golden.Count,
        DuckDb.Query($"select count(*) from (from {Lake.SilverSql("messages")} union all by name from {Lake.SilverSql("messages_corrupted")}) where bronze_offset = value::bigint").Count);

    [ForeignFact]
    public void Bronze_holds_every_message_as_it_came() => Assert.Equal(
        Golden.Events,
        DuckDb.Query(
            "set timezone = 'UTC'",
            $"select timestamp, value, event_type, message_id, channel, country_id, user_id from {Lake.BronzeSql} order by value::bigint").ObjectLines);

    [ForeignTheory]
    [InlineData("report1")]
    [InlineData("report2")]
    public void Gold_files_hold_the_report_in_its_order(string report) =>
        Assert.Equal(Golden.ReportLines(report), DuckDb.Query($"from {Lake.GoldSql(report)}").ObjectLines);

    [ForeignFact]
    public void DuckDb_makes_report_1_from_silver() =>
        Assert.Equal(Golden.ReportLines("report1"), DuckDb.Query(ReportSql.Report1(Lake, Golden.ReportColumns("report1"))).ObjectLines);

    [ForeignFact]
    public void DuckDb_makes_report_2_from_silver() =>
        Assert.Equal(Golden.ReportLines("report2"), DuckDb.Query(ReportSql.Report2(Lake, Golden.ReportColumns("report2"))).ObjectLines);

    [ForeignFact]
    public void Bronze_and_silver_have_the_notebooks_columns_and_types()
    {
        string[] message =
        [
            "timestamp TIMESTAMP WITH TIME ZONE", "value VARCHAR", "event_type VARCHAR", "message_id VARCHAR", "channel VARCHAR",
            "country_id INTEGER", "user_id INTEGER",
        ];
        Assert.Equal(message, Describe(Lake.BronzeSql));
        foreach (var table in new[] { "messages", "messages_corrupted" })
        {
            Assert.Equal([.. message, "country VARCHAR", "bronze_offset BIGINT", "date DATE"], Describe(Lake.SilverSql(table)));
        }
    }

    [ForeignTheory]
    [InlineData("report1", "date", "DATE")]
    [InlineData("report2", "user_id", "INTEGER")]
    public void Gold_has_the_notebooks_columns_and_types(string report, string key, string keyType)
    {
        var expected = Golden.ReportColumns(report).Select(name =>
            name == key ? $"{name} {keyType}" : name == "channel" ? "channel VARCHAR" : $"{name} BIGINT");
        Assert.Equal(expected, Describe(Lake.GoldSql(report)));
    }

    [ForeignTheory]
    [InlineData("report1")]
    [InlineData("report2")]
    public void Only_the_total_is_never_null(string report)
    {
        var file = Lake.ParquetFiles(Path.Combine("gold", report, "data")).Single();
        var columns = DuckDb.Query($"select name, repetition_type from parquet_schema({DuckDb.Text(file)}) where type is not null").Rows;
        Assert.All(columns, static row => Assert.Equal(row[0].GetString() == "total" ? "REQUIRED" : "OPTIONAL", row[1].GetString()));
    }

    [ForeignTheory]
    [InlineData(ForeignReader.Polars)]
    [InlineData(ForeignReader.Hyparquet)]
    [InlineData(ForeignReader.ParquetWasm)]
    public void Every_reader_reads_every_kind_of_file_as_duckdb_does(ForeignReader reader)
    {
        foreach (var layer in new[] { "bronze", "silver/messages", "silver/messages_corrupted", "gold/report1", "gold/report2" })
        {
            var file = Lake.ParquetFiles(layer)[^1];
            Assert.Equal(ForeignReaders.Read(ForeignReader.DuckDb, file).Lines, ForeignReaders.Read(reader, file).Lines);
        }
    }

    [ForeignFact]
    public void The_readmes_sql_works()
    {
        var readme = File.ReadAllText(Path.Combine(Fixtures.Root, "README.md"));
        var sql = readme.Split("```sql")[1].Split("```")[0].Replace("'lake/", $"'{Lake.Folder}/", StringComparison.Ordinal);
        var statements = sql.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.All(statements, static statement => Assert.NotEmpty(DuckDb.Query(statement).Rows));
        Assert.Equal(2, statements.Length);
    }

    private static IEnumerable<string> Describe(string relation) =>
        DuckDb.Query($"describe from {relation}").Rows.Select(static row => $"{row[0].GetString()} {row[1].GetString()}");
}
