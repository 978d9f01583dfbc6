using System.Text.Json;
using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>A lake that makes columns of attributes: in new files, of earlier rows, through replays, checks and other numbers of partitions.</summary>
public class AddedColumnTests
{
    private const string Line = """{"timestamp":"2024-12-16T10:01:00Z","event_type":"SENT","channel":"SMS","message_id":""";

    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public void Earlier_rows_show_it_and_replay_fills_it_and_checks_compare_it(string partitions)
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", lake.Scratch.Write("before.ndjson", Line + "\"old\",\"plan\":\"gold\",\"n\":\"1\"}"), "--run", "--keep", "attributes", "--partitions", partitions);
        Assert.DoesNotContain("\"columns\"", Copy(lake, "old"), StringComparison.Ordinal);
        Assert.Contains("`lake replay`", lake.Ok("column", "add", "plan", "text", "--from", "attributes.plan").Error, StringComparison.Ordinal);
        lake.Ok("column", "add", "n", "int64", "--from", "/attributes/n");
        lake.Ok("column", "add", "n", "int64", "--from", "/attributes/n");
        Assert.Equal(["attributes", "plan (string from attributes.plan)", "n (int64 from /attributes/n)"], lake.Ok("column", "list").Lines.Skip(7));
        const string Columns = "\"columns\":{\"plan\":\"gold\",\"n\":1}";
        Assert.Contains(Columns, Copy(lake, "old"), StringComparison.Ordinal);
        LakeResult misfit = lake.Ok("ingest", lake.Scratch.Write("after.ndjson", Line + "\"new\",\"plan\":\"red\",\"n\":2}\n" + Line + "\"bad\",\"n\":\"many\"}\n" + Line + "\"none\"}"), "--run");
        Assert.Contains("note: column n: 1 value is not int64, the first many in message bad; it is null in the column and stays in attributes", misfit.Error, StringComparison.Ordinal);
        Assert.Contains("\"columns\":{\"plan\":null,\"n\":null}", Copy(lake, "bad"), StringComparison.Ordinal);
        Assert.Contains("values that are not of the type of n", lake.Ok("check", "--deep").Output, StringComparison.Ordinal);
        lake.Ok("replay", "--yes");
        lake.Ok("check", "--deep");
        Assert.Contains(Columns, Copy(lake, "old"), StringComparison.Ordinal);
        lake.Ok("repartition", partitions == "1" ? "2" : "1");
        lake.Ok("check", "--deep");
        Assert.Contains(Columns, Copy(lake, "old"), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_refused_with_what_to_do()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", lake.Scratch.Write("a.ndjson", Line + "\"a\"}"), "--run", "--keep", "source");
        Assert.Contains("`lake column keep attributes,source`", lake.Expect(2, "column", "add", "plan", "string", "--from", "attributes.plan").Error, StringComparison.Ordinal);
        Assert.Contains("expected string, int64", lake.Expect(2, "column", "add", "plan", "text[]", "--from", "attributes.plan").Error, StringComparison.Ordinal);
        Assert.Contains("it adds none", lake.Expect(2, "column", "remove", "plan").Error, StringComparison.Ordinal);
        lake.Ok("column", "keep", "attributes");
        lake.Ok("column", "add", "plan", "string", "--from", "attributes.plan");
        Assert.Contains("choose another name", lake.Expect(2, "column", "add", "plan", "int64", "--from", "attributes.plan").Error, StringComparison.Ordinal);
        Assert.Contains("`lake column remove`", lake.Expect(2, "column", "keep", "source").Error, StringComparison.Ordinal);
        lake.Ok("column", "remove", "plan");
        lake.Ok("column", "keep", "source");
        lake.Ok("check", "--deep");
    }

    [ClickHouseFact]
    public void ClickHouse_reads_files_with_and_without_it_by_name()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", lake.Scratch.Write("plain.ndjson", Lines("old", 300)), "--run");
        lake.Ok("column", "keep", "attributes,source");
        lake.Ok("ingest", lake.Scratch.Write("kept.ndjson", Lines("kept", 200)), "--run");
        lake.Ok("column", "add", "plan", "string", "--from", "attributes.plan");
        lake.Ok("ingest", lake.Scratch.Write("added.ndjson", Lines("added", 100)), "--run");
        string files = $"file('{lake.Folder}/silver/messages/data/**/*.parquet', Parquet";
        const string Names = "message_id String, user_id Nullable(Int32), attributes Nullable(String), source Nullable(String), source_offset Nullable(Int64), plan Nullable(String)";
        foreach ((string from, string settings) in ((string, string)[])[($"{files})", "schema_inference_mode = 'union'"), ($"{files}, '{Names}')", "input_format_parquet_allow_missing_columns = 1")])
        {
            Assert.Equal(["[600,300,300,100,\"25150\"]"], ClickHouse.Query($"select count(), count(attributes), count(source), count(plan), sum(source_offset)::String from {from} settings {settings}, output_format_json_quote_64bit_integers = 0"));
            Assert.Equal(
                lake.Ok("report", "report2", "--format", "ndjson").Lines.Select(static row => JsonDocument.Parse(row).RootElement).Select(static row => $"[{row.GetProperty("user_id")},{row.GetProperty("iterations")}]"),
                ClickHouse.Query($"select user_id, count() as iterations from {from} group by user_id order by iterations desc, user_id settings {settings}, output_format_json_quote_64bit_integers = 0"));
            Assert.Equal(
                ["""["added7","{\u0022plan\u0022:\u0022p7\u0022,\u0022n\u0022:7}","added.ndjson",8,"p7"]""", """["kept7","{\u0022plan\u0022:\u0022p7\u0022,\u0022n\u0022:7}","kept.ndjson",8,null]""", """["old7",null,null,null,null]"""],
                ClickHouse.Query($"select message_id, attributes, source, source_offset, plan from {from} where message_id in ('added7', 'kept7', 'old7') order by message_id settings {settings}, output_format_json_quote_64bit_integers = 0"));
        }
    }

    [ForeignFact]
    public void Other_readers_read_files_with_and_without_it_by_name()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", lake.Scratch.Write("plain.ndjson", Line + "\"a\"}"), "--run");
        lake.Ok("column", "keep", "attributes");
        lake.Ok("ingest", lake.Scratch.Write("kept.ndjson", Line + "\"b\",\"plan\":\"blue\",\"n\":1.5,\"yes\":true,\"at\":\"2024-12-16T10:01:00Z\",\"k\":7}"), "--run");
        string[] types = ["plan string", "n double", "yes boolean", "at timestamp", "k int64"];
        foreach (string[] column in types.Select(static text => text.Split(' ')))
        {
            lake.Ok("column", "add", column[0], column[1], "--from", $"attributes.{column[0]}");
        }

        lake.Ok("ingest", lake.Scratch.Write("added.ndjson", Line + "\"c\",\"plan\":\"réd\",\"n\":2.5,\"yes\":false,\"at\":\"2024-12-17T10:01:00.25Z\",\"k\":8}"), "--run");
        string?[] added = ["réd", "2.5", "false", "2024-12-17 10:01:00.25+00", "8"];
        foreach (string folder in (string[])["bronze", "silver"])
        {
            ExternalRows polars = ForeignReaders.ReadByName([.. Directory.GetFiles(Path.Join(lake.Folder, folder), "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]);
            int[] wanted = [.. ((string[])["message_id", "attributes", "plan", "n", "yes", "at", "k"]).Select(name => polars.Columns.Select(static column => column.Name).ToList().IndexOf(name))];
            Assert.Equal(
                [
                    "a null null null null null null",
                    "b {\"plan\":\"blue\",\"n\":1.5,\"yes\":true,\"at\":\"2024-12-16T10:01:00Z\",\"k\":7} null null null null null",
                    "c {\"plan\":\"réd\",\"n\":2.5,\"yes\":false,\"at\":\"2024-12-17T10:01:00.25Z\",\"k\":8} réd 2.5 false 2024-12-17T10:01:00.250000Z 8",
                ],
                polars.Rows.Select(row => string.Join(' ', wanted.Select(place => row[place].ValueKind == JsonValueKind.Null ? "null" : row[place].ToString().Replace("False", "false", StringComparison.Ordinal)))).Order(StringComparer.Ordinal));
            Assert.Equal<string?[]>(added, Row(folder, "c"));
            Assert.All(Row(folder, "b"), Assert.Null);
        }

        lake.Ok("replay", "--yes");
        Assert.Equal<string?[]>(["blue", "1.5", "true", "2024-12-16 10:01:00+00", "7"], Row("silver", "b"));
        Assert.All(Row("silver", "a"), Assert.Null);
        Assert.Equal("bronze_offset", DuckDb.Query($"select name from (select name, row_number() over () as i from parquet_schema('{Directory.GetFiles(lake.Folder, "*.parquet", SearchOption.AllDirectories).First(static file => file.Contains("silver/messages/", StringComparison.Ordinal))}')) order by i desc limit 1").Rows[0][0].GetString());
        lake.Ok("column", "remove", "plan");
        lake.Ok("replay", "--yes");
        Assert.DoesNotContain("plan", DuckDb.Query($"select distinct name from parquet_schema('{lake.Folder}/silver/**/*.parquet')").Rows.Select(static row => row[0].GetString()));
        lake.Ok("check", "--deep");

        string?[] Row(string folder, string id) =>
            [.. DuckDb.Query("set timezone = 'UTC'", $"select plan::varchar, n::varchar, yes::varchar, \"at\"::varchar, k::varchar from read_parquet('{lake.Folder}/{folder}/**/*.parquet', union_by_name=true) where message_id = '{id}'")
                .Rows[0].Select(static cell => cell.ValueKind == JsonValueKind.Null ? null : cell.GetString())];
    }

    private static string Lines(string name, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => Line + $"\"{name}{i}\",\"user_id\":{i % 17},\"plan\":\"p{i}\",\"n\":{i}}}\n"));

    private static string Copy(LakeUnderTest lake, string id) => lake.Ok("message", id, "--format", "ndjson").Output;
}
