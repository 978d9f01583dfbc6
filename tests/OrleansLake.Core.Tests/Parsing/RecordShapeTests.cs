using System.Text;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Tests.Parsing;

/// <summary>Records that are written alike, and some that are not, are taken as the reader of all JSON takes them.</summary>
public sealed class RecordShapeTests
{
    private const string Mapping = """
        {"fields": {"timestamp": {"from": "ts", "format": "epoch-us"}, "message_id": "payload.id", "value": "payload.body",
        "event_type": {"from": ["kind", "payload.kind"], "case": "upper", "map": {"OPEN": "OPEN", "1": "SENT"}, "otherwise": "keep"},
        "channel": "via", "country_id": "payload.to.country", "user_id": ["payload.to.user", "uid"]}}
        """;

    private static readonly string[] Times =
        ["1731048959449792", "1731048959449792", "1731048959449792", "0", "-1", "17310489594497921", "173104895944979217", "1731048959449792176", "99999999999999999999", "1731048959449792.5", "01731048959449792", "12345678", "1234567a", "null", "\"1731048959449792\""];

    private static readonly string[] Texts = ["\"a\"", "\"OPEN\"", "\"open\"", "\"\"", "\"with \\\"marks\\\"\"", "\"über sechzehn Bytes lang\"", "null", "1", "1.0", "true", "{}", "[1]", "{\"a\":null}"];

    private static readonly string[] Numbers = ["7", "83918", "2147483647", "2147483648", "-2147483648", "-0", "7.0", "7.5", "\"8\"", "007", "null", "12345678901234567890"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Reads_records_of_few_shapes_as_all_of_json_is_read(int seed)
    {
        var random = new Random(seed);
        for (int run = 0; run < 40; run++)
        {
            byte[] lines = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 200).Select(at => RecordOf(random, at))));

            (string[] rows, string[] rejections, string leftOut) = Parse(lines, shortcuts: true);
            (string[] rowsOfAll, string[] rejectionsOfAll, string leftOutOfAll) = Parse(lines, shortcuts: false);

            Assert.Equal(rowsOfAll, rows);
            Assert.Equal(rejectionsOfAll, rejections);
            Assert.Equal(leftOutOfAll, leftOut);
        }
    }

    [Fact]
    public void Reads_whole_numbers_of_every_length()
    {
        string[] times = [.. Enumerable.Range(1, 20).SelectMany(static digits => (string[])[new string('9', digits), "-" + new string('1', digits), "1" + new string('0', digits - 1)])];
        byte[] lines = Encoding.UTF8.GetBytes(string.Join('\n', times.Select(static time => $"{{\"ts\":{time},\"payload\":{{\"id\":\"m\"}}}}")));

        (string[] rows, string[] rejections, _) = Parse(lines, shortcuts: true);

        (string[] rowsOfAll, string[] rejectionsOfAll, _) = Parse(lines, shortcuts: false);
        Assert.Equal(rowsOfAll, rows);
        Assert.Equal(rejectionsOfAll, rejections);
        Assert.Equal(60, rows.Length + rejections.Length);
        Assert.True(rows.Length >= 51, "times of at most 17 digits are taken");
    }

    // Mostly as a program writes them; one in some with another value, order, blank, name or end.
    private static string RecordOf(Random random, int number)
    {
        bool isUsual = random.Next(8) > 0;
        string time = isUsual ? "1731048959449792" : Pick(random, Times);
        string id = isUsual ? $"\"{new Guid(number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)}\"" : Pick(random, Texts);
        string user = isUsual ? $"{number}" : Pick(random, Numbers);
        string country = random.Next(5) == 0 ? "" : $",\"country\":{(isUsual ? "2007" : Pick(random, Numbers))}";
        string to = random.Next(40) == 0 ? Pick(random, Texts) : $"{{\"user\":{user}{country}}}";
        string body = isUsual ? "\"0\"" : Pick(random, Texts);
        string more = random.Next(6) == 0 ? ",\"more\":{\"a\":1,\"b\":[2]}" : "";
        string payload = $"{{\"id\":{id},\"body\":{body},\"to\":{to}{more}}}";
        string[] members =
        [
            $"\"ts\":{time}",
            $"\"kind\":{(isUsual ? "\"open\"" : Pick(random, Texts))}",
            $"\"payload\":{(random.Next(40) > 0 ? payload : Pick(random, Texts))}",
            $"\"via\":{(isUsual ? "\"CHAT\"" : Pick(random, Texts))}",
            .. random.Next(5) == 0 ? [$"\"extra\":{Pick(random, Texts)}"] : Array.Empty<string>(),
            .. random.Next(30) == 0 ? ["\"via\":null"] : Array.Empty<string>(),
        ];
        if (random.Next(10) == 0)
        {
            random.Shuffle(members);
        }

        string comma = random.Next(20) > 0 ? "," : ", ";
        return "{" + string.Join(comma, members) + (random.Next(30) > 0 ? "}" : Pick(random, ["} ", "}x", "", "}\r", "}}"]));
    }

    private static string Pick(Random random, string[] choices) => choices[random.Next(choices.Length)];

    private static (string[] Rows, string[] Rejections, string LeftOut) Parse(byte[] lines, bool shortcuts)
    {
        Assert.True(MessageMapping.TryParse(Encoding.UTF8.GetBytes(Mapping), out MessageMapping? mapping, out string? error), error);
        var batch = new MessageBatch();
        var rejections = new List<Rejection>();
        var parser = new NdjsonParser(LakeTimeZone.Utc, mapping: mapping) { TakesShortcuts = shortcuts };
        parser.Parse(lines, 1, 0, batch, rejections);
        string leftOut = string.Join(", ", (parser.TakeLeftOut() ?? []).OrderBy(static one => one.Key, StringComparer.Ordinal).Select(static one => $"{one.Key} {one.Value}"));
        return (
            [.. Row.Of(batch).Select(static row => $"{row.Timestamp}|{row.Value}|{row.EventType}|{row.MessageId}|{row.Channel}|{row.CountryId}|{row.UserId}")],
            [.. rejections.Select(static one => $"{one.Record} {one.Reason} {one.Detail}")],
            leftOut);
    }
}
