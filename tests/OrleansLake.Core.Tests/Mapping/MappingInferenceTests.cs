using System.Text;
using System.Text.Json;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Tests.Mapping;

/// <summary>Mappings that are proposed for a sample of records.</summary>
public class MappingInferenceTests
{
    [Theory]
    [InlineData("timestamp", "\"2024-12-16T10:01:00Z\"", "ts", "time", "Event Time", "created_at", "eventTimestamp", "occurredAt", "sent-at", "datetime", "date")]
    [InlineData("message_id", "\"m-1\"", "id", "messageId", "msg_id", "Message ID", "sg_message_id", "MessageSid", "uuid", "message-uuid", "payload.message.id", "data.messageId")]
    [InlineData("event_type", "\"delivered\"", "eventType", "event-type", "Event Type", "event", "type", "status", "MessageStatus", "action", "payload.event.type")]
    [InlineData("channel", "\"sms\"", "Channel", "channelName", "medium", "via", "payload.channel", "delivery_channel")]
    [InlineData("country_id", "2006", "country", "countryId", "cc", "country-code", "geo.country", "user.country", "Country Number")]
    [InlineData("user_id", "1035.0", "uid")]
    [InlineData("user_id", "1035", "user", "uid", "userId", "User ID", "customer_id", "payload.to.user", "user.id", "recipientId")]
    public void A_field_is_found_by_the_names_that_platforms_give_it(string field, string value, params string[] names)
    {
        foreach (string name in names)
        {
            using var mapping = JsonDocument.Parse(Infer(Nested(name.Split('.'), value)).Text);
            JsonElement how = mapping.RootElement.GetProperty("fields").GetProperty(field);
            Assert.True((how.ValueKind == JsonValueKind.Object ? how.GetProperty("from") : how).GetString() == name, $"{name}: {mapping.RootElement}");
        }
    }

    [Theory]
    [InlineData("1734343260", "epoch-s")]
    [InlineData("1734343260123", "epoch-ms")]
    [InlineData("1734343260123456", "epoch-us")]
    [InlineData("\"1734343260123456789\"", "epoch-ns")]
    [InlineData("1734343260.5", "epoch-s")]
    [InlineData("\"2024-12-16 10:01\"", "yyyy-MM-dd' 'HH:mm", "yyyy-MM-dd HH:mm")]
    [InlineData("\"16.12.2024 10:01:00\"", "d.M.yyyy[ H:mm[:ss][.SSS]]")]
    [InlineData("\"Mon, 16 Dec 2024 10:01:00 +0000\"", "EEE, d MMM yyyy HH:mm:ss X")]
    [InlineData("\"20241216100100\"", "yyyyMMddHHmmss[SSS]")]
    public void The_format_of_times_is_seen_in_them(string value, string format, string? otherwise = null)
    {
        string text = Infer($"{{\"ts\":{value},\"id\":\"m\"}}").Text;
        Assert.True(text.Contains($"\"format\": \"{format}\"", StringComparison.Ordinal) || text.Contains($"\"format\": \"{otherwise}\"", StringComparison.Ordinal), text);
    }

    [Fact]
    public void What_is_not_sure_is_said_a_sentence_each()
    {
        InferredMapping inferred = Infer(
            """{"id":"m1","mid":"x1","when":"03/04/2024 10:01","event":"Delivered","via":"fax","cc":"TR","extra":"{\"user\":5}"}""",
            """{"id":"m2","mid":"x2","when":"05/04/2024 10:02","event":"bounce","via":"email","cc":"DE","extra":"{\"user\":6}"}""");
        Assert.Equal(
            """
            {"fields": {
              "timestamp": {"from": "when", "format": "M/d/yyyy[ H:mm[:ss][.SSS]]"},
              "value": null,
              "event_type": {"from": "event", "map": {"Delivered": "RECEIVED"}, "otherwise": "keep"},
              "message_id": "mid",
              "channel": {"from": "via", "map": {"email": "EMAIL"}, "otherwise": "keep"},
              "country_id": "cc",
              "user_id": "extra.user"
            }}

            """, inferred.Text);
        Assert.Equal(
            [
                "timestamp: \"03/04/2024 10:01\" is read as M/d/yyyy[ H:mm[:ss][.SSS]]; d/M/yyyy[ H:mm[:ss][.SSS]] reads as many of the values: the file's author knows which.",
                "timestamp: \"03/04/2024 10:01\" says no offset from UTC: it is read in the lake's time zone, UTC here.",
                "value: is found nowhere, so it is null.",
                "event_type: \"bounce\" stays as it is: the map may name what the lake is to have (CREATED, SENT, RECEIVED, OPEN, CLICKED).",
                "message_id: is taken from mid; id fits nearly as well.",
                "channel: \"fax\" stays as it is: the map may name what the lake is to have (CHAT, EMAIL, SMS, PUSH, OTHER).",
                "country_id: cc has values such as \"TR\": the lake is to be created with --country-id text and --countries FILE, which has their names.",
                "user_id: is in JSON in a text: extra.user.",
            ], inferred.Doubts);
    }

