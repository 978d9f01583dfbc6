using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Tests.Parsing;
using OrleansLake.Core.Time;
using OrleansLake.TestSupport;

namespace OrleansLake.Core.Tests.Mapping;

/// <summary>Records of other shapes become messages by a mapping, or rejections that name the path that failed.</summary>
public sealed class MessageMappingTests
{
    private const long ReceivedAt = 1_734_343_260_000_000;

    private const string Issue = """
        {"fields": {"timestamp": {"from": "ts", "format": "epoch-ms"}, "message_id": "payload.id",
        "event_type": {"from": ["eventType", "event"], "map": {"delivered": "RECEIVED", "open": "OPEN"}},
        "user_id": {"from": ["payload.to.user", "uid"]}, "channel": {"constant": "EMAIL"}}}
        """;

    private const string Empties = """
        {"fields": {"timestamp": {"from": ["ts", "at"], "format": ["epoch-s", "dd/MM/yy HH:mm"]}, "message_id": ["id", "id2"], "user_id": {"from": ["u1", "u2"], "default": 9}}}
        """;

    [Theory]
    [InlineData("""{"a":"x","b":"y"}""", "x:y")]
    [InlineData("""{"a":"x","b":""}""", "message_id (from a and b) is \"\", but a text that is not empty is expected")]
    [InlineData("""{"a":"","b":""}""", "message_id (from a and b) is \"\", but a text that is not empty is expected")]
    [InlineData("""{"a":"x"}""", "message_id (from a and b) is missing, but a text that is not empty is expected")]
    public void An_id_is_joined_of_all_its_parts_or_it_is_none(string record, string expected)
    {
        (string[] rows, Rejection[] rejections) = Parse("""{"fields":{"timestamp":{"format":"receipt"},"message_id":{"join":["a","b"],"separator":":"}}}""", record);
        Assert.Equal(expected, rows.Length > 0 ? rows[0].Split('|')[3] : Assert.Single(rejections).Detail);
    }

    [Theory]
    [InlineData("""{"ts":1734343260123,"payload":{"id":"m1","to":{"user":7}},"eventType":"delivered"}""", "1734343260123000||RECEIVED|m1|EMAIL||7")]
    [InlineData("""{"ts":"1734343260123","payload":{"id":12,"to":{"user":"7"}},"event":"open","eventType":null}""", "1734343260123000||OPEN|12|EMAIL||7")]
    [InlineData("""{"uid":9,"payload":"{\"id\":\"m\\u0031\",\"to\":{}}","ts":1734343260000}""", "1734343260000000|||m1|EMAIL||9")]
    [InlineData("""{"ts":1734343260000,"payload":{"id":"m"},"value":"v","country_id":3,"timestamp":"not read"}""", "1734343260000000|v||m|EMAIL|3|")]
    public void A_record_becomes_a_message(string record, string expected) => Assert.Equal([expected], Rows(Issue, record));

