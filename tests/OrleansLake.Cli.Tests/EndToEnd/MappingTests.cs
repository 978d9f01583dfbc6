using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansLake.TestSupport;
using Parquet.Serialization;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Golden's events with other names, nested and with other times, give golden's reports through a mapping.</summary>
public partial class MappingTests
{
    [GeneratedRegex("http://127\\.0\\.0\\.1:[1-9][0-9]*")]
    private static partial Regex Url();

    private const string Mapping = """
        {"fields": {
          "timestamp": {"from": "at", "format": "epoch-us"},
          "message_id": "payload.id",
          "value": "payload.body",
          "event_type": {"from": ["kind", "payload.kind"], "map": {"CREATED": "CREATED", "SENT": "SENT", "received": "RECEIVED", "OPEN": "OPEN", "CLICKED": "CLICKED", "NONE": "NONE"}, "otherwise": "keep"},
          "channel": {"from": "via", "map": {"text": "SMS", "mail": "EMAIL"}, "otherwise": "keep"},
          "country_id": "payload.to.country",
          "user_id": ["payload.to.user", "uid"]}}
        """;

    [Theory]
    [InlineData("events.ndjson", null)]
    [InlineData("events.json", null)]
    [InlineData("events.csv", null)]
    [InlineData("events.ndjson", "4")]
    public void Golden_s_events_of_another_shape_give_golden_s_reports(string name, string? partitions)
    {
        using var lake = new LakeUnderTest();
        string source = lake.Scratch.Write(name, Events(name));
        lake.Ok(["ingest", source, "--run", "--mapping", MappingFile(lake), .. partitions is null ? Array.Empty<string>() : ["--partitions", partitions]]);
        Assert.Equal(Golden.Ledger(), lake.Ledger());
        Assert.All((string[])["report1", "report2"], report => Assert.Equal(Golden.Report(report), lake.Report(report)));
        lake.Ok("check", "--deep");
    }

    [ForeignTheory]
    [InlineData("duckdb", null)]
    [InlineData("duckdb", "4")]
    [InlineData("parquet.net", null)]
    [InlineData("parquet.net", "4")]
    public async Task Golden_s_events_in_structs_of_Parquet_give_golden_s_reports(string writer, string? partitions)
    {
        using var lake = new LakeUnderTest();
        string source = lake.Scratch["events.parquet"];
        IReadOnlyList<NestedEvent> events = NestedEvent.OfGolden();
        if (writer == "duckdb")
        {
            string json = lake.Scratch.Write("events.ndjson", string.Concat(events.Select(static one => JsonSerializer.Serialize(one) + "\n")));
            DuckDb.Query($"copy (select * replace (make_timestamp(\"at\") as \"at\") from read_json({DuckDb.Text(json)}, format = 'newline_delimited')) to {DuckDb.Text(source)} (row_group_size 2048)");
        }
        else
        {
            await using FileStream file = File.Create(source);
            await ParquetSerializer.SerializeAsync(events, file);
        }

        lake.Ok(["ingest", source, "--run", "--mapping", MappingFile(lake), .. partitions is null ? Array.Empty<string>() : ["--partitions", partitions]]);
        Assert.Equal(Golden.Ledger(), lake.Ledger());
        Assert.All((string[])["report1", "report2"], report => Assert.Equal(Golden.Report(report), lake.Report(report)));
        Assert.Contains("was ingested before", lake.Ok("ingest", source).Error, StringComparison.Ordinal);
        lake.Ok("check", "--deep");
    }

    [Fact]
    public void A_name_that_no_mapping_has_creates_no_lake()
    {
        using var lake = new LakeUnderTest();
        string source = lake.Scratch.Write("a.ndjson", "{}\n");
        Assert.Contains("There is no file nmm, and no lake in ", lake.Expect(1, "ingest", source, "--mapping", "nmm").Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(lake.Folder));
    }