    [Theory]
    [InlineData("\"alice\"", null, "\"user\"", IdType.Text, "user has values such as \"alice\": the lake is to be created with --user-id text.")]
    [InlineData("5000000000", null, "\"user\"", IdType.Number64, "user has values such as 5000000000: the lake is to be created with --user-id int64.")]
    [InlineData("\"5000000000\"", null, "\"user\"", IdType.Number64, "user has values such as 5000000000: the lake is to be created with --user-id int64.")]
    [InlineData("9999999999999999999", null, "\"user\"", IdType.Text, "user has values such as 9999999999999999999: the lake is to be created with --user-id text.")]
    [InlineData("7", null, "\"user\"", IdType.Number32, null)]
    [InlineData("\"alice\"", IdType.Text, "\"user\"", IdType.Text, null)]
    [InlineData("5000000000", IdType.Number64, "\"user\"", IdType.Number64, null)]
    [InlineData("\"alice\"", IdType.Number32, "null", IdType.Number32, "is null: user has values such as \"alice\", and the lake's are int32 (a map can make them, and a lake that is created with --user-id text takes them).")]
    [InlineData("5000000000", IdType.Number32, "null", IdType.Number32, "is null: user has values such as 5000000000, and the lake's are int32 (a map can make them, and a lake that is created with --user-id int64 takes them).")]
    [InlineData("\"alice\"", IdType.Number64, "null", IdType.Number64, "is null: user has values such as \"alice\", and the lake's are int64 (a map can make them, and a lake that is created with --user-id text takes them).")]
    [InlineData("1.5", null, "null", IdType.Number32, "is null: user has values such as \"1.5\", and text or whole numbers are expected (a map can make them).")]
    public void A_user_that_is_no_number_of_32_bits_is_proposed_with_the_lake_that_takes_it(string json, IdType? known, string place, IdType type, string? doubt)
    {
        InferredMapping inferred = Infer(isTable: false, new KnownIds(known, null), $$"""{"timestamp":"2024-12-16T10:00:00Z","msg_id":"a","event_type":"SENT","channel":"SMS","value":"x","country_id":7,"user":{{json}}}""");
        Assert.Contains($"\"user_id\": {place}", inferred.Text, StringComparison.Ordinal);
        Assert.Equal(new IdTypes(type, IdType.Number32), inferred.Ids);
        Assert.Equal(doubt is null ? [] : [$"user_id: {doubt}"], inferred.Doubts);
    }

    [Fact]
    public void A_number_by_another_name_is_a_user_before_a_text() => Assert.Contains(
        "\"user_id\": \"uid\"", Infer("""{"timestamp":"2024-12-16T10:00:00Z","message_id":"a","user":"alice","uid":7}""").Text, StringComparison.Ordinal);

