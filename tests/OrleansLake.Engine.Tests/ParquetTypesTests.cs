using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansLake.Core.Mapping;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

/// <summary>
/// The table in docs/parquet-input.md: what becomes of every type that a column of a Parquet file can have, by ingest
/// and as a file of another program in bronze.
/// </summary>
public class ParquetTypesTests
{
    private const string Uuid = "460e5646-0012-42c8-a98e-0fd4e250b3fe";

    // What becomes of a value: itself as text, null, refused with the file, or rejected with its row.
    private const string Refused = "refused";
    private const string Rejected = "rejected";

    private static readonly string[] _columns = ["timestamp", "value", "event_type", "message_id", "channel", "country_id", "user_id"];

    // By type (how DuckDB makes it, and how it is called when it is refused): the outcome in the columns of numbers, in
    // value, in message_id, in event_type and channel, in timestamp.
    private static readonly (string Sql, string Name, string Number, string Value, string Id, string Text, string Timestamp)[] _duckDb =
    [
        ("7::tinyint", "INT8", "7", "7", "7", Refused, Refused),
        ("7::smallint", "INT16", "7", "7", "7", Refused, Refused),
        ("7::integer", "INT32", "7", "7", "7", Refused, Refused),
        ("-7::bigint", "INT64", "-7", "-7", "-7", Refused, Refused),
        ("7::utinyint", "UINT8", "7", "7", "7", Refused, Refused),
        ("7::usmallint", "UINT16", "7", "7", "7", Refused, Refused),
        ("7::uinteger", "UINT32", "7", "7", "7", Refused, Refused),
        ("4294967295::uinteger", "UINT32", Rejected, "4294967295", "4294967295", Refused, Refused),
        ("7::ubigint", "UINT64", "7", "7", "7", Refused, Refused),
        ("3000000000::bigint", "INT64", Rejected, "3000000000", "3000000000", Refused, Refused),
        ("18446744073709551615::ubigint", "UINT64", Rejected, "18446744073709551615", "18446744073709551615", Refused, Refused),
        ("7::decimal(4,0)", "DECIMAL(4,0)", "7", "7", "7", Refused, Refused),
        ("7::decimal(9,0)", "DECIMAL(9,0)", "7", "7", "7", Refused, Refused),
        ("-7::decimal(18,0)", "DECIMAL(18,0)", "-7", "-7", "-7", Refused, Refused),
        ("7::decimal(38,0)", "DECIMAL(38,0)", "7", "7", "7", Refused, Refused),
        ("99999999999999999999::decimal(38,0)", "DECIMAL(38,0)", Rejected, "99999999999999999999", "99999999999999999999", Refused, Refused),
        ("7::decimal(9,2)", "DECIMAL(9,2)", "7", "7.00", Refused, Refused, Refused),
        ("-0.5::decimal(9,2)", "DECIMAL(9,2)", Rejected, "-0.50", Refused, Refused, Refused),
        ("7::float", "FLOAT", "7", "7.0", Refused, Refused, Refused),
        ("0.1::float", "FLOAT", Rejected, "0.1", Refused, Refused, Refused),
        ("7::double", "DOUBLE", "7", "7.0", Refused, Refused, Refused),
        ("3e9::double", "DOUBLE", Rejected, "3000000000.0", Refused, Refused, Refused),
        ("1e21::double", "DOUBLE", Rejected, "1e+21", Refused, Refused, Refused),
        ("'nan'::double", "DOUBLE", Rejected, "NaN", Refused, Refused, Refused),
        ("true", "BOOLEAN", Refused, Refused, Refused, Refused, Refused),
        ("'7'", "STRING", Refused, "7", "7", "7", Rejected),
        ("'2024-12-16T10:00:00+02:00'", "STRING", Refused, "2024-12-16T10:00:00+02:00", "2024-12-16T10:00:00+02:00", "2024-12-16T10:00:00+02:00", "2024-12-16T08:00:00"),
        ("'SENT'::enum('SENT')", "STRING",Refused, "SENT", "SENT", "SENT", Rejected),
        ("'7'::json", "JSON", Refused, "7", "7", "7", Rejected),
        ("'7'::blob", "BYTE_ARRAY", Refused, "7", "7", "7", Rejected),
        ("'\\xFF'::blob", "BYTE_ARRAY", Refused, Rejected, Rejected, Rejected, Rejected),
        ($"'{Uuid.ToUpperInvariant()}'::uuid", "UUID", Refused, Uuid, Uuid, Refused, Refused),
        ("date '2024-12-16'", "DATE", Refused, Refused, Refused, Refused, "2024-12-15T23:00:00"),
        ("date '12024-12-16'", "DATE", Refused, Refused, Refused, Refused, Rejected),
        ("time '10:00:00'", "TIME(MICROS)", Refused, Refused, Refused, Refused, Refused),
        ("timestamp '2024-12-16 10:00:00'", "TIMESTAMP(MICROS, local)", Refused, Refused, Refused, Refused, "2024-12-16T09:00:00"),
        ("timestamp_s '2024-12-16 10:00:00'", "TIMESTAMP(MICROS, local)", Refused, Refused, Refused, Refused, "2024-12-16T09:00:00"),
        ("timestamp_ms '2024-12-16 10:00:00'", "TIMESTAMP(MILLIS, local)", Refused, Refused, Refused, Refused, "2024-12-16T09:00:00"),
        ("timestamp_ns '2024-12-16 10:00:00.123456789'", "TIMESTAMP(NANOS, local)", Refused, Refused, Refused, Refused, "2024-12-16T09:00:00.123456"),
        ("timestamptz '2024-12-16 10:00:00Z'", "TIMESTAMP(MICROS, UTC)", Refused, Refused, Refused, Refused, "2024-12-16T10:00:00"),
        ("interval 3 days", "INTERVAL", Refused, Refused, Refused, Refused, Refused),
        ("[1]", "LIST", Refused, Refused, Refused, Refused, Refused),
        ("{'a': 1}", "STRUCT", Refused, Refused, Refused, Refused, Refused),
        ("map {'a': 1}", "MAP", Refused, Refused, Refused, Refused, Refused),
        ("null", "INT32", "null", "null", Rejected, "null", Rejected),
        ("null::date", "DATE", "null", "null", Rejected, "null", Rejected),
        ("null::varchar", "STRING", "null", "null", Rejected, "null", Rejected),
    ];

