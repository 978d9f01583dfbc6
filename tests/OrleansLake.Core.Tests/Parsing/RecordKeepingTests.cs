using System.Text;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Tests.Parsing;

/// <summary>Fields that no column takes are kept as they came, with where they came from.</summary>
public class RecordKeepingTests
{
    private const string Id = """{"timestamp":"2024-11-01T12:53:13Z","message_id":"a","event_type":"OPEN","channel":"EMAIL","user_id":1035""";

    [Theory]
    [InlineData(""","plan":"gold","x":1}""", """{"plan":"gold","x":1}""")]
    [InlineData(""", "x": null,"long":12345678901234567890,"d":1.50e2}""", """{"x": null,"long":12345678901234567890,"d":1.50e2}""")]
    [InlineData(""","plan" : "g\u006Fld", "campaign":{ "id":5, "tags":[1, 2] }}""", """{"plan" : "g\u006Fld","campaign":{ "id":5, "tags":[1, 2] }}""")]
    [InlineData("}", null)]
    public void Fields_keep_their_bytes_by_either_reader(string rest, string? attributes)
    {
        foreach (bool takesShortcuts in (bool[])[true, false])
        {
            MessageBatch batch = Parse(new NdjsonParser(LakeTimeZone.Utc) { TakesShortcuts = takesShortcuts, Keeping = Keeping(null) }, Id + rest, Id + "}");
            Assert.Equal(new[] { attributes, null }, Attributes(batch));
            Assert.Equal([1L, 2L], batch.Kept!.SourceOffsets.Values.ToArray());
            Assert.Equal("events", Encoding.UTF8.GetString(batch.Kept.Sources[1]));
        }
    }

    [Fact]
    public void Under_a_mapping_they_are_what_no_path_uses()
    {
        Assert.True(MessageMapping.TryParse("""{"fields":{"timestamp":"ts","message_id":"p.id","user_id":"meta.u","value":"to.0"}}"""u8, out MessageMapping? mapping, out _));
        MessageBatch batch = Parse(
            new NdjsonParser(LakeTimeZone.Utc, null, mapping) { Keeping = Keeping(mapping) },
            """{"ts":"2024-11-01T12:53:13Z","p":{"id":"a","plan":"x"},"meta":"{\"u\":5,\"k\":6}","to":["v","w"],"message_id":"m"}""",
            """{"ts":"2024-11-01T12:53:13Z","p":{"id":"b"},"meta":"text"}""",
            """{"ts":"2024-11-01T12:53:13Z","p":{"id":"c"}}""",
            """{"ts":"2024-11-01T12:53:13Z","p":{"id":"d"},"meta":{},"to":[]}""",
            """{"ts":"2024-11-01T12:53:13Z","p":{"id":"e"},"meta":"{}","to":"[ ]"}""");
        Assert.Equal(
            ["""{"p":{"plan":"x"},"meta":{"k":6},"to":["w"],"message_id":"m"}""", """{"meta":"text"}""", null, """{"meta":{},"to":[]}""", """{"meta":"{}","to":"[ ]"}"""],
            Attributes(batch));
    }

    [Theory]
    [InlineData(""","p.id":"a","p.plan":1}""", """{"p.plan":1}""")]
    [InlineData(""","p":{"id":"a","plan":1},"x":2}""", """{"p":{"plan":1},"x":2}""")]
    [InlineData(""","p":5,"p.id":"a"}""", """{"p":5}""")]
    public void A_name_with_dots_that_a_path_takes_is_not_kept(string rest, string attributes)
    {
        Assert.True(MessageMapping.TryParse("""{"fields":{"timestamp":"ts","message_id":"p.id"}}"""u8, out MessageMapping? mapping, out _));
        foreach (bool takesShortcuts in (bool[])[true, false])
        {
            MessageBatch batch = Parse(new NdjsonParser(LakeTimeZone.Utc, null, mapping) { TakesShortcuts = takesShortcuts, Keeping = Keeping(mapping) }, """{"ts":"2024-11-01T12:53:13Z" """.Trim() + rest);
            Assert.Equal([attributes], Attributes(batch));
        }
    }

