using System.Text;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>A bad line between two good ones: it is named with its reason, kept as it came, and the good ones are taken.</summary>
public class BadLineTests
{
    private const string Good1 = """{"timestamp":"2024-12-16T12:01:05Z","value":"a","event_type":"SENT","message_id":"m1","channel":"SMS","country_id":2000,"user_id":1}""";
    private const string Good2 = """{"timestamp":"2024-12-16T12:01:06Z","value":"b","event_type":"OPEN","message_id":"m2","channel":"CHAT","country_id":2001,"user_id":2}""";

    /// <summary>Name, the line in Latin-1 (so that it can hold any byte), and what the message must say.</summary>
    public static TheoryData<string, string, string> BadLines => new()
    {
        { "not JSON", "timestamp=now", "JSON" },
        { "cut off", """{"timestamp":"2024-12-16T12:01:05Z","message_id":"m""", "JSON" },
        { "an object and more", Good1 + "x", "JSON" },
        { "an array", "[1,2]", "object" },
        { "a number", "42", "object" },
        { "a number where text belongs", """{"timestamp":"2024-12-16T12:01:05Z","message_id":"m","channel":7}""", "channel" },
        { "a number for a message id", """{"timestamp":"2024-12-16T12:01:05Z","message_id":7.5}""", "message_id" },
        { "text where a number belongs", """{"timestamp":"2024-12-16T12:01:05Z","message_id":"m","user_id":"1"}""", "user_id" },
        { "a fraction", """{"timestamp":"2024-12-16T12:01:05Z","message_id":"m","user_id":1.5}""", "user_id" },
        { "a huge number", """{"timestamp":"2024-12-16T12:01:05Z","message_id":"m","country_id":123456789012345678901234567890}""", "country_id" },
        { "one too much for 32 bits", """{"timestamp":"2024-12-16T12:01:05Z","message_id":"m","user_id":2147483648}""", "2147483648" },
        { "no message id", """{"timestamp":"2024-12-16T12:01:05Z","event_type":"SENT"}""", "message_id" },
        { "a null message id", """{"timestamp":"2024-12-16T12:01:05Z","message_id":null}""", "message_id" },
        { "an empty message id", """{"timestamp":"2024-12-16T12:01:05Z","message_id":""}""", "message_id" },
        { "no timestamp", """{"message_id":"m"}""", "timestamp" },
        { "an unreadable timestamp", """{"timestamp":"yesterday","message_id":"m"}""", "yesterday" },
        { "a day that there is not", """{"timestamp":"2023-02-29T00:00:00Z","message_id":"m"}""", "2023-02-29" },
        { "the year 0", """{"timestamp":"0000-12-31T23:59:59Z","message_id":"m"}""", "0000" },
        { "the year 10000", """{"timestamp":"10000-01-01T00:00:00Z","message_id":"m"}""", "10000" },
        { "the year 10000 in UTC", """{"timestamp":"9999-12-31T23:59:59-01:00","message_id":"m"}""", "9999" },
        { "invalid UTF-8", "{\"timestamp\":\"2024-12-16T12:01:05Z\",\"message_id\":\"m\",\"value\":\"\u00ff\u00fe\"}", "UTF-8" },
        { "a lone surrogate", """{"timestamp":"2024-12-16T12:01:05Z","message_id":"m","value":"\ud800"}""", "surrogate" },
        { "a lone surrogate in UTF-8", "{\"timestamp\":\"2024-12-16T12:01:05Z\",\"message_id\":\"m\",\"value\":\"\u00ed\u00a0\u0080\"}", "UTF-8" },
        { "a field twice", """{"timestamp":"2024-12-16T12:01:05Z","message_id":"m","message_id":"n"}""", "message_id" },
    };

