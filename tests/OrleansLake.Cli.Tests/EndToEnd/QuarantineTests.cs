using System.Text;
using System.Text.Json;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Tests what was rejected can be looked at in full, corrected, and sent again, once.</summary>
public class QuarantineTests
{
    private const string Good = """{"timestamp":"2024-12-16T12:01:05Z","value":"a","event_type":"SENT","message_id":"m1","channel":"SMS","country_id":2000,"user_id":1}""";
    private const string Bad = """{"timestamp":"2024-12-16T12:01:05Z","value":"a","event_type":"SENT","message_id":7.5,"channel":"SMS","country_id":2000,"user_id":1}""";

    [Fact]
    public void A_record_is_shown_byte_for_byte()
    {
        using var lake = new LakeUnderTest();
        byte[] raw = [0xFF, 0x00, 0x01, (byte)'x', (byte)'\t', 0xC3, 0x28];
        lake.Expect(1, "ingest", lake.Scratch.Write("input.ndjson", [.. Encoding.UTF8.GetBytes(Good), (byte)'\n', .. raw, (byte)'\n']), "--run");
        string id = Id(Assert.Single(Listed(lake)));
        Assert.Contains($"{id}  not_utf8  the line is not UTF-8", lake.Expect(1, "quarantine", "replay", id).Error, StringComparison.Ordinal);
        string copy = lake.Scratch["copy"];
        LakeUnderTest.Expect(0, lake.Call("quarantine", "show", id, "--raw") with { Through = ["sh", "-c", $"exec \"$@\" > '{copy}'", "sh"] });
        Assert.Equal(raw, File.ReadAllBytes(copy));
        string shown = lake.Ok("quarantine", "show", id, "--format", "table").Output;
        Assert.Contains("input.ndjson, record 2", shown, StringComparison.Ordinal);
        Assert.Contains("not_utf8", shown, StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String(raw), shown, StringComparison.Ordinal);
        Assert.Contains("rejected  20", shown, StringComparison.Ordinal);
        Assert.Contains("no rejected record 999.0", lake.Expect(1, "quarantine", "show", "999.0").Error, StringComparison.Ordinal);
        lake.Expect(2, "quarantine", "show", "nonsense");
    }

