using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Ingest;
using OrleansLake.Engine.Input;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

/// <summary>Parquet files through a mapping: structs, JSON in text, what is refused, rejected and sent again.</summary>
public sealed class MappedParquetTests : IDisposable
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly LakeUnderTest _lake = new();

    [ForeignFact]
    public void Paths_lead_through_structs_and_on_into_json_in_text()
    {
        string file = Write("""select {'to': {'user': 7, 'uid': null::integer}} as payload, {'a.b': {'c': 'm'}} as "x.y", '{"k":[{"v":"deep"}]}' as js, true as flag""");
        TriedRecord one = Assert.Single(Try(file, """
            "timestamp":{"format":"receipt"},"message_id":"x.y.a.b.c","user_id":["payload.to.uid","payload.to.user"],"value":"js.k.0.v","event_type":{"from":"flag","map":{"true":"OPEN"}}
            """));
        Assert.Empty(one.Rejections);
        Assert.Equal(7, one.Messages.UserIds.Values[0]);
        Assert.Equal("deep", Encoding.UTF8.GetString(one.Messages.Values[0]));
        Assert.Equal("""{"payload":{"to":{"user":7,"uid":null}},"x.y":{"a.b":{"c":"m"}},"js":"{\"k\":[{\"v\":\"deep\"}]}","flag":true}""", Encoding.UTF8.GetString(one.Raw));
    }

    [ForeignTheory]
    [InlineData("tags.0", "column 'tags' is LIST, which a mapping does not read, but user_id is taken from tags.0: give user_id another path, or null.")]
    [InlineData("s.m.k", "column 'm' is MAP, which a mapping does not read, but user_id is taken from s.m.k")]
    [InlineData("gap", "column 'gap' is INTERVAL, which a mapping does not read, but user_id is taken from gap")]
    public async Task Lists_and_maps_that_the_mapping_names_are_refused_and_others_passed_over(string path, string fault)
    {
        string file = Write("select 'm' as id, timestamp '2024-12-16 10:01:00' as ts, [1] as tags, {'m': map {'k': 1}} as s, interval 3 days as gap");
        Assert.Contains(fault, Assert.Single((await IngestAsync(file, $"\"timestamp\":\"ts\",\"message_id\":\"id\",\"user_id\":\"{path}\"")).UnreadableFiles), StringComparison.Ordinal);
        IngestSummary others = await IngestAsync(file, "\"timestamp\":\"ts\",\"message_id\":\"id\"");
        Assert.Equal(1, others.Accepted);
        Assert.Equal(["tags", "s.m", "gap"], others.LeftOut.Keys);
    }

    [ForeignTheory]
    [InlineData("\"user_id\":[\"u\",\"payload.user\"]", """{"payload":{"user":7,"plan":"p"},"x.y":"dots","x":{"y":"nested","z":1},"js":"{\"k\":1,\"l\":2}"}|null""", "payload.user", 1)]
    [InlineData("\"user_id\":\"u\",\"value\":\"x.y\",\"country_id\":[\"js.k\",\"js.l\"]", """{"payload":{"user":7,"plan":"p"},"x":{"y":"nested","z":1},"js":{"l":2}}|null""", "js.l", 1)]
    [InlineData("\"value\":\"/x/y\"", """{"u":3,"payload":{"user":7,"plan":"p"},"x.y":"dots","x":{"z":1},"js":"{\"k\":1,\"l\":2}"}|null""", null, 0)]
    public async Task A_column_or_struct_of_which_no_field_takes_the_value_is_kept_or_counted(string fields, string kept, string? leftOut, long count)
    {
        fields = "\"timestamp\":\"ts\",\"message_id\":\"id\"," + fields;
        string file = Write("""
            select 'm' as id, timestamp '2024-12-16 10:01:00' as ts, 3 as u, {'user': 7, 'plan': 'p'} as payload, 'dots' as "x.y", {'y': 'nested', 'z': 1} as x, '{"k":1,"l":2}' as js
            union all select 'n', timestamp '2024-12-16 10:01:00', null, null, null, null, null
            """);
        using ParquetReader reader = ParquetReader.Open(File.OpenRead(file), file);
        MappedRowGroup rows = new MappedParquet(reader, file, new RecordRules(LakeTimeZone.Utc, null, Mapping(fields), TimeProvider.System) { Keep = KeptFields.Attributes }, Mapping(fields)).Open(0);
        var messages = new MessageBatch();
        rows.Read(0, 1, messages, []);
        rows.Read(1, 2, messages, []);
        Assert.Equal(kept, string.Join('|', Enumerable.Range(0, 2).Select(row => messages.Kept!.Attributes.IsNull(row) ? "null" : Encoding.UTF8.GetString(messages.Kept.Attributes[row]))));
        Assert.Equal(count, (await IngestAsync(file, fields)).LeftOut.GetValueOrDefault(leftOut ?? ""));
    }

    [ForeignFact]
    public async Task A_file_without_the_columns_is_refused_and_says_which_it_has()
    {
        string file = Write("select {'at': 1} as p, 'm' as id");
        Assert.Contains(
            "it has no column ts (for timestamp); it has: p.at, id.",
            Assert.Single((await IngestAsync(file, "\"timestamp\":\"ts\",\"message_id\":\"id\"")).UnreadableFiles), StringComparison.Ordinal);
    }

    [ForeignTheory]
    [InlineData("date '2024-12-16'", "2024-12-15T23:00:00.000000Z")]
    [InlineData("timestamp '2024-12-16 10:01:00'", "2024-12-16T09:01:00.000000Z")]
    [InlineData("timestamptz '2024-12-16 10:01:00Z'", "2024-12-16T10:01:00.000000Z")]
    [InlineData("timestamp_ns '2024-12-16 10:01:00.123456789'", "2024-12-16T09:01:00.123456Z")]
    [InlineData("1734343260000::bigint", "2024-12-16T10:01:00.000000Z")]
    [InlineData("'1734343260000'", "2024-12-16T10:01:00.000000Z")]
    [InlineData("1734343260000::double", "2024-12-16T10:01:00.000000Z")]
    public async Task A_typed_time_needs_no_format_and_what_is_rejected_beside_it_is_read_alike_when_it_is_sent_again(string sql, string expected)
    {
        _lake.Options = _lake.Options with { TimeZone = "Europe/Berlin" };
        string file = Write($"select {sql} as ts, 'm' as id, 'bounce' as kind");
        const string Fields = "\"timestamp\":{\"from\":\"ts\",\"format\":\"epoch-ms\"},\"message_id\":\"id\",\"event_type\":";
        IngestSummary summary = await IngestAsync(file, Fields + "{\"from\":\"kind\",\"map\":{\"open\":\"OPEN\"}}");
        Assert.Equal(1, summary.Rejected);
        await using (Lake open = await _lake.OpenAsync())
        {
            open.Mappings.Set(MessageMapping.DefaultName, Mapping(Fields + "{\"from\":\"kind\",\"map\":{\"bounce\":\"BOUNCED\"}}"));
            Assert.Equal(1, (await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Mapping = open.Mappings.Default })).Accepted);
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        Span<byte> text = stackalloc byte[TimestampText.FormatBytesMax];
        TriedRecord tried = Assert.Single(Try(file, Fields + "\"kind\"", _lake.Reader().TimeZone));
        Assert.Equal(expected, Encoding.ASCII.GetString(text[..TimestampText.FormatUtc(tried.Messages.Timestamps.Values[0], text)]));
        ExternalRows rows = DuckDb.Query("set TimeZone = 'UTC'", $"select epoch_us(timestamp)::varchar from read_parquet({DuckDb.Text(_lake["silver/*/data/**/*.parquet"])})");
        Assert.Equal(tried.Messages.Timestamps.Values[0].ToString(CultureInfo.InvariantCulture), rows.Rows[0][0].GetString());
    }

    [ForeignFact]
    public async Task Whole_numbers_with_a_fraction_are_whole_when_they_are_sent_again_and_a_list_or_a_map_left_out_is_one_value()
    {
        string file = Write("select 3.000::decimal(9,3) as id, 7.0::double as u, timestamp '2024-12-16 10:01:00' as ts, 'bounce' as kind, ['x','y','z'] as tags, map {'a': 1, 'b': 2} as props, 1 as n");
        const string Fields = "\"timestamp\":\"ts\",\"message_id\":\"id\",\"user_id\":\"u\",\"event_type\":";
        IngestSummary summary = await IngestAsync(file, Fields + "{\"from\":\"kind\",\"map\":{\"open\":\"OPEN\"}}");
        Assert.Equal(1, summary.Rejected);
        Assert.Equal([("n", 1L), ("props", 1L), ("tags", 1L)], summary.LeftOut.Select(static one => (one.Key, one.Value)).Order());
        await using Lake open = await _lake.OpenAsync();
        Assert.Equal(1, (await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Mapping = Mapping(Fields + "\"kind\"") })).Accepted);
        await open.RunAsync(LakeUnderTest.CaughtUp);
        Assert.Equal(["'bounce' '3' 7"], SilverRows.Read(_lake.Path).Select(static row => row.Split('|')).Select(static row => $"{row[4]} {row[5]} {row[8]}"));
    }

    [ForeignFact]
    public async Task Bytes_that_are_not_text_hinder_no_row_that_does_not_need_them()
    {
        string file = Write("select 'm' || i as id, timestamp '2024-12-16 10:01:00' as ts, '\\xFF'::blob as picture, 'bounce' as kind from range(2) t(i)");
        const string Fields = "\"timestamp\":\"ts\",\"message_id\":\"id\",\"value\":";
        Assert.Equal(2, (await IngestAsync(file, Fields + "\"picture\"")).Rejected);
        Assert.Equal("""{"id":"m0","ts":"2024-12-16T10:01:00.000000","picture":{"base64":"/w=="},"kind":"bounce"}""", Encoding.UTF8.GetString(_lake.Reader().Quarantine().First().Rejection.Raw));
        await using Lake open = await _lake.OpenAsync();
        open.Mappings.Set(MessageMapping.DefaultName, Mapping(Fields + "\"picture\""));
        Assert.Equal(0, (await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Mapping = open.Mappings.Default })).Accepted);
        open.Mappings.Set(MessageMapping.DefaultName, Mapping(Fields + "null"));
        Assert.Equal(2, (await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Mapping = open.Mappings.Default })).Accepted);
    }

    [ForeignFact]
    public async Task A_folder_s_columns_are_in_its_path_too()
    {
        string folder = _lake.Scratch["events"];
        Directory.CreateDirectory(Path.Combine(folder, "via=SMS"));
        DuckDb.Query($"copy (select 'm' as id, timestamp '2024-12-16 10:01:00' as ts) to {DuckDb.Text(Path.Combine(folder, "via=SMS", "a.parquet"))}");
        await using (Lake open = await _lake.OpenAsync())
        {
            IngestSummary summary = await open.IngestAsync(new IngestFolder(folder), LakeUnderTest.Plain with { Mapping = Mapping("\"timestamp\":\"ts\",\"message_id\":\"id\",\"channel\":\"via\",\"event_type\":{\"constant\":\"OPEN\"}") });
            Assert.Equal(1, summary.Accepted);
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        Assert.Contains("\"channel\":\"SMS\"", LakeUnderTest.Ndjson(_lake.Reader().Report("report1")), StringComparison.Ordinal);
    }

    [ForeignFact]
    public void A_proposal_is_the_same_for_a_file_and_a_pipe_and_takes_typed_times_and_whole_numbers()
    {
        string file = Write("select timestamp '2024-12-16 10:01:00' as ts, {'id': 'm' || i, 'user': {'id': i::double}} as payload, 'delivered' as status, [1] as tags from range(9) t(i)");
        MappingProposal Propose(Stream source) => MappingProposal.Read(source, file, LakeTimeZone.Utc, null, null, null, 5);
        using FileStream opened = File.OpenRead(file);
        MappingProposal proposal = Propose(opened);
        Assert.Equal(
            """
            {"fields": {
              "timestamp": "ts",
              "value": null,
              "event_type": {"from": "status", "map": {"delivered": "RECEIVED"}, "otherwise": "keep"},
              "message_id": "payload.id",
              "channel": null,
              "country_id": null,
              "user_id": "payload.user.id"
            }}

            """, proposal.Text);
        Assert.Equal((5, 5, 0), (proposal.Records, proposal.Taken, proposal.Rejections.Count));
        Assert.Equal(proposal.Text, Propose(new MemoryStream(File.ReadAllBytes(file))).Text);
    }

    [ForeignFact]
    public void Random_structs_become_what_json_of_the_same_rows_becomes()
    {
        const int Files = 40;
        var statements = new List<string>();
        var tried = new List<(string Parquet, string Json, string Mapping)>();
        for (int seed = 0; seed < Files; seed++)
        {
            var random = new Random(seed);
            (string Name, string Type)[] columns = [.. Enumerable.Range(0, 5).Select(i => ($"c{i}", Type(random, 3)))];
            string json = _lake.Scratch.Write($"{seed}.ndjson", string.Concat(Enumerable.Range(0, 50).Select(_ => Row(random, columns) + "\n")));
            string parquet = _lake.Scratch[$"{seed}.parquet"];
            string types = string.Join(", ", columns.Select(static column => $"{column.Name}: '{column.Type}'"));
            statements.Add($"copy (select * from read_json({DuckDb.Text(json)}, format = 'newline_delimited', columns = {{{types}}})) to {DuckDb.Text(parquet)} (parquet_version {(seed % 2 == 0 ? "v1" : "v2")})");
            string fields = string.Join(',', MessageSchema.Columns.Select(column => $"\"{column.Name}\":{{\"from\":[{PathIn(random, columns)},{PathIn(random, columns)}]{(column == MessageSchema.Timestamp ? ",\"format\":[\"epoch-ms\",\"rfc3339\"],\"default\":\"2024-01-01T00:00:00Z\"" : column == MessageSchema.MessageId ? ",\"default\":\"m\"" : random.Next(3) > 0 ? ",\"map\":{\"1\":\"2\",\"12\":\"3\",\"true\":\"4\"},\"otherwise\":\"null\"" : "")}}}"));
            tried.Add((parquet, json, fields));
        }

        DuckDb.Query([.. statements]);
        (int taken, int rejected) = (0, 0);
        foreach ((string parquet, string json, string fields) in tried)
        {
            string[] ofParquet;
            try
            {
                ofParquet = [.. Try(parquet, fields).Select(Shown)];
            }
            catch (ParquetException)
            {
                Assert.All(Try(json, fields), static one => Assert.Single(one.Rejections));
                continue;
            }

            Assert.Equal(string.Join('\n', Try(json, fields).Select(Shown)), string.Join('\n', ofParquet));
            taken += ofParquet.Count(static one => !one.StartsWith('!'));
            rejected += ofParquet.Count(static one => one.StartsWith('!'));
        }

        Assert.True(taken > 300 && rejected > 300, $"{taken} taken, {rejected} rejected");
    }

    public void Dispose() => _lake.Dispose();

    private static MessageMapping Mapping(string fields) =>
        MessageMapping.TryParse(Encoding.UTF8.GetBytes($"{{\"fields\":{{{fields}}}}}"), out MessageMapping? mapping, out string? error) ? mapping : throw new ArgumentException(error);

    private string Write(string select)
    {
        string file = _lake.Scratch["one.parquet"];
        DuckDb.Query($"copy ({select}) to {DuckDb.Text(file)}");
        return file;
    }

    private async Task<IngestSummary> IngestAsync(string file, string fields)
    {
        await using Lake open = await _lake.OpenAsync();
        return await open.IngestAsync(new IngestFile(file), LakeUnderTest.Plain with { Mapping = Mapping(fields) });
    }

    private static List<TriedRecord> Try(string file, string fields, LakeTimeZone? zone = null)
    {
        using FileStream source = File.OpenRead(file);
        return [.. MappingTrial.Read(source, file, zone ?? LakeTimeZone.Utc, new IngestOptions { Mapping = Mapping(fields) })];
    }

    private static string Shown(TriedRecord record)
    {
        if (record.Rejections is [var rejection])
        {
            return $"!{record.Number} {rejection.Reason}: {rejection.Detail}";
        }

        MessageBatch batch = record.Messages;
        byte[] id = new byte[batch.MessageIds.TextLength(0)];
        batch.MessageIds.CopyText(0, id);
        return $"{record.Number} {batch.Timestamps.Values[0]} {Encoding.UTF8.GetString(id)} {(batch.Values.IsNull(0) ? "null" : Encoding.UTF8.GetString(batch.Values[0]))} "
            + $"{(batch.EventTypes.IsNull(0) ? "null" : Encoding.UTF8.GetString(batch.EventTypes[0]))} {(batch.Channels.IsNull(0) ? "null" : Encoding.UTF8.GetString(batch.Channels[0]))} "
            + $"{(batch.CountryIds.IsNull(0) ? "null" : batch.CountryIds.Values[0])} {(batch.UserIds.IsNull(0) ? "null" : batch.UserIds.Values[0])}";
    }

    private static string Type(Random random, int depth) => random.Next(depth > 0 ? 6 : 4) switch
    {
        0 => "BIGINT",
        1 => "INTEGER",
        2 => "BOOLEAN",
        3 => "VARCHAR",
        _ => $"STRUCT({string.Join(", ", Enumerable.Range(0, random.Next(1, 4)).Select(i => $"f{i} {Type(random, depth - 1)}"))})",
    };

    private static string Row(Random random, (string Name, string Type)[] columns) =>
        new JsonObject(columns.Select(column => KeyValuePair.Create(column.Name, Value(random, column.Type)))).ToJsonString(Relaxed);

    private static JsonNode? Value(Random random, string type)
    {
        if (random.Next(4) == 0)
        {
            return null;
        }

        if (type.StartsWith("STRUCT", StringComparison.Ordinal))
        {
            return new JsonObject(Fields(type).Select(field => KeyValuePair.Create(field.Name, Value(random, field.Type))));
        }

        return type switch
        {
            "BIGINT" => 1734343260000L + random.Next(1000),
            "INTEGER" => random.Next(3) - 1,
            "BOOLEAN" => random.Next(2) == 0,
            _ => random.Next(5) switch { 0 => "", 1 => "2024-12-16T10:01:00Z", 2 => "é\u0001\"x", 3 => "12", _ => "{\"f0\":{\"f1\":5},\"f1\":\"t\"}" },
        };
    }

    // STRUCT(f0 BIGINT, f1 STRUCT(f0 VARCHAR)): the fields at the first level.
    private static List<(string Name, string Type)> Fields(string type)
    {
        var fields = new List<(string, string)>();
        int depth = 0;
        int start = "STRUCT(".Length;
        for (int i = start; i < type.Length; i++)
        {
            depth += type[i] == '(' ? 1 : type[i] == ')' ? -1 : 0;
            if ((type[i] == ',' && depth == 0) || i == type.Length - 1)
            {
                string field = type[start..i].Trim();
                fields.Add((field[..2], field[3..]));
                start = i + 1;
            }
        }

        return fields;
    }

    private static string PathIn(Random random, (string Name, string Type)[] columns)
    {
        (string name, string type) = columns[random.Next(columns.Length)];
        while (random.Next(5) > 0)
        {
            if (type.StartsWith("STRUCT", StringComparison.Ordinal))
            {
                List<(string Name, string Type)> fields = Fields(type);
                (string next, type) = fields[random.Next(fields.Count)];
                name += "." + next;
            }
            else if (type == "VARCHAR" && random.Next(3) == 0)
            {
                name += random.Next(2) == 0 ? ".f0" : ".f1";
                type = "VARCHAR";
            }
            else
            {
                break;
            }
        }

        return $"\"{name}\"";
    }
}