    [Fact]
    public void What_is_beside_the_event_is_the_event_s()
    {
        Assert.Contains(
            "\"timestamp\": {\"from\": \"event-data.timestamp\", \"format\": \"epoch-s\"}",
            Infer("""{"signature":{"timestamp":"1529006854"},"event-data":{"event":"opened","timestamp":1529006854.3,"id":"a"}}""").Text, StringComparison.Ordinal);
        string text = Infer("""{"Type":"Notification","MessageId":"n","Timestamp":"2024-12-16T10:01:03.000Z","Message":"{\"eventType\":\"Delivery\",\"mail\":{\"timestamp\":\"2024-12-16T10:01:00.000Z\",\"messageId\":\"EX-1\"}}"}""").Text;
        Assert.Contains("\"timestamp\": \"Message.mail.timestamp\"", text, StringComparison.Ordinal);
        Assert.Contains("\"message_id\": \"Message.mail.messageId\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("com.acme.message.delivered", "RECEIVED")]
    [InlineData("users.messages.email.Open", "OPEN")]
    [InlineData("SMS_DELIVERED", "RECEIVED")]
    [InlineData("MessageClicked", "CLICKED")]
    [InlineData("Queued", "CREATED")]
    public void Events_of_other_names_are_mapped(string value, string known) =>
        Assert.Contains($"\"map\": {{\"{value}\": \"{known}\"}}", Infer($"{{\"ts\":1734343260,\"id\":\"m\",\"type\":\"{value}\"}}").Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("undelivered")]
    [InlineData("not_delivered")]
    [InlineData("bounce")]
    [InlineData("unsent.")]
    public void Events_that_are_none_of_the_known_ones_stay(string value) =>
        Assert.Contains("\"event_type\": \"type\"", Infer($"{{\"ts\":1734343260,\"id\":\"m\",\"type\":\"{value}\"}}").Text, StringComparison.Ordinal);

    [Fact]
    public void A_field_has_several_places_where_one_holds_what_another_lacks() =>
        Assert.Contains(
            "\"user_id\": [\"payload.to.user\", \"uid\"]",
            Infer("""{"id":"a","ts":1734343260123,"payload":{"to":{"user":5}}}""", """{"id":"b","ts":1734343260123,"payload":{"to":{"user":null}},"uid":7}""").Text, StringComparison.Ordinal);

    [Fact]
    public void Names_with_dots_are_pointers_but_a_table_s_columns()
    {
        const string Record = """{"a.id":"m","x/y":{"event.time":"2024-12-16T10:01:00Z"}}""";
        Assert.Contains("\"timestamp\": \"/x~1y/event.time\"", Infer(Record).Text, StringComparison.Ordinal);
        Assert.Contains("\"timestamp\": \"event.time\"", Infer(isTable: true, """{"message.id":"m","event.time":"2024-12-16T10:01:00Z"}""").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_as_they_are_need_none() =>
        Assert.Contains(
            "The records are messages as they are: they need no mapping.",
            Infer("""{"timestamp":"2024-12-16T10:01:00Z","message_id":"m","event_type":"OPEN","channel":"SMS","user_id":1,"country_id":2,"value":"v"}""").Doubts);

    [Fact]
    public void Random_records_give_a_mapping_and_the_same_one_again()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            string[] records = Records(new Random(seed));
            bool isTable = seed % 3 == 0;
            InferredMapping inferred = Infer(isTable, records);
            Assert.True(MessageMapping.TryParse(Encoding.UTF8.GetBytes(inferred.Text), out _, out string? error), error);
            Assert.Equal(inferred.Text, Infer(isTable, records).Text);
        }
    }

    [Fact]
    public void A_few_odd_values_do_not_take_a_field_away()
    {
        string[] usual = [.. Enumerable.Range(0, 30).Select(i => $"{{\"ts\":1734343260123,\"id\":\"m{i}\",\"event\":\"open\"}}")];
        InferredMapping inferred = Infer([.. usual, """{"ts":"n/a","id":1.5,"event":true}"""]);
        Assert.Contains("\"timestamp\": {\"from\": \"ts\", \"format\": \"epoch-ms\"}", inferred.Text, StringComparison.Ordinal);
        Assert.Contains("\"message_id\": \"id\"", inferred.Text, StringComparison.Ordinal);
        Assert.Contains("\"event_type\": {\"from\": \"event\"", inferred.Text, StringComparison.Ordinal);
        Assert.Contains("timestamp: some values of ts are not read as timestamps.", inferred.Doubts);
        Assert.Contains("message_id: 1 value of id is true, false or a fraction, which is rejected.", inferred.Doubts);
        Assert.Contains("event_type: 1 value of event is true, false or a fraction, which is rejected.", inferred.Doubts);
    }

    [Fact]
    public void A_time_that_cannot_be_read_is_named_where_the_time_of_receipt_takes_its_place() => Assert.Contains(
        "timestamp: is the time of receipt: ts has values such as \"n/a\", of which too few are read as times.",
        Infer("""{"ts":"n/a","id":"m1"}""", """{"ts":"soon","id":"m2"}""").Doubts);

    [Fact]
    public void Other_times_and_ids_are_named()
    {
        IReadOnlyList<string> doubts = Infer("""{"ts":1734343260123,"mail":{"sent":"2024-12-16T10:01:00Z"},"id":"a","payload":{"message":{"id":"b"}}}""").Doubts;
        Assert.Contains("timestamp: is taken from ts; mail.sent has times as well.", doubts);
        Assert.Contains(doubts, static doubt => doubt.StartsWith("message_id: is taken from payload.message.id; id ", StringComparison.Ordinal));
    }

    private static InferredMapping Infer(params string[] records) => Infer(isTable: false, records);

    private static InferredMapping Infer(bool isTable, params string[] records) => Infer(isTable, default, records);

    private static InferredMapping Infer(bool isTable, KnownIds known, params string[] records)
    {
        var facts = new SampleFacts();
        foreach (string record in records)
        {
            using var document = JsonDocument.Parse(record);
            facts.Add(document.RootElement);
        }

        return new MappingInference(facts, isTable, LakeTimeZone.Utc, known).Infer();
    }

    private static string Nested(ReadOnlySpan<string> names, string value) =>
        names.IsEmpty ? value : $"{{\"{names[0]}\":{Nested(names[1..], value)}}}";

    private static string[] Records(Random random)
    {
        string[] names = ["ts", "id", "event", "user", "a.b", "", "/", "0", "\\ud800", "via", "t\\n", "payload", "country", "~x", "é"];
        string Value(int depth) => random.Next(depth > 0 ? 12 : 9) switch
        {
            0 => "null",
            1 => "true",
            2 => "1734343260123",
            3 => "\"2024-12-16T10:01:00Z\"",
            4 => "\"delivered\"",
            5 => "\"\\udc00\\u0000\"",
            6 => "-1e400",
            7 => "\"03/04/2024\"",
            8 => "\"[{\\\"id\\\":1}\"",
            9 => $"[{Value(depth - 1)},{Value(depth - 1)}]",
            10 => JsonEncodedText.Encode(Object(depth - 1)) is var text ? $"\"{text}\"" : "",
            _ => Object(depth - 1),
        };
        string Object(int depth) => $"{{{string.Join(',', names.Where(_ => random.Next(3) == 0).Select(name => $"\"{name}\":{Value(depth)}"))}}}";
        return Enumerable.Range(0, random.Next(0, 30)).Select(_ => Object(4)).ToArray();
    }
}