    [Theory]
    [MemberData(nameof(BadLines))]
    public void A_bad_line_is_named_and_kept_and_the_rest_is_taken(string name, string line, string says)
    {
        var bad = Encoding.Latin1.GetBytes(line);
        using var lake = new LakeUnderTest();
        var file = lake.Scratch.Write("input.ndjson", [.. Encoding.UTF8.GetBytes(Good1), (byte)'\n', .. bad, (byte)'\n', .. Encoding.UTF8.GetBytes(Good2), (byte)'\n']);

        var result = lake.Expect(1, "ingest", file, "--run");

        Assert.True(result.Error.Contains(says, StringComparison.OrdinalIgnoreCase), $"{name}: '{says}' is not in: {result.Error}");
        Assert.Matches(@"(?i)(record|line)\D{0,12}\b2\b|input\.ndjson:2\b", result.Error);
        Assert.Equal(new LedgerCounts(2, 2, 0, 2), lake.Ledger());
        var kept = lake.Ok("quarantine", "list", "--format", "ndjson").Lines;
        Assert.Contains("input.ndjson", Assert.Single(kept), StringComparison.Ordinal);
    }

    [Fact]
    public void Quarantine_lists_the_raw_bytes_and_where_they_came_from()
    {
        using var lake = new LakeUnderTest();
        var file = lake.Scratch.Write("input.ndjson", $"{Good1}\nnonsense, kept as it came\n");
        lake.Expect(1, "ingest", file);

        // In the log until it is published, in a file after that: it is listed either way, and once.
        foreach (var publish in new[] { false, true })
        {
            if (publish)
            {
                lake.CatchUp();
            }

            var line = Assert.Single(lake.Ok("quarantine", "list", "--format", "ndjson").Lines);
            Assert.Contains("nonsense, kept as it came", line, StringComparison.Ordinal);
            Assert.Contains("input.ndjson", line, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a number in value is its text", """{"timestamp":"2024-12-16T12:01:05Z","message_id":"m","value":1e3}""" + "\n", 1)]
    [InlineData("fields that nobody knows", """{"timestamp":"2024-12-16T12:01:05Z","message_id":"m","more":{"a":[1,{}]}}""" + "\n", 1)]
    [InlineData("a BOM", "\ufeff" + Good1 + "\n", 1)]
    [InlineData("CRLF", Good1 + "\r\n" + Good2 + "\r\n", 2)]
    [InlineData("blank lines", "\n" + Good1 + "\n\n  \n" + Good2 + "\n\n", 2)]
    [InlineData("no newline at the end", Good1 + "\n" + Good2, 2)]
    [InlineData("two objects on a line", Good1 + "\n" + Good1 + Good2 + "\n", 3)]
    [InlineData("an array", "[" + Good1 + ",\n" + Good2 + "]", 2)]
    [InlineData("an empty file", "", 0)]
    [InlineData("nothing but blank lines", "\n\n", 0)]
    [InlineData("the notebook's timestamps", """{"timestamp":"2024-12-16 12:01:05.123","message_id":"m"}""" + "\n", 1)]
    public void What_only_looks_bad_is_taken(string name, string text, int rows)
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", lake.Scratch.Write("input.ndjson", text), "--run");
        Assert.True(rows == lake.Ledger().Bronze, name);
    }

    [Fact]
    public void A_line_of_100_MB_is_refused_and_the_rest_is_taken()
    {
        using var lake = new LakeUnderTest();
        var path = lake.Scratch["long.ndjson"];
        using (var file = File.Create(path))
        {
            file.Write(Encoding.UTF8.GetBytes(Good1 + "\n{\"message_id\":\""));
            var piece = new byte[1_000_000];
            Array.Fill(piece, (byte)'x');
            for (var i = 0; i < 100; i++)
            {
                file.Write(piece);
            }

            file.Write(Encoding.UTF8.GetBytes("\"}\n" + Good2 + "\n"));
        }

        var result = lake.Expect(1, "ingest", path, "--run");

        Assert.Matches(@"(?i)(record|line)\D{0,12}\b2\b|long\.ndjson:2\b", result.Error);
        Assert.True(result.Error.Length < 20_000, "the message quotes the line in full");
        Assert.Equal(new LedgerCounts(2, 2, 0, 2), lake.Ledger());
    }
}