    [Fact]
    public void Cells_of_a_table_are_texts()
    {
        Assert.True(CsvParser.TryOpen("message_id,plan,timestamp,say\n"u8, LakeTimeZone.Utc, out CsvParser? parser, out _));
        parser.Keeping = Keeping(null);
        var batch = new MessageBatch();
        parser.Parse("a,gold,2024-11-01T12:53:13Z,\"he said \"\"hi\"\"\"\nb,lost,soon,\nc,,2024-11-01T12:53:13Z,\n"u8, 2, 30, batch, []);
        Assert.Equal(["""{"plan":"gold","say":"he said \"hi\""}""", null], Attributes(batch));
        Assert.Equal([2L, 4L], batch.Kept!.SourceOffsets.Values.ToArray());
    }

    [Fact]
    public void A_broker_s_key_and_headers_come_behind_them_and_its_number_is_the_record_s()
    {
        var keeping = new RecordKeeping(KeptFields.Attributes | KeptFields.Source, "q"u8.ToArray(), null) { Origin = new RecordOrigin(77, """ "_key":"k" """.Trim()) };
        MessageBatch batch = Parse(new NdjsonParser(LakeTimeZone.Utc) { Keeping = keeping }, Id + ""","x":1}""", Id + "}");
        Assert.Equal(["""{"x":1,"_key":"k"}""", """{"_key":"k"}"""], Attributes(batch));
        Assert.Equal([77L, 77L], batch.Kept!.SourceOffsets.Values.ToArray());
        keeping = new RecordKeeping(KeptFields.Source, "q"u8.ToArray(), null) { Origin = new RecordOrigin(null, null) };
        batch = Parse(new NdjsonParser(LakeTimeZone.Utc) { Keeping = keeping }, Id + "}");
        Assert.True(batch.Kept!.SourceOffsets.IsNull(0));
        Assert.False(batch.Kept.Sources.IsNull(0));
    }

    [Fact]
    public void Rows_go_with_their_messages_into_partitions_and_other_batches()
    {
        MessageBatch batch = Parse(
            new NdjsonParser(LakeTimeZone.Utc) { Keeping = Keeping(null) },
            [.. Enumerable.Range(0, 50).Select(static i => $$"""{"timestamp":"2024-11-01T12:53:13Z","message_id":"m{{i}}","x":{{i}}}""")]);
        foreach (MessageBatch? part in PartitionedMessages.Split(batch, 4))
        {
            for (int row = 0; row < part!.Count; row++)
            {
                Assert.Equal($$"""{"x":{{Encoding.UTF8.GetString(part.MessageIds.Texts[row])[1..]}}}""", Attributes(part)[row]);
            }
        }

        var plain = Parse(new NdjsonParser(LakeTimeZone.Utc), Id + "}");
        Assert.Null(plain.Kept);
        plain.AppendRow(batch, 3);
        Assert.Equal([null, """{"x":3}"""], Attributes(plain));
        batch.AppendRow(Parse(new NdjsonParser(LakeTimeZone.Utc), Id + "}"), 0);
        Assert.Null(Attributes(batch)[50]);
        Assert.Equal("""{"x":49}""", Attributes(batch.From(49))[0]);
    }

    private static RecordKeeping Keeping(MessageMapping? mapping) => new(KeptFields.Attributes | KeptFields.Source, "events"u8.ToArray(), mapping);

    private static List<string?> Attributes(MessageBatch batch) =>
        [.. Enumerable.Range(0, batch.Count).Select(row => batch.Kept!.Attributes.IsNull(row) ? null : Encoding.UTF8.GetString(batch.Kept.Attributes[row]))];

    private static MessageBatch Parse(NdjsonParser parser, params string[] lines)
    {
        var batch = new MessageBatch();
        parser.Parse(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), 1, 0, batch, []);
        return batch;
    }
}
