using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;
using OrleansLake.TestSupport;

namespace OrleansLake.Core.Tests.Parsing;

/// <summary>A value to which a path leads, and which no field takes, is kept as those of other fields are, or counted as left out.</summary>
public class UntakenValueTests
{
    private const string Mapping = """
        {"fields":{"timestamp":"ts","message_id":["id","x.id"],"event_type":["eventType","event"],"channel":{"join":["c","d"]},"user_id":"u.id","value":["m","n"],"country_id":["cc","m.cc"]}}
        """;

    private const string Start = """{"ts":"2024-11-01T12:53:13Z","id":"a" """;

    [Theory]
    [InlineData(""","eventType":"OPEN","event":"open"}""", """{"event":"open"}""", "event")]
    [InlineData(""","event":{"p":[1, {}]},"eventType":"OPEN"}""", """{"event":{"p":[1, {}]}}""", "event")]
    [InlineData(""","eventType":null,"event":"open"}""", null)]
    [InlineData(""","eventType":"","event":"open"}""", """{"event":"open"}""", "event")]
    [InlineData(""","eventType":"OPEN","event":""}""", """{"event":""}""", "event")]
    [InlineData(""","eventType":"OPEN","event":null}""", null)]
    [InlineData(""","u":{"id":1},"u.id":5}""", """{"u.id":5}""", "u.id")]
    [InlineData(""","u.id":5,"u":{"id":1,"k":2}}""", """{"u.id":5,"u":{"k":2}}""", "u.k", "u.id")]
    [InlineData(""","u.id":5,"u":{"id":null}}""", null)]
    [InlineData(""","u.id":5,"u":{"id":""}}""", null)]
    [InlineData(""","x":{"id":7},"x.id":[]}""", """{"x":{"id":7},"x.id":[]}""", "x.id", "x.id")]
    [InlineData(""","c":"S","d":"MS"}""", null)]
    [InlineData(""","c":"S"}""", """{"c":"S"}""", "c")]
    [InlineData(""","m":"v","n":{"k":1}}""", """{"n":{"k":1}}""", "n")]
    [InlineData(""","m":"{\"cc\":5}","n":1}""", """{"n":1}""", "n")]
    public void It_is_kept_or_counted_by_either_reader(string rest, string? attributes, params string[] leftOut)
    {
        MessageMapping mapping = Parsed(Mapping);
        foreach (bool takesShortcuts in (bool[])[true, false])
        {
            string line = Start.Trim() + rest;
            Assert.Equal(attributes, Attributes(mapping, line, takesShortcuts));
            Assert.Equal(leftOut.GroupBy(static name => name).Select(static names => (names.Key, names.LongCount())).Order(), LeftOut(mapping, line, takesShortcuts));
        }
    }

    [Fact]
    public void Of_a_table_it_is_its_cell_or_what_its_json_has()
    {
        Assert.True(CsvParser.TryOpen("ts,id,eventType,event,js,x.id\n"u8, LakeTimeZone.Utc, (byte)',', null, out CsvParser? parser, out _, Parsed("""
            {"fields":{"timestamp":"ts","message_id":["id","x.id"],"event_type":["eventType","event"],"value":["js.v","js.w"]}}
            """)));
        const string Rows = "2024-11-01T12:53:13Z,a,OPEN,open,\"{\"\"v\"\":1,\"\"w\"\":2,\"\"k\"\":3}\",m\n2024-11-01T12:53:13Z,b,,open,\"{\"\"w\"\":2}\",\nc,soon,,,,\n";
        parser.Parse(Encoding.UTF8.GetBytes(Rows), 2, 30, new MessageBatch(), []);
        Assert.Equal([("event", 1), ("js.k", 1), ("js.w", 1), ("x.id", 1)], parser.TakeLeftOut()!.Select(static one => (one.Key, one.Value)).Order());
        parser.Keeping = Keeping(Parsed(Mapping));
        var batch = new MessageBatch();
        parser.Parse(Encoding.UTF8.GetBytes(Rows), 2, 30, batch, []);
        Assert.Equal(["""{"event":"open","js":{"w":2,"k":3},"x.id":"m"}""", null], Kept(batch));
    }

    [Fact]
    public void Of_random_records_under_random_mappings_nothing_is_dropped_and_the_readers_agree()
    {
        (int messages, int untaken) = (0, 0);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(MappingCases.Any(), one =>
        {
            MessageMapping mapping = Parsed(one.Mapping);
            foreach (string line in Encoding.UTF8.GetString(one.Text("one.ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (Parse(new NdjsonParser(LakeTimeZone.Utc, null, mapping), line).Count == 0)
                {
                    continue;
                }

                string? attributes = Attributes(mapping, line, takesShortcuts: true);
                Assert.Equal(Attributes(mapping, line, takesShortcuts: false), attributes);
                (string, long)[] leftOut = LeftOut(mapping, line, takesShortcuts: true);
                Assert.Equal(LeftOut(mapping, line, takesShortcuts: false), leftOut);
                string[] expected = TakenValues.LeavesLeft(mapping, line);
                Assert.Equal(expected, TakenValues.Leaves(attributes ?? "{}"));
                Assert.True(expected.Length == 0 || leftOut.Length > 0, line);
                messages++;
                untaken += mapping.Choices.Length > 0 && expected.Length > 0 ? 1 : 0;
            }
        }));
        Assert.True(messages > 1000 && untaken > 300, $"{messages} messages, {untaken} with values left");
    }

    private static MessageMapping Parsed(string text) => MessageMapping.TryParse(Encoding.UTF8.GetBytes(text), out MessageMapping? mapping, out string? error) ? mapping : throw new ArgumentException(error);

    private static RecordKeeping Keeping(MessageMapping mapping) => new(KeptFields.Attributes, [], mapping);

    private static string? Attributes(MessageMapping mapping, string line, bool takesShortcuts) =>
        Assert.Single(Kept(Parse(new NdjsonParser(LakeTimeZone.Utc, null, mapping) { TakesShortcuts = takesShortcuts, Keeping = Keeping(mapping) }, line)));

    private static (string, long)[] LeftOut(MessageMapping mapping, string line, bool takesShortcuts)
    {
        var parser = new NdjsonParser(LakeTimeZone.Utc, null, mapping) { TakesShortcuts = takesShortcuts };
        Parse(parser, line);
        return [.. (parser.TakeLeftOut() ?? []).Select(static one => (one.Key, one.Value)).Order()];
    }

    private static MessageBatch Parse(NdjsonParser parser, string line)
    {
        var batch = new MessageBatch();
        parser.Parse(Encoding.UTF8.GetBytes(line + "\n"), 1, 0, batch, []);
        return batch;
    }

    private static List<string?> Kept(MessageBatch batch) =>
        [.. Enumerable.Range(0, batch.Count).Select(row => batch.Kept!.Attributes.IsNull(row) ? null : Encoding.UTF8.GetString(batch.Kept.Attributes[row]))];
}
