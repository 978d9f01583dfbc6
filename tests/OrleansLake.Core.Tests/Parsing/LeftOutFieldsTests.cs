using System.Text;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Tests.Parsing;

/// <summary>Fields that no column takes are named and counted, of records that are messages.</summary>
public class LeftOutFieldsTests
{
    private const string Id = """{"timestamp":"2024-11-01T12:53:13Z","message_id":"a","event_type":"OPEN","channel":"EMAIL","user_id":1035""";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Names_and_values_are_the_same_by_either_reader(bool takesShortcuts)
    {
        var parser = new NdjsonParser(LakeTimeZone.Utc) { TakesShortcuts = takesShortcuts };
        Parse(parser, Id + ""","plan":"gold","x":1}""", Id + ""","x":2,"plan":null}""", Id + ""","x":true,"new":"n"}""", Id + "}", """{"message_id":"b","lost":5,"x":1}""");
        Assert.Equal([("plan", 1), ("x", 3), ("new", 1)], Counts(parser.TakeLeftOut()));
        Assert.Null(parser.TakeLeftOut());
        Parse(parser, Id + ""","x":4}""");
        Assert.Equal([("x", 1)], Counts(parser.TakeLeftOut()));
    }

    [Fact]
    public void Fields_of_objects_that_share_a_line_are_counted_once()
    {
        var batch = new MessageBatch();
        var parser = new NdjsonParser(LakeTimeZone.Utc);
        const string Message = "{\"timestamp\":\"2024-12-16T10:00:00Z\",\"message_id\":\"a\",\"plan\":1}";
        parser.Parse(Encoding.UTF8.GetBytes($"{Message} {Message}\n"), 1, 0, batch, []);
        Assert.Equal(2, batch.Count);
        Assert.Equal([("plan", 2)], Counts(parser.TakeLeftOut()));
    }

    [Fact]
    public void Nested_fields_are_named_by_their_paths_and_arrays_as_one()
    {
        var parser = new NdjsonParser(LakeTimeZone.Utc);
        Parse(parser, Id + ""","campaign":{"id":5,"tags":["a",{"b":1}],"none":null,"deep":{"er":"\u0041"}},"empty":{},"\u0070lan":1}""");
        Assert.Equal([("campaign.id", 1), ("campaign.tags", 1), ("campaign.deep.er", 1), ("empty", 1), ("plan", 1)], Counts(parser.TakeLeftOut()));
    }

    [Fact]
    public void Under_a_mapping_they_are_what_no_path_uses()
    {
        Assert.True(MessageMapping.TryParse("""{"fields":{"timestamp":"ts","message_id":"p.id","user_id":"meta.u","value":"to.0"}}"""u8, out MessageMapping? mapping, out _));
        var parser = new NdjsonParser(LakeTimeZone.Utc, null, mapping);
        Parse(
            parser,
            """{"ts":"2024-11-01T12:53:13Z","p":{"id":"a","plan":"x","d":{"e":1}},"meta":"{\"u\":5,\"k\":6}","to":["v","w"],"message_id":"m"}""",
            """{"ts":"2024-11-01T12:53:13Z","p":{"id":"b"},"meta":"text"}""",
            """{"ts":"soon","p":{"id":"b","lost":1}}""");
        Assert.Equal([("p.plan", 1), ("p.d.e", 1), ("meta.k", 1), ("to", 1), ("message_id", 1), ("meta", 1)], Counts(parser.TakeLeftOut()));
        Assert.True(CsvParser.TryOpen("ts,p.id,plan,meta\n"u8, LakeTimeZone.Utc, (byte)',', null, out CsvParser? table, out _, mapping));
        table.Parse("2024-11-01T12:53:13Z,a,x,\"{\"\"u\"\":5,\"\"k\"\":6}\"\n"u8, 2, 18, new MessageBatch(), []);
        Assert.Equal([("plan", 1), ("meta.k", 1)], Counts(table.TakeLeftOut()));
    }

    [Fact]
    public void Of_a_table_they_are_columns_with_values()
    {
        Assert.True(CsvParser.TryOpen("message_id,plan,timestamp,empty,x\n"u8, LakeTimeZone.Utc, out CsvParser? parser, out _));
        var rejections = new List<Rejection>();
        parser.Parse("a,gold,2024-11-01T12:53:13Z,,1\nb,,2024-11-01T12:53:13Z,,1\nc,lost,soon,,1\n"u8, 2, 34, new MessageBatch(), rejections);
        Assert.Single(rejections);
        Assert.Equal([("plan", 1), ("x", 2)], Counts(parser.TakeLeftOut()));
    }

    [Fact]
    public void Many_names_are_bounded_and_described()
    {
        var parser = new NdjsonParser(LakeTimeZone.Utc);
        Parse(parser, [.. Enumerable.Range(0, 300).Select(static i => Id + $",\"n{i}\":1}}")]);
        Dictionary<string, long> counts = parser.TakeLeftOut()!;
        Assert.Equal((LeftOutFields.NamesMax + 1, 44), (counts.Count, counts[LeftOutFields.OtherNames]));
        Assert.StartsWith("more than 256 fields are in no column: n0, n1, ", LeftOutFields.Describe(counts), StringComparison.Ordinal);
        Assert.EndsWith("n19 and others (300 values)", LeftOutFields.Describe(counts), StringComparison.Ordinal);
        Assert.Equal("1 field is in no column: plan (1 value)", LeftOutFields.Describe(new Dictionary<string, long> { ["plan"] = 1 }));
    }

    private static void Parse(NdjsonParser parser, params string[] lines) =>
        parser.Parse(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), 1, 0, new MessageBatch(), []);

    private static (string, long)[] Counts(Dictionary<string, long>? counts) => [.. counts!.Select(static one => (one.Key, one.Value))];
}
