using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using OrleansLake.TestSupport;
using Parquet.Serialization;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>A lake that keeps attributes and sources: in bronze and silver, through replays, checks and other numbers of partitions.</summary>
public class KeepTests
{
    private const string Line = """{"timestamp":"2024-12-16T10:01:00Z","event_type":"SENT","channel":"SMS","message_id":""";

    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public void What_is_kept_comes_through_replay_and_repartition_and_is_checked(string partitions)
    {
        using var lake = new LakeUnderTest();
        string source = lake.Scratch.Write("events.ndjson", string.Join('\n', Enumerable.Range(0, 200).Select(static i => Line + $"\"m{i}\",\"plan\":\"p{i}\",\"n\":{i}.50}}")));
        lake.Ok("ingest", source, "--keep", "attributes,source", "--partitions", partitions);
        string inLog = Copy(lake, "m7");
        Assert.Contains("""
            "attributes":{"plan":"p7","n":7.50},"source":"events.ndjson","source_offset":8
            """.Trim(), inLog, StringComparison.Ordinal);
        lake.CatchUp();
        Assert.Equal(inLog, Copy(lake, "m7"));
        lake.Ok("check", "--deep");
        lake.Ok("replay", "--yes");
        lake.Ok("check", "--deep");
        Assert.Equal(inLog, Copy(lake, "m7"));
        lake.Ok("repartition", partitions == "1" ? "2" : "1");
        lake.Ok("check", "--deep");
        Assert.Contains("\"source_offset\":8", Copy(lake, "m7"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_lake_keeps_from_the_command_on_and_files_of_both_kinds_are_one_lake()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", lake.Scratch.Write("before.ndjson", Line + "\"old\",\"plan\":\"lost\"}"), "--run");
        Assert.DoesNotContain("attributes", Copy(lake, "old"), StringComparison.Ordinal);
        Assert.Equal("Kept from the next message on: attributes,source.\n", lake.Ok("column", "keep", "attributes,source").Error);
        Assert.Equal(["attributes", "source", "source_offset"], lake.Ok("column", "list").Lines.Skip(7));
        lake.Ok("ingest", lake.Scratch.Write("after.csv", "message_id,timestamp,plan\nnew,2024-12-16T10:01:00Z,gold\n"), "--run");
        Assert.Contains("\"attributes\":{\"plan\":\"gold\"},\"source\":\"after.csv\",\"source_offset\":2", Copy(lake, "new"), StringComparison.Ordinal);
        Assert.Matches("gold\"\\} +after.csv +2 +corrupted", lake.Ok("message", "new", "--format", "table").Lines[2]);
        lake.Ok("check", "--deep");
        lake.Ok("replay", "--yes");
        lake.Ok("check", "--deep");
        Assert.Contains("lake column keep", lake.Expect(2, "ingest", "-", "--keep", "attributes").Error, StringComparison.Ordinal);
        Assert.Contains("expected attributes, source, or both", lake.Expect(2, "column", "keep", "plan").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rejected_record_that_is_sent_again_is_from_where_it_was()
    {
        using var lake = new LakeUnderTest();
        lake.Expect(1, "ingest", lake.Scratch.Write("events.ndjson", Line + "\"a\"}\n" + """{"timestamp":"soon","message_id":"b","plan":"gold"}"""), "--keep", "attributes,source");
        string id = JsonDocument.Parse(lake.Ok("quarantine", "list", "--format", "ndjson").Lines[0]).RootElement.GetProperty("id").GetString()!;
        string fix = lake.Scratch.Write("fix.ndjson", $$$"""{"id":"{{{id}}}","raw":"{\"timestamp\":\"2024-12-16T10:01:00Z\",\"message_id\":\"b\",\"plan\":\"gold\"}"}""" + "\n");
        lake.Ok("quarantine", "replay", "--fix", fix);
        Assert.Contains("\"attributes\":{\"plan\":\"gold\"},\"source\":\"events.ndjson\",\"source_offset\":2", Copy(lake, "b"), StringComparison.Ordinal);
    }

    [ForeignFact]
    public void Parquet_files_are_kept_and_other_readers_read_both_kinds_by_name()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", lake.Scratch.Write("before.ndjson", Line + "\"old\"}"), "--run");
        lake.Ok("column", "keep", "attributes,source");
        string file = lake.Scratch["in.parquet"];
        DuckDb.Query($"copy (select timestamp '2024-12-16 10:01:00' as timestamp, 'p' || i as message_id, 'SENT' as event_type, i as n, null::varchar as none, {{'id': i}} as campaign from range(3) t(i)) to '{file}'", "select 1");
        lake.Ok("ingest", file, "--run");
        Assert.Contains("\"attributes\":{\"n\":1,\"campaign\":{\"id\":1}},\"source\":\"in.parquet\",\"source_offset\":2", Copy(lake, "p1"), StringComparison.Ordinal);
        lake.Ok("check", "--deep");
        foreach (string folder in (string[])["bronze", "silver"])
        {
            ExternalRows rows = DuckDb.Query($"select message_id, attributes, source, source_offset::varchar from read_parquet('{lake.Folder}/{folder}/**/*.parquet', union_by_name=true) order by message_id");
            Assert.Equal(4, rows.Rows.Count);
            Assert.Equal(JsonValueKind.Null, rows.Rows[0][1].ValueKind);
            Assert.Equal(["p1", "{\"n\":1,\"campaign\":{\"id\":1}}", "in.parquet", "2"], rows.Rows[2].Select(static cell => cell.GetString()));
        }
    }

    [Fact]
    public async Task Lists_and_maps_of_a_file_of_Parquet_Net_are_kept()
    {
        using var lake = new LakeUnderTest();
        string file = lake.Scratch["net.parquet"];
        await using (FileStream written = File.Create(file))
        {
            await ParquetSerializer.SerializeAsync(
                [
                    new Nested { message_id = "a", timestamp = DateTime.UnixEpoch, Tags = [1, null], Parts = [new Part { Name = "x", Sizes = [2, 3] }, new Part()], Props = new() { ["k"] = 1 } },
                    new Nested { message_id = "b", timestamp = DateTime.UnixEpoch, Tags = [] },
                    new Nested { message_id = "c", timestamp = DateTime.UnixEpoch },
                ],
                written);
        }

        lake.Ok("ingest", file, "--keep", "attributes");
        Assert.Contains("""
            "attributes":{"Tags":[1,null],"Parts":[{"Name":"x","Sizes":[2,3]},{"Name":null,"Sizes":null}],"Props":{"k":1}}
            """.Trim(), Copy(lake, "a"), StringComparison.Ordinal);
        Assert.Contains("\"attributes\":{\"Tags\":[]}", Copy(lake, "b"), StringComparison.Ordinal);
        Assert.DoesNotContain("Tags", Copy(lake, "c"), StringComparison.Ordinal);
    }

    private static string Copy(LakeUnderTest lake, string id) => lake.Ok("message", id, "--format", "ndjson").Output;

    private sealed class Part
    {
        public string? Name { get; set; }

        public List<int>? Sizes { get; set; }
    }

    [SuppressMessage("Style", "IDE1006:Naming Styles", Justification = "Columns are called so.")]
    [SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "Columns are called so.")]
    private sealed class Nested
    {
        public string? message_id { get; set; }

        public DateTime timestamp { get; set; }

        public List<int?>? Tags { get; set; }

        public List<Part>? Parts { get; set; }

        public Dictionary<string, int>? Props { get; set; }
    }
}