    // The same of types that DuckDB does not write.
    private static readonly (string Schema, string Cell, string Name, string Number, string Value, string Id, string Text, string Timestamp)[] _declared =
    [
        ("""{"type":"BYTE_ARRAY","converted_type":"DECIMAL","precision":20,"scale":0}""", """{"big":"7"}""", "DECIMAL(20,0)", "7", "7", "7", Refused, Refused),
        ("""{"type":"BYTE_ARRAY","converted_type":"DECIMAL","precision":20,"scale":1}""", """{"big":"-200"}""", "DECIMAL(20,1)", "-20", "-20.0", Refused, Refused, Refused),
        ("""{"type":"FIXED_LEN_BYTE_ARRAY","type_length":5,"converted_type":"DECIMAL","precision":11,"scale":0}""", """{"big":"-7"}""", "DECIMAL(11,0)", "-7", "-7", "-7", Refused, Refused),
        ("""{"type":"FIXED_LEN_BYTE_ARRAY","type_length":2}""", """{"hex":"6869"}""", "FIXED_LEN_BYTE_ARRAY(2)", Refused, "hi", "hi", "hi", Rejected),
        ("""{"type":"BYTE_ARRAY","converted_type":"ENUM"}""", """{"hex":"6869"}""", "ENUM", Refused, "hi", "hi", "hi", Rejected),
        ("""{"type":"BYTE_ARRAY","converted_type":"BSON"}""", """{"hex":"6869"}""", "BSON", Refused, "hi", "hi", "hi", Rejected),
        ("""{"type":"FIXED_LEN_BYTE_ARRAY","type_length":2,"logical_type":{"type":"FLOAT16"}}""", "7.5", "FLOAT16", Rejected, "7.5", Refused, Refused, Refused),
        ("""{"type":"INT32","converted_type":"TIME_MILLIS"}""", "7", "TIME(MILLIS)", Refused, Refused, Refused, Refused, Refused),
        ("""{"type":"INT64","converted_type":"TIME_MICROS"}""", """{"big":"7"}""", "TIME(MICROS)", Refused, Refused, Refused, Refused, Refused),
        ("""{"type":"INT64","logical_type":{"type":"TIME","isAdjustedToUTC":true,"unit":"NANOS"}}""", """{"big":"7"}""", "TIME(NANOS)", Refused, Refused, Refused, Refused, Refused),
        ("""{"type":"INT64","converted_type":"TIMESTAMP_MILLIS"}""", """{"big":"1734343260000"}""", "TIMESTAMP(MILLIS, UTC)", Refused, Refused, Refused, Refused, "2024-12-16T10:01:00"),
        ("""{"type":"INT64","converted_type":"TIMESTAMP_MILLIS"}""", """{"big":"9223372036854775807"}""", "TIMESTAMP(MILLIS, UTC)", Refused, Refused, Refused, Refused, Rejected),
        ("""{"type":"INT64","converted_type":"TIMESTAMP_MICROS"}""", """{"big":"1734343260000000"}""", "TIMESTAMP(MICROS, UTC)", Refused, Refused, Refused, Refused, "2024-12-16T10:01:00"),
        ("""{"type":"INT64","logical_type":{"type":"TIMESTAMP","isAdjustedToUTC":true,"unit":"NANOS"}}""", """{"big":"-1"}""", "TIMESTAMP(NANOS, UTC)", Refused, Refused, Refused, Refused, "1969-12-31T23:59:59.999999"),
        ("""{"type":"FIXED_LEN_BYTE_ARRAY","type_length":12,"converted_type":"INTERVAL"}""", """{"hex":"000000000000000000000000"}""", "INTERVAL", Refused, Refused, Refused, Refused, Refused),
    ];