    [Fact]
    public void An_edited_list_is_sent_again_and_counts_once()
    {
        using var lake = new LakeUnderTest();
        string error = lake.Expect(1, "ingest", lake.Scratch.Write("input.ndjson", $"{Good}\n{Bad}\nno json\n"), "--run").Error;
        Assert.Contains("2 rejected records open in quarantine", error, StringComparison.Ordinal);
        Assert.Contains("2 rejected records open", lake.Ok("check").Error, StringComparison.Ordinal);
        string fixes = lake.Scratch.Write("fixes.ndjson", lake.Ok("quarantine", "list", "--format", "ndjson").Output.Replace("\\\"message_id\\\":7.5", "\\\"message_id\\\":\\\"m2\\\"", StringComparison.Ordinal));

        string first = lake.Expect(1, "quarantine", "replay", "--fix", fixes).Error;
        Assert.Contains("1 record replayed (1 message); 1 open in quarantine", first, StringComparison.Ordinal);
        Assert.Contains("not_readable", first, StringComparison.Ordinal);
        string again = lake.Expect(1, "quarantine", "replay", "--fix", fixes).Error;
        Assert.Contains("0 records replayed", again, StringComparison.Ordinal);
        Assert.Contains("1 were replayed before", again, StringComparison.Ordinal);

        Assert.Equal(new LedgerCounts(2, 2, 0, 2), lake.Ledger());
        Assert.Equal(["mended", "open"], Listed(lake).Select(record => record.GetProperty("state").GetString()));
        Assert.Single(lake.Ok("quarantine", "list", "--open", "--format", "ndjson").Lines);
        Assert.Contains("1 rejected record open", lake.CatchUp().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_record_is_mended_by_a_file_that_holds_nothing_else()
    {
        using var lake = new LakeUnderTest();
        lake.Expect(1, "ingest", lake.Scratch.Write("input.ndjson", $"{Bad}\n"), "--run");
        string id = Id(Assert.Single(Listed(lake)));
        string fix = lake.Scratch.Write("one.json", Good.Replace(",", ",\n  ", StringComparison.Ordinal));
        lake.Ok("quarantine", "replay", id, "--fix", fix);
        Assert.Equal(new LedgerCounts(1, 1, 0, 1), lake.Ledger());
        Assert.DoesNotContain("open", lake.Ok("check").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_names_no_record_is_reported_and_is_a_failure()
    {
        using var lake = new LakeUnderTest();
        lake.Expect(1, "ingest", lake.Scratch.Write("input.ndjson", Bad + "\n"), "--run");
        string id = Id(Assert.Single(Listed(lake)));
        Assert.All((string[])["77", "77.0..79.9", "3/1"], range => Assert.Contains("  there is no record in it", lake.Expect(1, "quarantine", "replay", range).Error, StringComparison.Ordinal));
        string fixes = lake.Scratch.Write("fixes.ndjson", $"{{\"id\":\"{id}\",\"message\":{Good}}}\n");
        Assert.Contains($"{id}  not_readable  the file of fixes has it, and it is not among the records that are named", lake.Expect(1, "quarantine", "replay", "77", "--fix", fixes).Error, StringComparison.Ordinal);
        string both = lake.Scratch.Write("both.ndjson", $"{{\"id\":\"{id}\",\"message\":{Good},\"messages\":[{Good}]}}\n");
        Assert.Contains("both.ndjson, line 1: it has both message and messages; give one of them", lake.Expect(1, "quarantine", "replay", "--fix", both).Error, StringComparison.Ordinal);
        string none = lake.Scratch.Write("none.ndjson", $"{{\"id\":\"{id}\",\"messages\":[]}}\n");
        Assert.Contains("no message takes its place; lake quarantine dismiss closes it", lake.Expect(1, "quarantine", "replay", "--fix", none).Error, StringComparison.Ordinal);
        lake.Ok("quarantine", "replay", "--fix", fixes);
    }

    [Fact]
    public void What_contradicts_itself_is_told_as_that()
    {
        using var lake = new LakeUnderTest();
        Assert.Contains("Give --reason or --undo, not both.", lake.Expect(2, "quarantine", "dismiss", "0.4", "--reason", "x", "--undo").Error, StringComparison.Ordinal);
        Assert.Contains("a range that ends before it begins", lake.Expect(2, "quarantine", "dismiss", "0.6..0.4", "--reason", "x").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"raw\":\"x\"}\n")]
    [InlineData("{\"id\":\"1.0\"}\n")]
    [InlineData("{\"id\":7,\"raw\":\"x\"}\n")]
    [InlineData("no json\n")]
    public void A_file_of_fixes_that_cannot_be_read_names_its_line_and_changes_nothing(string text)
    {
        using var lake = new LakeUnderTest();
        lake.Expect(1, "ingest", lake.Scratch.Write("input.ndjson", $"{Bad}\n"), "--run");
        Assert.Contains("fixes.ndjson, line ", lake.Expect(1, "quarantine", "replay", "--fix", lake.Scratch.Write("fixes.ndjson", text)).Error, StringComparison.Ordinal);
        Assert.Equal("open", Assert.Single(Listed(lake)).GetProperty("state").GetString());
        lake.Expect(5, "quarantine", "replay", "--fix", lake.Scratch["none.ndjson"]);
    }

    [Theory]
    [InlineData("FIRST\nSECOND\n")]
    [InlineData("[FIRST,\n SECOND]")]
    [InlineData("FIRSTSECOND")]
    [InlineData("{\"id\":\"ID\",\"messages\":[FIRST,SECOND]}\n")]
    [InlineData("{\"id\":\"ID\",\"message\":FIRST}\n{\"id\":\"ID\",\"message\":SECOND}\n")]
    public void A_record_becomes_several_messages_in_whatever_partition(string file)
    {
        using var lake = new LakeUnderTest();
        lake.Expect(1, "ingest", lake.Scratch.Write("input.ndjson", $"{{\"both\":[{Good},{Good}]}}\n"), "--partitions", "4", "--run");
        string id = Id(Assert.Single(Listed(lake)));
        string second = Good.Replace("\"m1\"", "\"m4\"", StringComparison.Ordinal);
        string fix = lake.Scratch.Write("fix", file.Replace("FIRST", Good, StringComparison.Ordinal).Replace("SECOND", second, StringComparison.Ordinal).Replace("ID", id, StringComparison.Ordinal));
        Assert.Contains("1 record replayed (2 messages); 0 open", lake.Ok("quarantine", "replay", id, "--fix", fix).Error, StringComparison.Ordinal);
        Assert.Contains("1 were replayed before", lake.Ok("quarantine", "replay", id, "--fix", fix).Error, StringComparison.Ordinal);
        Assert.Equal(new LedgerCounts(2, 2, 0, 2), lake.Ledger());
        lake.Ok("check", "--deep");
    }

    [Fact]
    public void One_message_of_several_that_is_not_valid_leaves_the_record_open()
    {
        using var lake = new LakeUnderTest();
        lake.Expect(1, "ingest", lake.Scratch.Write("input.ndjson", $"{Bad}\n"), "--partitions", "4", "--run");
        string id = Id(Assert.Single(Listed(lake)));
        string fix = lake.Scratch.Write("fix", $"[{Good},{Bad},{{}}]");
        Assert.Contains(id, lake.Expect(1, "quarantine", "replay", id, "--fix", fix).Error, StringComparison.Ordinal);
        Assert.Equal(new LedgerCounts(0, 0, 0, 0), lake.Ledger());
        Assert.Equal("open", Assert.Single(Listed(lake)).GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void A_dismissed_record_is_closed_with_its_reason_until_it_is_opened_again(string partitions)
    {
        using var lake = new LakeUnderTest();
        lake.Expect(1, "ingest", lake.Scratch.Write("input.ndjson", $"{Good}\n{Bad}\nnot json\nnot json either\n"), "--partitions", partitions, "--run");
        string[] ids = [.. Listed(lake).Select(Id)];
        Assert.Contains("1 record dismissed; 2 open", lake.Ok("quarantine", "dismiss", ids[1], "--reason", "half a line, \"cut\"").Error, StringComparison.Ordinal);
        Assert.Contains("was dismissed before", lake.Ok("quarantine", "dismiss", ids[1], "--reason", "again").Error, StringComparison.Ordinal);
        Assert.Contains("2 open, 0 replayed, 1 dismissed.", lake.Ok("quarantine", "list").Error, StringComparison.Ordinal);
        Assert.Contains("2 open, 0 replayed, 1 dismissed.", lake.Ok("quarantine", "list", "--open").Error, StringComparison.Ordinal);
        JsonElement dismissed = Listed(lake)[1];
        Assert.Equal(("dismissed", "half a line, \"cut\""), (dismissed.GetProperty("state").GetString(), dismissed.GetProperty("dismissed_because").GetString()));
        Assert.Equal(2, lake.Ok("quarantine", "list", "--open", "--format", "ndjson").Lines.Count);
        Assert.Contains("2 rejected records open", lake.Ok("check").Error, StringComparison.Ordinal);

        // It is left out of what is open, and a caller that names it is notified.
        Assert.DoesNotContain(ids[1], lake.Expect(1, "quarantine", "replay").Error, StringComparison.Ordinal);
        Assert.Contains("--undo", lake.Expect(1, "quarantine", "replay", ids[1]).Error, StringComparison.Ordinal);

        // A replay and another number of partitions keep it.
        lake.Ok("replay", "--yes");
        lake.Ok("repartition", "3");
        lake.Ok("check", "--deep");
        dismissed = Assert.Single(Listed(lake), record => record.GetProperty("state").GetString() == "dismissed");
        Assert.Equal("half a line, \"cut\"", dismissed.GetProperty("dismissed_because").GetString());

        Assert.Contains("1 record opened again; 3 open", lake.Ok("quarantine", "dismiss", Id(dismissed), "--undo").Error, StringComparison.Ordinal);
        Assert.Contains("3 records dismissed; 0 open", lake.Ok("quarantine", "dismiss", "--all", "--reason", "test data").Error, StringComparison.Ordinal);
        Assert.DoesNotContain("open", lake.Ok("check", "--deep").Error, StringComparison.Ordinal);
        Assert.Equal(new LedgerCounts(1, 1, 0, 1), lake.Ledger());
    }

    [Fact]
    public void What_cannot_be_dismissed_says_so()
    {
        using var lake = new LakeUnderTest();
        lake.Expect(1, "ingest", lake.Scratch.Write("input.ndjson", $"{Bad}\n"), "--run");
        string id = Id(Assert.Single(Listed(lake)));
        lake.Expect(2, "quarantine", "dismiss", id);
        lake.Expect(2, "quarantine", "dismiss", id, "--reason", " ");
        lake.Expect(2, "quarantine", "dismiss", "--reason", "x");
        lake.Expect(2, "quarantine", "dismiss", id, "--all", "--reason", "x");
        lake.Expect(2, "quarantine", "dismiss", id, "--undo", "--reason", "x");
        Assert.Contains("there is no such record", lake.Expect(1, "quarantine", "dismiss", "999.0", "--reason", "x").Error, StringComparison.Ordinal);
        Assert.Contains("no rejected records among those", lake.Expect(1, "quarantine", "dismiss", "999", "--reason", "x").Error, StringComparison.Ordinal);
        lake.Ok("quarantine", "replay", id, "--fix", lake.Scratch.Write("one.json", Good));
        Assert.Contains("was replayed", lake.Expect(1, "quarantine", "dismiss", id, "--reason", "x").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_of_many_lines_says_how_many()
    {
        using var lake = new LakeUnderTest();
        string rows = string.Concat(Enumerable.Range(0, 30).Select(i => $"2024-12-16T12:01:05Z,m{i}\n"));
        lake.Expect(1, "ingest", lake.Scratch.Write("input.csv", $"timestamp,message_id\n2024-12-16T12:01:05Z,\"m\n{rows}"), "--run");
        Assert.Equal(31, Assert.Single(Listed(lake)).GetProperty("lines").GetInt32());
        Assert.Contains("(31 lines)", lake.Ok("quarantine", "show", "--format", "table").Output, StringComparison.Ordinal);
    }

    private static string Id(JsonElement record) => record.GetProperty("id").GetString()!;

    private static JsonElement[] Listed(LakeUnderTest lake) =>
        [.. lake.Ok("quarantine", "list", "--format", "ndjson").Lines.Select(line => JsonDocument.Parse(line).RootElement)];
}
