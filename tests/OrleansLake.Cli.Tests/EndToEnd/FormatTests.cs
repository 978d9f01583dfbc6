using System.IO.Compression;
using System.Text;
using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>The forms that ingest takes, known by their bytes and (CSV) their names.</summary>
public class FormatTests
{
    private const string Csv =
        "message_id,timestamp,value,event_type,channel,country_id,user_id,else\r\n"
        + "m1,2024-12-16T12:01:05.5Z,\"a \"\"quoted\"\",\r\nlong one\",SENT,SMS,2000,1,x\r\n"
        + "m2,2024-12-16 12:01:06,,,\"\",,2,\n"
        + "m3,2024-12-16T12:01:07+02:00,c,\"\",CHAT,1999,-3,";

    private static readonly string[] CsvRows =
    [
        """{"timestamp":"2024-12-16T12:01:05.500000Z","value":"a \"quoted\",\r\nlong one","event_type":"SENT","message_id":"m1","channel":"SMS","country_id":2000,"user_id":1}""",
        """{"timestamp":"2024-12-16T12:01:06.000000Z","value":null,"event_type":null,"message_id":"m2","channel":"","country_id":null,"user_id":2}""",
        """{"timestamp":"2024-12-16T10:01:07.000000Z","value":"c","event_type":"","message_id":"m3","channel":"CHAT","country_id":1999,"user_id":-3}""",
    ];

    [ForeignTheory]
    [InlineData("input.csv", false)]
    [InlineData("input.csv.gz", true)]
    public void Csv_with_a_header(string name, bool zipped)
    {
        using var lake = new LakeUnderTest();
        var bytes = Encoding.UTF8.GetBytes(Csv);
        lake.Ok("ingest", lake.Scratch.Write(name, zipped ? Gzip(bytes) : bytes), "--run");
        Assert.Equal(CsvRows, BronzeRows(lake));
    }

    [Fact]
    public void Csv_without_the_columns_that_are_needed_is_refused()
    {
        using var lake = new LakeUnderTest();
        var result = lake.Expect(1, "ingest", lake.Scratch.Write("input.csv", "message_id,value\nm1,a\n"));
        Assert.Contains("timestamp", result.Error, StringComparison.Ordinal);
        Assert.Contains("input.csv", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Gzip_is_known_by_its_bytes()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", lake.Scratch.Write("no-name-to-tell", Gzip(Golden.Lines(0, 2000))), "--run");
        Assert.Equal(Golden.Ledger(1), lake.Ledger());
    }

    [Fact]
    public void Gzip_on_standard_input()
    {
        using var lake = new LakeUnderTest();
        LakeUnderTest.Expect(0, lake.Call("ingest", "-", "--run") with { Input = File.ReadAllBytes(Golden.EventsFile) });
        Assert.Equal(Golden.Ledger(), lake.Ledger());
    }

    [ForeignTheory]
    [InlineData("arrow-snappy.parquet")]
    [InlineData("spark-default.parquet")]
    [InlineData("polars-small-pages.parquet")]
    [InlineData("duckdb-default.parquet")]
    public void Parquet_is_known_by_its_bytes(string fixture)
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", lake.Scratch.Write("no-name-to-tell", File.ReadAllBytes(Fixtures.Path($"foreign-parquet/{fixture}"))), "--run");
        Assert.Equal(File.ReadAllLines(Fixtures.Path("foreign-parquet/expected.ndjson")), BronzeRows(lake));
    }

    [ForeignFact]
    public void A_hive_style_folder()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Fixtures.Path("golden/spark-lake/silver/messages/data"), "--run");
        Assert.Equal(Golden.Ledger().Messages, lake.Ledger().Bronze);
        Assert.Equal(Golden.Silver("messages").Order(StringComparer.Ordinal), lake.SilverRows("messages").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    [InlineData("ndjson")]
    [InlineData("table")]
    public void A_report_comes_in_every_form(string format)
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile, "--run");
        foreach (var report in new[] { "report1", "report2" })
        {
            var lines = lake.Ok("report", report, "--format", format).Lines;
            Assert.True(lines.Count >= Golden.ReportLines(report).Count, $"{lines.Count} lines");
            Assert.DoesNotContain(lines, static line => line.Contains('\u001b', StringComparison.Ordinal));
        }
    }

    [ForeignFact]
    public void A_report_comes_as_csv_and_json_that_duckdb_reads()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile, "--run");
        foreach (var report in new[] { "report1", "report2" })
        {
            var csv = lake.Scratch.Write("report.csv", lake.Ok("report", report, "--format", "csv").Output);
            var json = lake.Scratch.Write("report.json", lake.Ok("report", report, "--format", "json").Output);
            // DuckDB trims the columns' names of a CSV file, so that the cells are compared, by place.
            var cells = DuckDb.Query($"from {lake.GoldSql(report)}").Lines;
            Assert.Equal(cells, DuckDb.Query($"from read_csv({DuckDb.Text(csv)}, header = true)").Lines);
            Assert.Equal(cells.Count, DuckDb.Query($"select count(*) from read_json({DuckDb.Text(json)})").Count);
        }
    }

    [ForeignFact]
    public void Column_of_gold_is_the_same_event_whatever_comes_later()
    {
        using var lake = new LakeUnderTest();
        Send("Open", 3);
        Assert.Equal(["[3]"], DuckDb.Query($"select open from {lake.GoldSql("report1")}").Lines);
        Send("OPEN", 5);
        Send("open_", 7);
        Assert.Equal(["[3,5,7]"], DuckDb.Query($"select open, open_, open__ from {lake.GoldSql("report1")}").Lines);
        lake.Ok("replay", "--yes");
        lake.Ok("repartition", "3");
        lake.Ok("check", "--deep");
        Assert.Equal(["[3,5,7]"], DuckDb.Query($"select open, open_, open__ from {lake.GoldSql("report1")}").Lines);
        Assert.Contains("\"OPEN_\":5,\"Open\":3,\"open__\":7", lake.Report("report1"), StringComparison.Ordinal);

        void Send(string eventType, int count) => lake.Ok(
            "ingest", lake.Scratch.Write($"{eventType}.ndjson", string.Concat(Enumerable.Range(0, count).Select(i =>
                $$"""{"timestamp":"2024-12-16T10:00:00Z","message_id":"{{eventType}}{{i}}","event_type":"{{eventType}}","channel":"SMS"}""" + "\n"))), "--run");
    }

    private static IReadOnlyList<string> BronzeRows(LakeUnderTest lake) => DuckDb.Query(
        "set timezone = 'UTC'",
        $"select timestamp, value, event_type, message_id, channel, country_id, user_id from {lake.BronzeSql}").ObjectLines;

    private static byte[] Gzip(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return zipped.ToArray();
    }
}