    public static TheoryData<string> Tools => new("duckdb", "hyparquet-writer");

    [ForeignTheory]
    [MemberData(nameof(Tools))]
    public async Task Every_type_is_taken_rightly_or_refused_by_column_and_type(string tool)
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { TimeZone = "Europe/Berlin" };
        List<Case> cases = Write(tool, lake.Scratch);
        var rejected = new HashSet<string>();
        await using (Lake open = await lake.OpenAsync())
        {
            foreach (Case one in cases)
            {
                IngestSummary summary = await open.IngestAsync(new IngestFile(one.File), LakeUnderTest.Plain);
                Assert.True(one.Outcome == Refused == (summary.UnreadableFiles.Count == 1), $"{one}: {string.Join(" ", summary.UnreadableFiles)}");
                if (one.Outcome == Refused)
                {
                    Assert.Contains($"column '{one.Column}' is {one.Type}", summary.UnreadableFiles[0], StringComparison.Ordinal);
                }

                if (summary.Rejected > 0)
                {
                    rejected.Add(one.Name);
                    Assert.Equal(1, Assert.Single(summary.FirstRejections.Values).Record);
                }
            }

            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        Assert.Equal(cases.Where(static one => one.Outcome == Rejected).Select(static one => one.Name).Order(StringComparer.Ordinal), rejected.Order(StringComparer.Ordinal));
        AssertSilver(lake, cases);
    }

    [ForeignTheory]
    [MemberData(nameof(Tools))]
    public async Task In_bronze_a_file_is_taken_whole_or_refused_whole_by_column_and_row(string tool)
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { TimeZone = "Europe/Berlin" };
        List<Case> cases = Write(tool, lake.Scratch);

        // Rows without an id or a time, and those of a date out of range, stay in silver.
        cases.RemoveAll(static one => one.Outcome == Rejected && (one.Sql.StartsWith("null", StringComparison.Ordinal) || one.Sql.StartsWith("date", StringComparison.Ordinal)));
        foreach (Case one in cases)
        {
            ExternalBronzeFile.Put(lake, $"{one.Name}.parquet", await File.ReadAllBytesAsync(one.File));
        }

        RunSummary summary = await lake.CatchUpAsync();
        foreach (Case one in cases)
        {
            string? reason = summary.UnreadableFiles.FirstOrDefault(text => text.Contains($"{one.Name}.parquet", StringComparison.Ordinal));
            Assert.True(one.Outcome is Refused or Rejected == reason is not null, $"{one}: {reason}");
            if (reason is not null)
            {
                Assert.Contains(one.Outcome == Refused ? $"column '{one.Column}' is {one.Type}" : $"column '{one.Column}', row 1: ", reason, StringComparison.Ordinal);
            }
        }