    [Theory]
    [InlineData("""{"payload":{"id":"m"}}""", RejectionReason.MissingTimestamp, "timestamp (from ts) is missing, but a timestamp written as epoch-ms is expected")]
    [InlineData("""{"ts":"","payload":{"id":"m"}}""", RejectionReason.MissingTimestamp, "timestamp (from ts) is \"\", but a timestamp written as epoch-ms is expected")]
    [InlineData("""{"ts":"soon","payload":{"id":"m"}}""", RejectionReason.UnreadableTimestamp, "timestamp (from ts) is \"soon\", but a timestamp written as epoch-ms is expected")]
    [InlineData("""{"ts":true,"payload":{"id":"m"}}""", RejectionReason.WrongType, "timestamp (from ts) is true, but a timestamp written as epoch-ms is expected")]
    [InlineData("""{"ts":[5],"payload":{"id":"m"}}""", RejectionReason.WrongType, "timestamp (from ts) is [5], but a timestamp written as epoch-ms is expected")]
    [InlineData("""{"ts":1,"payload":{"id":{}}}""", RejectionReason.WrongType, "message_id (from payload.id) is {}, but text or a whole number is expected")]
    [InlineData("""{"ts":1,"payload":"{ not JSON"}""", RejectionReason.MissingMessageId, "message_id (from payload.id) is missing, but ")]
    [InlineData("""{"ts":1,"payload":{"id":"m"},"event":"bounce"}""", RejectionReason.WrongType, "event_type (from event) is \"bounce\", which its map does not have; it has delivered, open")]
    [InlineData("""{"ts":1,"payload":{"id":"m"},"uid":3000000000}""", RejectionReason.NumberOutOfRange, "user_id (from uid) is 3000000000, but ")]
    [InlineData("""{"ts":1,"payload":{"id":"m"},"uid":true}""", RejectionReason.WrongType, "user_id (from uid) is true, but ")]
    [InlineData("""{"ts":1,"ts":2,"payload":{"id":"m"}}""", RejectionReason.DuplicateField, "ts occurs twice, but each field is expected once")]
    [InlineData("""{"ts":1,"payload":{"id":"m"},}""", RejectionReason.NotReadable, "the line is not JSON (byte 29: a comma comes before the end, with nothing behind it), but ")]
    [InlineData("""{"ts":1734343260,"payload":{"id":"m"},"x":"\ud800"}""", RejectionReason.NotUtf8, "\"\\ud800\" holds half a surrogate pair, but ")]
    [InlineData("""[1]""", RejectionReason.NotAnObject, "the line is a JSON array, [1], but a JSON object is expected")]
    public void What_cannot_be_mapped_is_rejected_with_its_path(string record, RejectionReason reason, string detail)
    {
        (string[] rows, Rejection[] rejections) = Parse(Issue, record);
        Assert.Empty(rows);
        Rejection rejection = Assert.Single(rejections);
        Assert.Equal(reason, rejection.Reason);
        Assert.StartsWith(detail, rejection.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"format\":\"receipt\"", "{}", "1734343260000000")]
    [InlineData("\"from\":\"t\",\"default\":\"receipt\"", "{}", "1734343260000000")]
    [InlineData("\"from\":\"t\",\"default\":\"receipt\"", "{\"t\":\"2024-12-16T10:00:00Z\"}", "1734343200000000")]
    [InlineData("\"from\":\"t\",\"format\":[\"epoch-us\",\"rfc3339\"]", "{\"t\":\"2024-12-16T10:00:00Z\"}", "1734343200000000")]
    [InlineData("\"from\":\"t\",\"format\":[\"rfc3339\",\"epoch-s\"]", "{\"t\":1734343200}", "1734343200000000")]
    [InlineData("\"from\":\"t\",\"format\":\"dd/MM/yyyy HH:mm\"", "{\"t\":\"16/12/2024 10:00\"}", "1734343200000000")]
    [InlineData("\"constant\":\"2024-12-16T10:00:00Z\"", "{}", "1734343200000000")]
    [InlineData("\"from\":\"t\",\"format\":\"epoch-ms\",\"default\":\"2024-12-16T10:00:00Z\"", "{}", "1734343200000000")]
    [InlineData("\"from\":\"t\",\"format\":\"epoch-ms\",\"default\":1734343200000", "{}", "1734343200000000")]
    [InlineData("\"from\":\"a.1.t\"", "{\"a\":[0,{\"t\":\"2024-12-16T10:00:00Z\"}]}", "1734343200000000")]
    [InlineData("\"from\":\"/a.b/c~1d\"", "{\"a.b\":{\"c/d\":\"2024-12-16T10:00:00Z\"}}", "1734343200000000")]
    public void A_timestamp_is_made_of_what_there_is(string timestamp, string record, string expected) =>
        Assert.Equal([$"{expected}|||x|||"], Rows($"{{\"fields\":{{\"timestamp\":{{{timestamp}}},\"message_id\":{{\"constant\":\"x\"}},\"value\":null}}}}", record));