    [Fact]
    public void A_record_is_replayed_through_the_mapping_that_is_named()
    {
        using var lake = new LakeUnderTest();
        string Events(string known) => lake.Scratch.Write($"{known}.json", $$"""{"fields":{"timestamp":{"from":"ts","format":"epoch-s"},"message_id":"id","event_type":{"from":"ev","map":{"{{known}}":"OPEN"} } } }""");
        lake.CatchUp();
        lake.Ok("mapping", "set", "nm", Events("a"));
        lake.Expect(1, "ingest", lake.Scratch.Write("b.ndjson", "{\"ts\":1734343200,\"id\":\"q2\",\"ev\":\"b\"}\n"), "--mapping", "nm");
        Assert.Contains("mapping   nm", lake.Ok("quarantine", "show", "--format", "table").Output, StringComparison.Ordinal);
        Assert.Contains("\"mapping\":\"nm\"", lake.Ok("quarantine", "list", "--format", "ndjson").Output, StringComparison.Ordinal);
        Assert.Contains("which its map does not have; it has a", lake.Expect(1, "quarantine", "replay").Error, StringComparison.Ordinal);
        Assert.Contains("There is no mapping nmm; the lake has nm.", lake.Expect(1, "quarantine", "replay", "--mapping", "nmm").Error, StringComparison.Ordinal);
        Assert.Contains("1 record replayed (1 message)", lake.Ok("quarantine", "replay", "--mapping", Events("b")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_input_goes_through_the_lake_s_default_mapping()
    {
        using var lake = new LakeUnderTest();
        lake.CatchUp("--mapping", MappingFile(lake));
        LakeUnderTest.Expect(0, lake.Call("ingest", "-", "--run") with { Input = Events("events.ndjson") });
        Assert.Equal(Golden.Ledger(), lake.Ledger());
    }

    [Fact]
    public void A_lake_keeps_mappings_by_name()
    {
        using var lake = new LakeUnderTest();
        string file = MappingFile(lake);
        lake.CatchUp();
        lake.Ok("mapping", "set", "other", file);
        lake.Ok("mapping", "set", file);
        Assert.Equal(["default", "other"], lake.Ok("mapping", "list").Lines);
        Assert.Equal(Mapping + "\n", lake.Ok("mapping", "show", "other").Output);
        lake.Ok("mapping", "remove", "default");
        Assert.Equal(["other"], lake.Ok("mapping", "list").Lines);
        Assert.Contains("There is no mapping default.", lake.Expect(1, "mapping", "remove", "default").Error, StringComparison.Ordinal);
        string source = lake.Scratch.Write("one.ndjson", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Events("events.ndjson")).Split('\n')[0] + "\n"));
        Assert.Contains("missing_timestamp", lake.Expect(1, "ingest", source).Error, StringComparison.Ordinal);
        lake.Ok("ingest", source, "--again", "--mapping", "other");
        Assert.Contains("There is no mapping nope; the lake has other.", lake.Expect(1, "ingest", source, "--mapping", "nope").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_running_server_s_mappings_are_set_shown_and_removed()
    {
        using var lake = new LakeUnderTest();
        string file = MappingFile(lake);
        using LakeProcess server = LakeProcess.Start(lake.Call("serve", "--urls", "http://127.0.0.1:0"));
        server.WaitUntil(one => Url().IsMatch(one.ErrorSoFar), "listening");
        string url = Url().Match(server.ErrorSoFar).Value;
        Assert.Contains("name its server with --url", lake.Expect(4, "mapping", "set", file).Error, StringComparison.Ordinal);
        lake.Ok("mapping", "set", "other", file, "--url", url);
        Assert.Equal(["other"], lake.Ok("mapping", "list", "--url", url).Lines);
        Assert.Equal(Mapping + "\n", lake.Ok("mapping", "show", "other", "--url", url).Output);
        lake.Ok("mapping", "remove", "other", "--url", url);
        Assert.Contains("There is no mapping other.", lake.Expect(1, "mapping", "remove", "other", "--url", url).Error, StringComparison.Ordinal);
        server.Terminate();
        Assert.Equal(0, server.Wait().ExitCode);
    }

    [Fact]
    public void What_is_rejected_can_be_sent_again_through_another_mapping()
    {
        using var lake = new LakeUnderTest();
        string source = lake.Scratch.Write("one.ndjson", """{"at":"1734343260000000","payload":{"id":"m"},"kind":"bounce"}""" + "\n");
        string strict = lake.Scratch.Write("strict.json", Mapping.Replace(", \"otherwise\": \"keep\"", "", StringComparison.Ordinal));
        string error = lake.Expect(1, "ingest", source, "--mapping", strict).Error;
        Assert.Contains("event_type (from kind) is \"bounce\", which its map does not have; it has CREATED, SENT, received", error, StringComparison.Ordinal);
        lake.Expect(1, "quarantine", "replay");
        lake.Ok("mapping", "set", lake.Scratch.Write("kept.json", Mapping.Replace("\"NONE\": \"NONE\"}", "\"bounce\": \"BOUNCED\"}", StringComparison.Ordinal)));
        lake.Ok("quarantine", "replay");
        Assert.Equal("""{"date":"2024-12-16","channel":null,"BOUNCED":1,"total":1}""" + "\n", lake.Report("report1"));
    }

    [Fact]
    public void A_file_that_is_no_mapping_is_refused_before_anything_is_made()
    {
        using var lake = new LakeUnderTest();
        string wrong = lake.Scratch.Write("wrong.json", """{"fields": {"channel": {"from": "a", "constant": "b"}, "ts": "x"}}""");
        string source = lake.Scratch.Write("one.ndjson", "{}\n");
        Assert.All((string[][])[["ingest", source, "--mapping", wrong], ["run", "--until-caught-up", "--mapping", wrong], ["serve", "--mapping", wrong, "--urls", "http://127.0.0.1:0"]], command =>
            Assert.Contains(
                "wrong.json is not a mapping: fields.channel has both from and constant: give one of them; fields.ts: a message has no such field",
                lake.Expect(2, command).Error, StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(lake.Folder, "lake.json")));
    }

    [Fact]
    public void A_mapping_that_is_not_utf8_is_refused_and_not_kept()
    {
        using var lake = new LakeUnderTest();
        lake.CatchUp();
        string wrong = lake.Scratch.Write("wrong.json", Encoding.Latin1.GetBytes("{\"fields\":{\"channel\":{\"constant\":\"caf\u00e9\"}}}"));
        const string Said = "wrong.json is not a mapping: the text is not UTF-8, which is expected: byte 0xE9 at position 37 starts no character.";
        Assert.All((string[][])[["mapping", "set", wrong], ["mapping", "set", "one", wrong], ["ingest", wrong, "--mapping", wrong], ["mapping", "test", "--mapping", wrong, wrong]], command =>
            Assert.Contains(Said, lake.Expect(2, command).Error, StringComparison.Ordinal));
        Assert.Empty(lake.Ok("mapping", "list").Output.Trim());
    }

    [Fact]
    public void A_mapping_file_that_cannot_be_read_is_named_and_nothing_is_made()
    {
        using var lake = new LakeUnderTest();
        string gone = lake.Scratch["gone.json"];
        string folder = Path.GetDirectoryName(gone)!;
        Assert.All((string[][])[["run", "--until-caught-up"], ["serve", "--urls", "http://127.0.0.1:0"], ["validate"]], command =>
        {
            Assert.Contains($"The mapping file {gone} cannot be read: there is no such file; name another with --mapping", lake.Expect(5, [.. command, "--mapping", gone]).Error, StringComparison.Ordinal);
            Assert.Contains($"The mapping file {folder} cannot be read: it is a folder", lake.Expect(5, [.. command, "--mapping", folder]).Error, StringComparison.Ordinal);
        });
        Assert.Contains("is not a mapping: it is not JSON", lake.Expect(2, "validate", "--mapping", lake.Scratch.Write("bad.json", "{\"a\"")).Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(lake.Folder, "countries.csv")));
    }

    [Fact]
    public void Another_default_mapping_than_the_lake_has_is_refused()
    {
        using var lake = new LakeUnderTest();
        lake.CatchUp("--mapping", MappingFile(lake));
        lake.CatchUp("--mapping", MappingFile(lake));
        string other = lake.Scratch.Write("other.json", """{"fields": {}}""");
        Assert.Contains("The lake has another default mapping; `lake mapping set FILE` gives it this one.", lake.Expect(2, "run", "--until-caught-up", "--mapping", other).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trial_shows_records_before_and_after_and_stores_nothing()
    {
        using var lake = new LakeUnderTest();
        string source = lake.Scratch.Write("two.csv", "at,payload.id,kind\n1734343260000000,m1,SENT\nsoon,m2,SENT\n");
        LakeResult tried = lake.Expect(1, "mapping", "test", "--mapping", MappingFile(lake), source);
        Assert.Equal(
            ["< 1734343260000000,m1,SENT",
             """> {"timestamp":"2024-12-16T10:01:00.000000Z","value":null,"event_type":"SENT","message_id":"m1","channel":null,"country_id":null,"user_id":null}""",
             "< soon,m2,SENT",
             "! unreadable_timestamp: timestamp (from at) is \"soon\", but a timestamp written as epoch-us is expected"],
            tried.Lines);
        Assert.False(Directory.Exists(lake.Folder));
    }

    [Fact]
    public void A_trial_of_a_file_that_there_is_not_is_refused()
    {
        using var lake = new LakeUnderTest();
        string gone = lake.Scratch["gone.ndjson"];
        Assert.Contains($"{gone}: no such file.", lake.Expect(5, "mapping", "test", "--mapping", MappingFile(lake), gone).Error, StringComparison.Ordinal);
        Assert.Contains($"{gone}: no such file.", lake.Expect(5, "mapping", "infer", gone).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trial_shows_the_attributes_that_the_lake_keeps()
    {
        using var lake = new LakeUnderTest();
        string source = lake.Scratch.Write("one.ndjson", """{"at":1734343260000000,"payload":{"id":"m1","plan":"gold"},"kind":"SENT"}""" + "\n");
        lake.Ok("ingest", source, "--mapping", MappingFile(lake), "--keep", "attributes");
        Assert.EndsWith("""
            "user_id":null,"attributes":{"payload":{"plan":"gold"}}}
            """, lake.Ok("mapping", "test", source).Lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1734343260", "epoch-ms", "1970-01-21")]
    [InlineData("1734343260000", "epoch-us", "1970-01-21")]
    [InlineData("1734343260000", "epoch-ms", null)]
    [InlineData("1734343260", "epoch-s", null)]
    public void Times_that_are_read_in_too_small_a_unit_are_noted(string time, string format, string? date)
    {
        using var lake = new LakeUnderTest();
        string mapping = lake.Scratch.Write("mapping.json", $$$"""{"fields": {"timestamp": {"from": "at", "format": "{{{format}}}"} } }""");
        string source = lake.Scratch.Write("times.ndjson", $$$"""{"at":{{{time}}},"message_id":"m1"}""" + "\n");
        foreach (LakeResult result in (LakeResult[])[lake.Ok("mapping", "test", "--mapping", mapping, source), lake.Ok("ingest", source, "--mapping", mapping)])
        {
            Assert.Equal(
                date is not null,
                result.Error.Contains($"no time of times.ndjson is after {date}: as {format} its timestamps may be read in too small a unit; epoch-s counts seconds, epoch-ms milliseconds.", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("events.ndjson", "")]
    [InlineData("events.csv", "at,payload.id,kind,plan\n")]
    public void A_trial_notes_what_an_ingest_would_of_the_records_that_it_shows(string name, string header)
    {
        using var lake = new LakeUnderTest();
        string[] records = [.. Enumerable.Range(0, 3).Select(i => header.Length > 0 ? $"1734343260000000,m{i},SENT,gold\n" : $$$"""{"at":1734343260000000,"payload":{"id":"m{{{i}}}"},"kind":"SENT","plan":"gold"}""" + "\n")];
        string source = lake.Scratch.Write(name, header + string.Concat(records));
        string mapping = MappingFile(lake);
        string[] tried = Notes(lake.Ok("mapping", "test", "--mapping", mapping, source));
        Assert.Equal([$"{name}: 1 field is in no column: plan (3 values); keep them by lake column keep attributes."], tried.Skip(1));
        Assert.StartsWith("no ", tried[0], StringComparison.Ordinal);
        string[] first = Notes(lake.Ok("mapping", "test", "--mapping", mapping, source, "--count", "2"));
        Assert.Equal([tried[0].Replace(name, $"the first 2 records of {name}", StringComparison.Ordinal), $"the first 2 records of {name}: 1 field is in no column: plan (2 values); keep them by lake column keep attributes."], first);
        Assert.Equal(tried, Notes(lake.Ok("ingest", source, "--mapping", mapping)));

        static string[] Notes(LakeResult result) =>
            [.. result.Error.Split('\n').Select(static line => line.Trim()).Where(static line => line.StartsWith("note: ", StringComparison.Ordinal)).Select(static line => line["note: ".Length..])];
    }

    [Fact]
    public void A_trial_of_a_file_that_cannot_be_read_says_why()
    {
        using var lake = new LakeUnderTest();
        string samples = Path.Combine(Fixtures.Root, "samples", "webhooks");
        string[] command = ["mapping", "test", "--mapping", Path.Combine(samples, "twilio.json"), Path.Combine(samples, "twilio-callbacks.txt")];
        Assert.Contains("twilio-callbacks.txt: it is neither JSON nor a table", lake.Expect(1, command).Error, StringComparison.Ordinal);
        Assert.Equal(3, lake.Ok([.. command, "--format", "form"]).Lines.Count(line => line.StartsWith("> ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Golden_s_events_as_forms_one_a_line_give_golden_s_reports()
    {
        using var lake = new LakeUnderTest();
        string mapping = lake.Scratch.Write("forms.json", """{"fields": {"message_id": "id", "event_type": "kind", "user_id": "who", "value": {"from": "text", "map": {"": null}, "otherwise": "keep"}}}""");
        (string Own, string Form)[] names = [("timestamp", "timestamp"), ("message_id", "id"), ("event_type", "kind"), ("channel", "channel"), ("country_id", "country_id"), ("user_id", "who"), ("value", "text")];
        IEnumerable<string> lines = Golden.Events.Select(line => JsonNode.Parse(line)!).Select(from => string.Join('&', names
            .Where(name => from[name.Own] is not null).Select(name => $"{name.Form}={Uri.EscapeDataString(from[name.Own]!.ToString()).Replace("%20", "+", StringComparison.Ordinal)}")));
        string source = lake.Scratch.Write("events.txt", Encoding.UTF8.GetBytes($"{string.Join("\r\n", lines)}\n\nno form\nid=%zz\nid=caf%E9\nid=x&timestamp=soon"));
        LakeResult ingested = lake.Expect(1, "ingest", source, "--format", "form", "--mapping", mapping, "--run");
        Assert.Contains("4 records rejected", ingested.Error, StringComparison.Ordinal);
        Assert.Equal(
            [("not_readable", "no form"), ("not_readable", "id=%zz"), ("not_utf8", "id=caf%E9"), ("unreadable_timestamp", """{"id":"x","timestamp":"soon"}""")],
            lake.Ok("quarantine", "list").Lines.Select(line => JsonNode.Parse(line)!).Select(one => ((string)one["reason"]!, (string)one["raw"]!)));
        Assert.All((string[])["report1", "report2"], report => Assert.Equal(Golden.Report(report), lake.Report(report)));
        Assert.Contains("Skipped", lake.Ok("ingest", source, "--format", "form").Error, StringComparison.Ordinal);
        lake.Ok("check", "--deep");
    }

    [Theory]
    [InlineData("events.ndjson")]
    [InlineData("events.json")]
    [InlineData("events.csv")]
    public void A_proposal_takes_the_records_that_it_was_made_for_and_says_what_is_not_sure(string name)
    {
        using var lake = new LakeUnderTest();
        string source = lake.Scratch.Write(name, Events(name));
        LakeResult proposed = lake.Ok("mapping", "infer", source);
        Assert.Contains("timestamp: at is read as epoch-us by the size of its numbers: ", proposed.Error, StringComparison.Ordinal);
        Assert.Contains("Looked at 1,000 records: 1,000 messages would be taken.", proposed.Error, StringComparison.Ordinal);
        Assert.Equal(proposed.Output, LakeUnderTest.Expect(0, lake.Call("mapping", "infer", "other", "-", "--format", Path.GetExtension(name)[1..]) with { Input = Events(name) }).Output);
        string mapping = lake.Scratch.Write("proposed.json", proposed.Output);
        lake.Ok("ingest", source, "--run", "--mapping", mapping);
        Assert.Equal(Golden.Report("report2"), lake.Report("report2"));
        Assert.Contains("in place of the one that it has", lake.Ok("mapping", "infer", source).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proposal_for_what_has_no_fields_is_refused()
    {
        using var lake = new LakeUnderTest();
        Assert.Contains("none of its names looks like a field of a message (a, b)", lake.Expect(1, "mapping", "infer", lake.Scratch.Write("x.csv", "a,b\n1,2\n")).Error, StringComparison.Ordinal);
        Assert.Contains("there are no records in it", lake.Expect(1, "mapping", "infer", lake.Scratch.Write("e.json", "[]")).Error, StringComparison.Ordinal);
        Assert.Contains("It would be refused as it is: the header has no column message_id", lake.Expect(1, "mapping", "infer", lake.Scratch.Write("y.csv", "ts,b\n1734343260,2\n")).Error, StringComparison.Ordinal);
    }

    private static string MappingFile(LakeUnderTest lake) => lake.Scratch.Write("mapping.json", Mapping);

    // Some nested, some as JSON within a text, some with one name and some with the other.
    private static byte[] Events(string name)
    {
        var text = new StringBuilder(name.EndsWith(".csv", StringComparison.Ordinal) ? "at,kind,via,uid,payload\n" : "");
        for (int i = 0; i < Golden.Count; i++)
        {
            JsonNode from = JsonNode.Parse(Golden.Events[i])!;
            JsonNode? Copy(string field) => from[field]?.DeepClone();
            string? kind = (string?)from["event_type"] is "RECEIVED" ? "received" : (string?)from["event_type"];
            var payload = new JsonObject { ["id"] = Copy("message_id"), ["body"] = Copy("value"), ["to"] = new JsonObject { ["country"] = Copy("country_id"), ["user"] = i % 2 == 0 ? Copy("user_id") : null } };
            long at = (DateTimeOffset.Parse((string)from["timestamp"]!, CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            string? via = (string?)from["channel"] switch { "SMS" when i % 3 == 0 => "text", "EMAIL" => "mail", var channel => channel };
            if (name.EndsWith(".csv", StringComparison.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"{at},{Cell(kind)},{Cell(via)},{(i % 2 == 0 ? "" : from["user_id"])},{Cell(payload.ToJsonString())}\n");
                continue;
            }

            var record = new JsonObject { ["extra"] = new JsonObject { ["at"] = 1 }, ["at"] = at, ["payload"] = i % 5 == 0 ? payload.ToJsonString() : payload, ["via"] = via, ["uid"] = i % 2 == 0 ? null : Copy("user_id") };
            if (i % 4 == 0)
            {
                payload["kind"] = kind;
                record["payload"] = payload.Parent is null ? payload : record["payload"];
            }
            else
            {
                record["kind"] = kind;
            }

            text.Append(name.EndsWith(".json", StringComparison.Ordinal) ? i == 0 ? "[" : ",\n" : "").Append(record.ToJsonString()).Append(name.EndsWith(".json", StringComparison.Ordinal) ? "" : "\n");
        }

        return Encoding.UTF8.GetBytes(name.EndsWith(".json", StringComparison.Ordinal) ? text.Append(']').ToString() : text.ToString());
    }

    private static string Cell(string? text) => text is null ? "" : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    [Fact]
    public void A_trial_says_how_a_mapping_s_file_is_named_and_reads_clocks_of_the_lake_to_be()
    {
        using var lake = new LakeUnderTest();
        string mapping = lake.Scratch.Write("clock.json", "{\"fields\":{\"timestamp\":\"at\",\"message_id\":\"id\"}}");
        string source = lake.Scratch.Write("clock.ndjson", "{\"at\":\"2024-06-05 23:30:00\",\"id\":\"a\"}\n");
        Assert.Contains($"but there is such a file: lake mapping test --mapping {mapping} {source}", lake.Expect(2, "mapping", "test", mapping, source).Error, StringComparison.Ordinal);
        Assert.Contains("2024-06-06T03:30:00", lake.Ok("mapping", "test", "--mapping", mapping, source, "--time-zone", "America/New_York").Output, StringComparison.Ordinal);
        lake.Ok("ingest", source, "--mapping", mapping, "--time-zone", "America/New_York");
        Assert.Contains("2024-06-06T03:30:00", lake.Ok("mapping", "test", source).Output, StringComparison.Ordinal);
        Assert.Contains("the lake's time zone is America/New_York", lake.Expect(2, "mapping", "test", source, "--time-zone", "UTC").Error, StringComparison.Ordinal);
    }
}
