using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Input;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

/// <summary>Lists, maps and structs of Parquet files are kept as the JSON that DuckDB makes of them.</summary>
public sealed class NestedParquetTests : IDisposable
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly LakeUnderTest _lake = new();

    [ForeignTheory]
    [InlineData("[1, null, 3]", "[1,null,3]")]
    [InlineData("[]::integer[]", "[]")]
    [InlineData("[[1], [], null, [2, null]]", "[[1],[],null,[2,null]]")]
    [InlineData("[{'a': 1, 'b': ['x', null]}, null, {'a': null, 'b': null}]", """[{"a":1,"b":["x",null]},null,{"a":null,"b":null}]""")]
    [InlineData("{'l': null::integer[], 's': {'m': map {'k': [true]}}}", """{"l":null,"s":{"m":{"k":[true]}}}""")]
    [InlineData("map {'a': 1, 'ü \"': null}", """{"a":1,"ü \"":null}""")]
    [InlineData("map {2: 'x', 1: null}", """[{"key":2,"value":"x"},{"key":1,"value":null}]""")]
    [InlineData("map {'\\xFF'::blob: 1}", """[{"key":{"base64":"/w=="},"value":1}]""")]
    [InlineData("[date '2024-12-16']", """["2024-12-16"]""")]
    [InlineData("[1.50::decimal(9,2), 2]", "[1.50,2.00]")]
    [InlineData("null::integer[]", null)]
    [InlineData("null::map(varchar, integer)", null)]
    [InlineData("null::struct(a integer[])", null)]
    public void A_value_is_kept_as_json(string sql, string? json)
    {
        string file = _lake.Scratch["one.parquet"];
        foreach (string version in (string[])["v1", "v2"])
        {
            DuckDb.Query($"copy (select 'm' as message_id, timestamp '2024-12-16 10:01:00' as timestamp, {sql} as x union all by name select 'n' as message_id, timestamp '2024-12-16 10:01:00' as timestamp) to {DuckDb.Text(file)} (parquet_version {version})");
            Assert.Equal([json is null ? null : $$"""{"x":{{json}}}""", null], Attributes(file));
        }
    }

    [ForeignFact]
    public void Random_lists_maps_and_structs_are_what_duckdb_makes_of_them()
    {
        for (int seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            (string Name, string Type)[] columns = [.. Enumerable.Range(0, 4).Select(i => ($"c{i}", Type(random, 4)))];
            string json = _lake.Scratch.Write("rows.ndjson", string.Concat(Enumerable.Range(0, 3000).Select(_ => new JsonObject(columns.Select(column => KeyValuePair.Create(column.Name, Value(random, column.Type)))).ToJsonString(Relaxed) + "\n")));
            string file = _lake.Scratch["rows.parquet"];
            string types = string.Join(", ", columns.Select(static column => $"{column.Name}: '{column.Type}'"));
            ExternalRows expected = DuckDb.Query(
                $"create table t as select 'm' as message_id, timestamp '2024-12-16 10:01:00' as timestamp, * from read_json({DuckDb.Text(json)}, format = 'newline_delimited', columns = {{{types}}})",
                $"copy t to {DuckDb.Text(file)} (parquet_version {(seed % 2 == 0 ? "v1" : "v2")}, row_group_size 2048)",
                $"select {string.Join(", ", columns.Select(static column => $"to_json({column.Name})::varchar"))} from read_parquet({DuckDb.Text(file)})");
            List<string?> kept = Attributes(file);
            Assert.Equal(expected.Rows.Count, kept.Count);
            for (int row = 0; row < kept.Count; row++)
            {
                var values = new JsonObject(columns.Select((column, i) => KeyValuePair.Create(column.Name, expected.Rows[row][i].GetString() is { } text ? JsonNode.Parse(text) : null)).Where(static one => one.Value is not null));
                Assert.True(JsonNode.DeepEquals(values, kept[row] is null ? new JsonObject() : JsonNode.Parse(kept[row]!)), $"seed {seed}, row {row}: {values.ToJsonString()} {kept[row]}");
            }
        }
    }

    [ForeignFact]
    public async Task What_is_not_kept_is_counted_in_rows_where_it_is_not_null()
    {
        string file = _lake.Scratch["rows.parquet"];
        DuckDb.Query($"copy (select 'm' || i as message_id, timestamp '2024-12-16 10:01:00' as timestamp, null::integer[] as nothing, case when i % 2 = 0 then [i, i, null] end as tags, case when i = 0 then []::varchar[] end as empties, {{'m': case when i < 3 then map {{'a': 1, 'b': null}} end, 'n': 5}} as s, case when i = 4 then [interval 3 days] end as gaps from range(10) t(i)) to {DuckDb.Text(file)}");
        IngestSummary summary;
        await using (Lake open = await _lake.OpenAsync())
        {
            summary = await open.IngestAsync(new IngestFile(file), LakeUnderTest.Plain);
        }

        Assert.Equal([("empties", 1L), ("gaps", 1L), ("s.m", 3L), ("s.n", 10L), ("tags", 5L)], summary.LeftOut.Select(static one => (one.Key, one.Value)).Order());
        using ParquetReader reader = ParquetReader.Open(file);
        Assert.Equal([("gaps", 1L)], LeftOutColumns.Of(reader, static name => name is "message_id" or "timestamp", KeptFields.Attributes)!.Select(static one => (one.Key, one.Value)));
    }

    [ForeignFact]
    public void A_damaged_file_is_read_or_refused_in_words()
    {
        string file = _lake.Scratch["rows.parquet"];
        DuckDb.Query($"copy (select 'm' || i as message_id, timestamp '2024-12-16 10:01:00' as timestamp, case when i % 3 > 0 then [[i, null], []] end as l, map {{'k' || i: [{{'a': i}}]}} as m from range(50) t(i)) to {DuckDb.Text(file)} (compression uncompressed)");
        byte[] whole = File.ReadAllBytes(file);
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] damaged = [.. whole];
            damaged[random.Next(4, whole.Length - 8)] = (byte)random.Next(256);
            File.WriteAllBytes(file, damaged);
            try
            {
                Attributes(file);
                using ParquetReader reader = ParquetReader.Open(file);
                LeftOutColumns.Of(reader, static _ => false, KeptFields.None);
            }
            catch (ParquetException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 20, 399);
    }

    public void Dispose() => _lake.Dispose();

    private static List<string?> Attributes(string file)
    {
        using ParquetReader reader = ParquetReader.Open(file);
        var parquet = new MappedParquet(reader, "rows.parquet", new RecordRules(LakeTimeZone.Utc, null, null, TimeProvider.System) { Keep = KeptFields.Attributes }, MessageMapping.None);
        var messages = new MessageBatch();
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            MappedRowGroup rows = parquet.Open(group);
            for (int row = 0; row < reader.RowCountOf(group); row++)
            {
                rows.Read(row, row + 1, messages, []);
            }
        }

        return [.. Enumerable.Range(0, messages.Count).Select(row => messages.Kept!.Attributes.IsNull(row) ? null : Encoding.UTF8.GetString(messages.Kept.Attributes[row]))];
    }

    private static string Type(Random random, int depth) => random.Next(depth > 0 ? 9 : 3) switch
    {
        0 => "BIGINT",
        1 => "BOOLEAN",
        2 => "VARCHAR",
        3 or 4 => $"{Type(random, depth - 1)}[]",
        5 or 6 => $"MAP(VARCHAR, {Type(random, depth - 1)})",
        _ => $"STRUCT({string.Join(", ", Enumerable.Range(0, random.Next(1, 4)).Select(i => $"f{i} {Type(random, depth - 1)}"))})",
    };

    private static JsonNode? Value(Random random, string type)
    {
        if (random.Next(4) == 0)
        {
            return null;
        }

        if (type.EndsWith("[]", StringComparison.Ordinal))
        {
            return new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, type[..^2]))]);
        }

        if (type.StartsWith("MAP(VARCHAR, ", StringComparison.Ordinal))
        {
            return new JsonObject(Enumerable.Range(0, random.Next(4)).Select(i => KeyValuePair.Create($"k{i}", Value(random, type[13..^1]))));
        }

        return type switch
        {
            "BIGINT" => random.NextInt64(long.MinValue, long.MaxValue),
            "BOOLEAN" => random.Next(2) == 0,
            "VARCHAR" => random.Next(3) == 0 ? "" : $"t{random.Next(5)} ü\"",
            _ => new JsonObject(Fields(type).Select(field => KeyValuePair.Create(field.Name, Value(random, field.Type)))),
        };
    }

    // The fields of STRUCT(f0 T, f1 T), whose types may have commas themselves.
    private static List<(string Name, string Type)> Fields(string type)
    {
        var fields = new List<(string, string)>();
        int depth = 0;
        int start = 7;
        for (int at = start; at < type.Length; at++)
        {
            depth += type[at] == '(' ? 1 : type[at] == ')' ? -1 : 0;
            if (depth < 0 || (depth == 0 && type[at] == ','))
            {
                string[] parts = type[start..at].Trim().Split(' ', 2);
                fields.Add((parts[0], parts[1]));
                start = at + 1;
            }
        }

        return fields;
    }
}