    [Theory]
    [InlineData("""{"t.s":1734343200,"p.id":"m"}""", "1734343200000000|||m|||")]
    [InlineData("""{"p.id":"n","t":{"s":1734343200},"p":{"id":"m"},"t.s":5}""", "1734343200000000|||m|||")]
    [InlineData("""{"t.s":1734343200,"p":{"id":null},"p.id":"m"}""", "1734343200000000|||m|||")]
    public void A_name_with_dots_is_found_where_the_path_leads_nowhere_else(string record, string expected)
    {
        const string Dotted = """{"fields":{"timestamp":{"from":"t.s","format":"epoch-s"},"message_id":"p.id"}}""";
        Assert.Equal([expected], Rows(Dotted, record));
        Assert.Equal([expected], Parse(Dotted, Encoding.UTF8.GetBytes(record), shortcuts: false, out _).Rows);
    }

    [Fact]
    public void A_pointer_leads_to_no_column_with_dots_in_its_name()
    {
        byte[] bytes = "payload.id,payload\n2,\"{\"\"id\"\":3}\"\n"u8.ToArray();
        MessageMapping mapping = MappingOf("""{"fields":{"timestamp":{"format":"receipt"},"message_id":"payload.id","value":"/payload/id"}}""");
        Assert.True(CsvParser.TryOpen(bytes, LakeTimeZone.Utc, (byte)',', null, out CsvParser? parser, out string? error, mapping, ReceivedAt), error);
        var batch = new MessageBatch();
        parser.Parse(bytes.AsSpan(parser.HeaderBytes), 2, parser.HeaderBytes, batch, []);
        Assert.Equal([$"{ReceivedAt}|3||2|||"], RowsOf(batch));
    }

    [Theory]
    [InlineData("""{"ts":"","at":1734343200,"id":"","id2":"m","u1":"","u2":8}""", "1734343200000000|||m|||8")]
    [InlineData("""{"ts":1734343200,"id":7.0,"u1":8.00}""", "1734343200000000|||7|||8")]
    [InlineData("""{"ts":1734343200,"id":7,"u1":"","u2":""}""", "1734343200000000|||7|||9")]
    public void An_empty_text_is_missing_and_a_fraction_of_zeros_is_none(string record, string expected) => Assert.Equal([expected], Rows(Empties, record));

