using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Tests.Parsing;

/// <summary>Notes about columns that a source has by other names only.</summary>
public class MissingColumnsTests
{
    private const string At = "\"2024-12-16T10:00:00Z\"";

    public static TheoryData<string, string> Names
    {
        get
        {
            var names = new TheoryData<string, string>();
            foreach (string name in (string[])["ts", "Timestamp", "TIMESTAMP", "time", "event_time", "eventTime", "createdAt", "@timestamp", "time-stamp", "event_timestamp_utc", "timestmap", "timestamps", "DateTime"])
            {
                names.Add(name, "timestamp");
            }

            foreach (string name in (string[])["id", "_id", "ID", "msg_id", "messageId", "MessageID", "uuid", "sms_message_id", "mesage_id"])
            {
                names.Add(name, "message_id");
            }

            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_required_column_by_another_name_is_named_with_what_to_rename(string name, string column)
    {
        string other = column == "timestamp" ? "\"message_id\":\"m\"" : $"\"timestamp\":{At}";
        string hint = $"rename \"{name}\" to {column}";
        Assert.EndsWith($"; {hint}", Unless(column, Rejection($$"""{{{other}},"{{name}}":{{At}}}""")), StringComparison.Ordinal);
        string header = column == "timestamp" ? $"message_id,{name}" : $"{name},timestamp";
        Assert.False(CsvParser.TryOpen(Encoding.UTF8.GetBytes(header + "\n"), LakeTimeZone.Utc, out _, out string? error));
        Assert.Equal($"the header has no column {column}; it has: {header.Replace(",", ", ", StringComparison.Ordinal)}; {hint}", error);
        Assert.Equal(hint, MissingColumns.RenamesOfHeader(Encoding.UTF8.GetBytes(header.Replace(',', ';')), (byte)';'));
    }

    [Fact]
    public void Both_are_named_together()
    {
        Assert.EndsWith("; rename \"ts\" to timestamp and \"id\" to message_id", Rejection($$"""{"ts":{{At}},"id":"m","type":"SENT"}"""), StringComparison.Ordinal);
        Assert.False(CsvParser.TryOpen("ts,id\n"u8, LakeTimeZone.Utc, out _, out string? error));
        Assert.Equal("the header has no column timestamp or message_id; it has: ts, id; rename \"ts\" to timestamp and \"id\" to message_id", error);
    }

    [Theory]
    [InlineData("""{"events":[{"timestamp":"x","message_id":"a"}]}""", "the messages are in its field \"events\" (jq -c '.events[]' takes them out)")]
    [InlineData("""{"id":"e","time":"t","data":{"a":[{"timestamp":1}],"message_id":"a","timestamp":"x"}}""", "the message is in its field \"data\" (jq -c '.data' takes it out)")]
    [InlineData("""{"detail":{"x":[{"timestamp":1}],"the body":{"timestamp":"x","message_id":"a"}}}""", "the message is in its field \"detail\" (jq -c '.detail[\"the body\"]' takes it out)")]
    [InlineData("""{"Records":[{"id":1},{"sqs":{"timestamp":"x","message_id":"a"}}]}""", "the messages are in its field \"Records\" (jq -c '.Records[].sqs' takes them out)")]
    [InlineData("""{"id":"q","body":"{\"timestamp\":\"x\",\"message_id\":\"a\"}"}""", "the message is in its field \"body\", as text (jq -c '.body | fromjson' takes it out)")]
    [InlineData("""{"Records":[{"body":"{\"Message\":\"[{\\\"timestamp\\\":1,\\\"message_id\\\":2}]\"}"}]}""", "jq -c '.Records[].body | fromjson | .Message | fromjson | .[]' takes them out")]
    [InlineData("""{"my list":[1,{"timestamp":"x","message_id":"a"}]}""", "jq -c '.[\"my list\"][]'")]
    public void Messages_within_an_envelope_are_told_where_they_are(string json, string hint) => Assert.Contains(hint, Rejection(json), StringComparison.Ordinal);

    [Fact]
    public void A_name_that_looks_like_both_is_neither()
    {
        Assert.False(CsvParser.TryOpen("timestamp^message_id\n"u8, LakeTimeZone.Utc, out _, out string? error));
        Assert.DoesNotContain("rename", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"timestamp":null,"ts":1}""")]
    [InlineData("""{"name":"x","channel":"SMS"}""")]
    [InlineData("""{"nested":{"ts":1,"id":2}}""")]
    public void Nothing_is_guessed_where_nothing_looks_like_it(string json) => Assert.DoesNotContain("rename", Rejection(json), StringComparison.Ordinal);

    [Fact]
    public void A_first_line_is_a_header_only_if_both_columns_are_meant()
    {
        Assert.Null(MissingColumns.RenamesOfHeader("time,level,text"u8, (byte)','));
        Assert.Null(MissingColumns.RenamesOfHeader("2024-12-16 10:00:00 INFO start"u8, (byte)','));
    }

    private static string Unless(string column, string detail)
    {
        Assert.StartsWith($"{column} is missing", detail, StringComparison.Ordinal);
        return detail;
    }

    private static string Rejection(string json)
    {
        var rejections = new List<Rejection>();
        new NdjsonParser(LakeTimeZone.Utc).Parse(Encoding.UTF8.GetBytes(json), 1, 0, new MessageBatch(), rejections);
        return Assert.Single(rejections).Detail;
    }
}