        AssertSilver(lake, cases);
        LakeUnderTest.AssertPasses(lake.Reader().Check());
    }

    [ForeignTheory]
    [MemberData(nameof(Tools))]
    public async Task Through_a_mapping_what_is_taken_or_rejected_is_so_as_well(string tool)
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { TimeZone = "Europe/Berlin" };
        bool isNested = tool == "duckdb";
        List<Case> cases = Write(tool, lake.Scratch, isNested);
        cases.RemoveAll(static one => one.Outcome == Refused);
        string fields = isNested ? string.Join(',', _columns.Select(static name => $"\"{name}\":\"outer.inner.{name}\"")) : "";
        Assert.True(MessageMapping.TryParse(Encoding.UTF8.GetBytes($"{{\"fields\":{{{fields}}}}}"), out MessageMapping? mapping, out string? error), error);
        var rejected = new HashSet<string>();
        await using (Lake open = await lake.OpenAsync())
        {
            foreach (Case one in cases)
            {
                IngestSummary summary = await open.IngestAsync(new IngestFile(one.File), LakeUnderTest.Plain with { Mapping = mapping });
                Assert.Empty(summary.UnreadableFiles);
                _ = summary.Rejected > 0 && rejected.Add(one.Name);
            }

            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        Assert.Equal(cases.Where(static one => one.Outcome == Rejected).Select(static one => one.Name).Order(StringComparer.Ordinal), rejected.Order(StringComparer.Ordinal));
        AssertSilver(lake, cases);
    }

    private static void AssertSilver(LakeUnderTest lake, List<Case> cases)
    {
        string columns = string.Join(", ", _columns.Select(static name => name == "timestamp" ? "strftime(timestamp at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%f') as timestamp" : $"{name}::varchar as {name}"));
        ExternalRows rows = DuckDb.Query("set TimeZone = 'UTC'", $"select {columns} from read_parquet({DuckDb.Text(lake["silver/*/data/**/*.parquet"])}, hive_partitioning = false)");
        Dictionary<string, JsonElement[]> byName = rows.Rows.ToDictionary(row => Text(row[3]) is { } id && id.StartsWith("case ", StringComparison.Ordinal) ? id : Text(row[1])!, static row => row.ToArray());
        Case[] taken = [.. cases.Where(static one => one.Outcome is not (Refused or Rejected))];
        foreach (Case one in taken)
        {
            Assert.True(byName.TryGetValue(one.Name, out JsonElement[]? row), $"{one} is not in silver");
            string found = Text(row[Array.IndexOf(_columns, one.Column)]) ?? "null";
            found = one.Column == "timestamp" ? found.Replace(".000000", "", StringComparison.Ordinal) : found;
            Assert.Equal($"{one.Name}: {one.Outcome}", $"{one.Name}: {found}");
        }

        Assert.Equal(taken.Length, byName.Count);
    }

    private static string? Text(JsonElement cell) => cell.ValueKind == JsonValueKind.Null ? null : cell.ToString();

    // A file for each type in each column, one row each; the row is known by its id, or by its value where the id is tried.
    private static List<Case> Write(string tool, ScratchFolder folder, bool isNested = false)
    {
        var cases = new List<Case>();
        var statements = new List<string>();
        var requests = new JsonArray();
        string Path(string name) => folder.Write($"files/{name}.parquet", "");
        if (tool == "duckdb")
        {
            foreach ((string sql, string type, string number, string value, string id, string text, string timestamp) in _duckDb)
            {
                foreach (string column in _columns)
                {
                    string name = $"case {cases.Count} {column}";
                    string file = Path(name);
                    IEnumerable<string> values = _columns.Select(other => other == column ? sql : Usual(other, name));
                    string select = isNested ? $"{{'inner': {{{string.Join(", ", values.Zip(_columns, static (value, other) => $"'{other}': {value}"))}}}}} as outer"
                        : string.Join(", ", values.Zip(_columns, static (value, other) => $"{value} as {other}"));
                    statements.Add($"copy (select {select}) to {DuckDb.Text(file)}");
                    cases.Add(new Case(name, column, type, Outcome(column, number, value, id, text, timestamp), file, sql));
                }
            }

            DuckDb.Query([.. statements]);
            return cases;
        }

        foreach ((string schema, string cell, string type, string number, string value, string id, string text, string timestamp) in _declared)
        {
            foreach (string column in _columns)
            {
                string name = $"case {cases.Count} {column}";
                string file = Path(name);
                requests.Add(new JsonObject
                {
                    ["file"] = file,
                    ["columns"] = new JsonArray([.. _columns.Where(other => other == column || other is "timestamp" or "message_id" or "value").Select(other => new JsonObject
                    {
                        ["name"] = other,
                        ["schema"] = JsonNode.Parse(other == column ? schema : other == "timestamp" ? """{"type":"INT64","converted_type":"TIMESTAMP_MICROS"}""" : """{"type":"BYTE_ARRAY","converted_type":"UTF8"}"""),
                        ["value"] = other == column ? JsonNode.Parse(cell) : other == "timestamp" ? JsonNode.Parse("""{"big":"0"}""") : JsonValue.Create(name),
                    })]),
                });
                cases.Add(new Case(name, column, type, Outcome(column, number, value, id, text, timestamp), file, schema));
            }
        }

        ForeignReaders.Ask("schemas.mjs", requests.ToJsonString());
        return cases;
    }

    private static string Usual(string column, string name) => column switch
    {
        "timestamp" => "timestamp '2024-12-16 10:01:00'",
        "message_id" or "value" => $"'{name}'",
        "country_id" or "user_id" => "1",
        _ => "'OPEN'",
    };

    private static string Outcome(string column, string number, string value, string id, string text, string timestamp) => column switch
    {
        "timestamp" => timestamp,
        "value" => value,
        "message_id" => id,
        "event_type" or "channel" => text,
        _ => number,
    };

    private sealed record Case(string Name, string Column, string Type, string Outcome, string File, string Sql);
}