    [Theory]
    [InlineData("""{"ts":"","id":"m"}""", "timestamp (from ts or at) is \"\", but ")]
    [InlineData("""{"ts":1,"id":"","id2":null}""", "message_id (from id or id2) is \"\", but ")]
    [InlineData("""{"ts":1,"id":7.5}""", "message_id (from id) is 7.5, but text or a whole number is expected")]
    [InlineData("""{"ts":1,"id":"m","u1":7.5}""", "user_id (from u1) is 7.5, but ")]
    [InlineData("""{"ts":"31/02/24 10:00","id":"m"}""", "timestamp (from ts) is \"31/02/24 10:00\", but a timestamp written as epoch-s or dd/MM/yy HH:mm is expected; there is no such date or time")]
    [InlineData("""{"ts":"12/16/24 10:00","id":"m"}""", "timestamp (from ts) is \"12/16/24 10:00\", but a timestamp written as epoch-s or dd/MM/yy HH:mm is expected; it looks like month/day/year: \"format\": \"M/d/yy")]
    [InlineData("""{"ts":"2024-12-16T10:00:00 01:00","id":"m"}""", "timestamp (from ts) is \"2024-12-16T10:00:00 01:00\", but a timestamp written as epoch-s or dd/MM/yy HH:mm is expected; it has a blank where the + of an offset is expected: in a form, a + is written %2B")]
    public void What_was_tried_is_said_and_no_other_date_is_advised(string record, string detail) =>
        Assert.StartsWith(detail, Assert.Single(Parse(Empties, record).Rejections).Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"from\":\"e\",\"case\":\"upper\"", "\"sent\"", "SENT")]
    [InlineData("\"from\":\"e\",\"case\":\"lower\",\"map\":{\"open\":\"OPEN\"}", "\"Open\"", "OPEN")]
    [InlineData("\"from\":\"e\",\"map\":{\"1\":\"SENT\"}", "1", "SENT")]
    [InlineData("\"from\":\"e\",\"map\":{\"true\":\"SENT\"}", "true", "SENT")]
    [InlineData("\"from\":\"e\",\"map\":{\"a\":\"SENT\"},\"otherwise\":\"keep\"", "\"OPEN\"", "OPEN")]
    [InlineData("\"from\":\"e\",\"map\":{\"a\":\"SENT\"},\"otherwise\":\"null\"", "\"OPEN\"", "")]
    [InlineData("\"from\":\"e\",\"map\":{\"b\":null}", "\"b\"", "")]
    [InlineData("\"from\":\"e\",\"default\":\"SENT\"", "null", "SENT")]
    [InlineData("\"from\":\"e\"", "7", "7")]
    [InlineData("\"join\":[\"e\",\"n\"],\"separator\":\"-\"", "\"a\\\"b\"", "a\"b-5")]
    [InlineData("\"join\":[\"e\",\"m\"],\"separator\":\"-\"", "\"a\"", "")]
    public void A_text_is_joined_changed_and_mapped(string how, string value, string expected) => Assert.Equal(
        [$"{ReceivedAt}||{expected}|x|||"],
        Rows($"{{\"fields\":{{\"timestamp\":{{\"format\":\"receipt\"}},\"message_id\":{{\"constant\":\"x\"}},\"event_type\":{{{how}}}}}}}", $"{{\"e\":{value},\"n\":5}}"));

    [Theory]
    [InlineData(',', "ts,payload.id,eventType,payload\n1734343260123,m1,delivered,\"{\"\"to\"\":{\"\"user\"\":7}}\"\n", "1734343260123000||RECEIVED|m1|EMAIL||7")]
    [InlineData('\t', "event\tpayload\tts\tuid\nopen\t\"{\"\"id\"\":\"\"m\\u0031\"\"}\"\t1734343260123\t\n", "1734343260123000||OPEN|m1|EMAIL||")]
    public void A_row_of_a_table_becomes_a_message(char separator, string text, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.True(CsvParser.TryOpen(bytes, LakeTimeZone.Utc, (byte)separator, null, out CsvParser? parser, out string? error, MappingOf(Issue), ReceivedAt), error);
        var batch = new MessageBatch();
        var rejections = new List<Rejection>();
        parser.Parse(bytes.AsSpan(parser.HeaderBytes), 2, parser.HeaderBytes, batch, rejections);
        Assert.Empty(rejections);
        Assert.Equal([expected], RowsOf(batch));
    }

    [Theory]
    [InlineData("ts,id\n", "the header has no column payload.id (for message_id); it has: ts, id")]
    [InlineData("ts,payload,ts\n", "the header names the column ts twice")]
    public void A_table_without_what_every_message_has_is_refused(string text, string expected)
    {
        Assert.False(CsvParser.TryOpen(Encoding.UTF8.GetBytes(text), LakeTimeZone.Utc, (byte)',', null, out _, out string? error, MappingOf(Issue), ReceivedAt));
        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData("[]", "an object with the member fields is expected")]
    [InlineData("{\"fields\":{},\"field\":1}", "field is not known: a mapping has the member fields only")]
    [InlineData("{\"fields\":{\"ts\":\"a\"}}", "fields.ts: a message has no such field; it has timestamp, value,")]
    [InlineData("{\"fields\":{\"value\":7}}", "fields.value is 7, but a path as text, a list of them, an object or null is expected")]
    [InlineData("{\"fields\":{\"timestamp\":null}}", "fields.timestamp is null, but every message has one")]
    [InlineData("{\"fields\":{\"value\":{}}}", "fields.value has none of from, join and constant: give one of them")]
    [InlineData("{\"fields\":{\"value\":{\"from\":\"a..b\"}}}", "fields.value.from 'a..b' has an empty name")]
    [InlineData("{\"fields\":{\"value\":{\"form\":\"a\",\"from\":\"b\"}}}", "fields.value.form is not known; a field has from, join,")]
    [InlineData("{\"fields\":{\"timestamp\":{\"from\":\"a\",\"format\":\"epoch\"}}}", "fields.timestamp.format is \"epoch\": a count since 1970 is epoch-s")]
    [InlineData("{\"fields\":{\"channel\":{\"from\":\"a\",\"format\":\"epoch-s\"}}}", "fields.channel.format: only timestamp has a format")]
    [InlineData("{\"fields\":{\"user_id\":{\"constant\":\"a\"}}}", "fields.user_id.constant is \"a\", but user_id is a whole number")]
    [InlineData("{\"fields\":{\"channel\":{\"from\":\"a\",\"constant\":\"b\"}}}", "fields.channel has both from and constant: give one of them")]
    [InlineData("{\"fields\":{\"channel\":{\"from\":\"a\",\"case\":\"title\"}}}", "fields.channel.case is \"title\", but one of upper, lower is expected")]
    [InlineData("{\"fields\":{\"channel\":\"a\",\"channel\":\"b\"}}", "fields.channel occurs twice")]
    [InlineData("{\"fields\":{\"value\":{\"from\":\"a\",\"map\":{\"x\":1,\"x\":2}}}}", "fields.value.map.x occurs twice")]
    [InlineData("", "it is empty")]
    [InlineData("{\"fields\":", "it is not JSON (line 1, byte ")]
    [InlineData("{\"fields\":{},}", "it is not JSON (line 1, byte 14: a comma comes before the end, with nothing behind it)")]
    [InlineData("{\"fields\":{\"channel\":{\"from\":\"a\",\"case\":\"upper\",\"map\":{\"b\":\"SMS\"}}}}", "fields.channel.map.b can never match: values are put into upper case before the map is asked, so write its names in upper case")]
    [InlineData("{\"fields\":{\"user_id\":{\"from\":\"a\",\"map\":{\"a\":\"b\"}}}}", "fields.user_id.map.a is \"b\", but user_id is a whole number")]
    [InlineData("{\"fields\":{\"value\":\"/a~2\"}}", "fields.value '/a~2' has a ~ before neither 0 nor 1: write ~0 for a ~ in a name")]
    [InlineData("{\"fields\":{\"user_id\":{\"constant\":3000000000}}}", "fields.user_id.constant is 3000000000, but user_id is a whole number from -2147483648 to 2147483647, or one of 64 bits in a lake that is created with --user-id int64")]
    [InlineData("{\"fields\":{\"timestamp\":{\"from\":\"t\",\"default\":\"yesterday\"}}}", "fields.timestamp.default is \"yesterday\", but a date and time such as 2024-12-16T10:00:00Z is expected; receipt is the time of receipt")]
    [InlineData("{\"fields\":{\"timestamp\":{\"constant\":\"2024-13-45\",\"format\":\"epoch-ms\"}}}", "fields.timestamp.constant is \"2024-13-45\", but a date and time such as 2024-12-16T10:00:00Z, or one written as epoch-ms, is expected")]
    [InlineData("{\"fields\":{\"timestamp\":{\"from\":\"t\",\"format\":\"receipt\",\"default\":\"2024-12-16T10:00:00Z\"}}}", "fields.timestamp has the format receipt and a default: the time of receipt is the default then; give one of them")]
    [InlineData("{\"fields\":{\"timestamp\":{\"from\":\"t\",\"format\":[\"epoch-ms\",\"receipt\"]}}}", "fields.timestamp.format has receipt in a list: \"default\": \"receipt\" takes the time of receipt where a record has none")]
    [InlineData("{\"fields\":{\"channel\":{\"constant\":\"\\ud800\"}}}", "a text in it holds half a surrogate pair")]
    [InlineData("{\"fields\":{\"channel\":\"\\udc00.a\"}}", "a text in it holds half a surrogate pair")]
    [InlineData("{\"fields\":{\"\\ud800\":\"a\"}}", "a text in it holds half a surrogate pair")]
    [InlineData("{\"fields\":{\"event_type\":{\"from\":\"e\",\"map\":{\"\\ud800\":\"a\"}}}}", "a text in it holds half a surrogate pair")]
    public void A_file_that_is_no_mapping_is_refused_with_the_place(string json, string error)
    {
        Assert.False(MessageMapping.TryParse(Encoding.UTF8.GetBytes(json), out _, out string? said));
        Assert.StartsWith(error, said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_has_as_many_paths_as_it_names()
    {
        string paths = string.Join(',', Enumerable.Range(0, 62).Select(static i => $"\"t{i}\""));
        Assert.NotNull(MappingOf($"{{\"fields\":{{\"timestamp\":[{paths},\"t\"],\"message_id\":\"id\"}}}}"));
        Assert.False(MessageMapping.TryParse(Encoding.UTF8.GetBytes($"{{\"fields\":{{\"timestamp\":[{paths},\"t\",\"s\"],\"message_id\":\"id\"}}}}"), out _, out string? error));
        Assert.Equal("it has 65 paths, but at most 64 are expected", error);
    }

    [Fact]
    public void All_faults_of_a_file_are_reported()
    {
        Assert.False(MessageMapping.TryParse("{\"fields\":{\"value\":7,\"channel\":8}}"u8, out _, out string? error));
        Assert.Equal(2, error.Split("; ").Length);
    }

    [Fact]
    public void Usual_records_are_read_as_all_others()
    {
        const string Bytes = "{}[]\",:\\ \n\r\t019-.eEntfa\0\u0001";
        long taken = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(MappingCases.Any(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (one, seed) =>
        {
            var random = new System.Random(seed);
            byte[] records = one.Text("one.ndjson");
            if (seed % 2 == 0)
            {
                records[random.Next(records.Length)] = (byte)Bytes[random.Next(Bytes.Length)];
            }

            (string[] rows, Rejection[] rejections) = Parse(one.Mapping, records, shortcuts: false, out Dictionary<string, long>? leftOut);
            (string[] shortRows, Rejection[] shortRejections) = Parse(one.Mapping, records, shortcuts: true, out Dictionary<string, long>? shortLeftOut);
            Assert.Equal(rows, shortRows);
            Assert.Equal(rejections.Select(static one => (one.Reason, one.Detail, one.Record, one.Position)), shortRejections.Select(static one => (one.Reason, one.Detail, one.Record, one.Position)));
            Assert.Equal(leftOut, shortLeftOut);
            taken += rows.Length;
        }));
        Assert.True(taken > 3000, $"{taken} taken");
    }

    private static string[] Rows(string mapping, string record)
    {
        (string[] rows, Rejection[] rejections) = Parse(mapping, record);
        Assert.Empty(rejections.Select(static one => one.Detail));
        return rows;
    }

    private static (string[] Rows, Rejection[] Rejections) Parse(string mapping, string text) => Parse(mapping, Encoding.UTF8.GetBytes(text), shortcuts: true, out _);

    private static (string[] Rows, Rejection[] Rejections) Parse(string mapping, byte[] text, bool shortcuts, out Dictionary<string, long>? leftOut)
    {
        var batch = new MessageBatch();
        var rejections = new List<Rejection>();
        var parser = new NdjsonParser(LakeTimeZone.Utc, mapping: MappingOf(mapping), receivedAt: ReceivedAt) { TakesShortcuts = shortcuts };
        parser.Parse(text, 1, 0, batch, rejections);
        leftOut = parser.TakeLeftOut();
        return (RowsOf(batch), [.. rejections]);
    }

    private static MessageMapping MappingOf(string json)
    {
        Assert.True(MessageMapping.TryParse(Encoding.UTF8.GetBytes(json), out MessageMapping? mapping, out string? error), error);
        return mapping;
    }

    private static string[] RowsOf(MessageBatch batch) =>
        [.. Row.Of(batch).Select(static row => $"{row.Timestamp}|{row.Value}|{row.EventType}|{row.MessageId}|{row.Channel}|{row.CountryId}|{row.UserId}")];
}
