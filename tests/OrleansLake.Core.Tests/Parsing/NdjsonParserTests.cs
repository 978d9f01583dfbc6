using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;
using OrleansLake.TestSupport;

namespace OrleansLake.Core.Tests.Parsing;

public class NdjsonParserTests
{
    private const string Good = """{"timestamp":"2024-11-01T12:53:13.834028Z","value":"0","event_type":"SENT","message_id":"460e5646-0012-42c8-a98e-0fd4e250b3fe","channel":"OTHER","country_id":2006,"user_id":1035}""";

    private static readonly string Deep63 = "{\"timestamp\":\"2024-11-01T12:53:13Z\",\"message_id\":\"a\",\"x\":" + new string('[', 63) + new string(']', 63) + "}";
    private static readonly string Deep64 = Deep63.Replace("[]", "[[]]", StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_golden_messages_are_what_the_platforms_reader_finds(bool shortcuts)
    {
        using var unpacked = new MemoryStream();
        using (var file = new GZipStream(File.OpenRead(Fixtures.Path("golden/events.ndjson.gz")), CompressionMode.Decompress))
        {
            file.CopyTo(unpacked);
        }

        byte[] bytes = unpacked.ToArray();
        (List<Row> rows, List<Rejection> rejections, ParseResult result) = Parse(bytes, shortcuts);
        Assert.Empty(rejections);
        Assert.Equal(new ParseResult(12_000, 12_000, 0), result);
        string[] lines = Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines.Select(FromDom), rows);
    }

    [Property(MaxTest = 500)]
    public void Messages_however_written_are_read_to_their_fields(DoNotSize<int> seed)
    {
        var messages = new RandomMessages(new System.Random(seed.Item));
        Row[] expected = [.. Enumerable.Range(0, 8).Select(_ => messages.Next())];
        byte[] block = Encoding.UTF8.GetBytes(string.Join('\n', expected.Select(messages.Json)));
        foreach (bool shortcuts in (bool[])[true, false])
        {
            (List<Row> rows, List<Rejection> rejections, _) = Parse(block, shortcuts);
            Assert.Empty(rejections);
            Assert.Equal(expected, rows);
        }
    }

    [Property(MaxTest = 3000)]
    public void Damaged_lines_are_judged_alike_with_and_without_shortcuts(DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        var messages = new RandomMessages(random);
        byte[] block = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 4).Select(_ => messages.Json(messages.Next()))));
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            block = Damage(block, random);
        }

        if (Lines(block).Any(static line => JsonObjects.CutLine(line.AsSpan().TrimEnd("\r"u8)) is not null))
        {
            // Not one record: JsonValueScannerTests has them.
            return;
        }

        (List<Row> quick, List<Rejection> quickRejections, ParseResult quickResult) = Parse(block, true);
        (List<Row> slow, List<Rejection> slowRejections, ParseResult slowResult) = Parse(block, false);
        Assert.Equal(slow, quick);
        Assert.Equal(slowResult, quickResult);
        Assert.Equal(slowRejections.Select(Show), quickRejections.Select(Show));
        Assert.All(Lines(block), static line => Assert.Equivalent(Alone(line, false), Alone(line, true), strict: true));

        // Every record is accounted for, and those that are reported as unreadable are the ones that the platform's
        // reader refuses.
        Dictionary<long, Rejection> byRecord = slowRejections.ToDictionary(r => r.Record);
        long record = 0;
        int accepted = 0;
        foreach (byte[] line in Lines(block))
        {
            record++;
            if (line.AsSpan().Trim(" \t\r"u8).IsEmpty)
            {
                Assert.False(byRecord.ContainsKey(record));
                continue;
            }

            bool isRejected = byRecord.TryGetValue(record, out Rejection? rejection);
            accepted += isRejected ? 0 : 1;
            Assert.Equal(!Utf8.IsValid(line) || IsHalfPair(line), isRejected && rejection!.Reason == RejectionReason.NotUtf8);
            if (Utf8.IsValid(line))
            {
                Assert.Equal(!IsJson(line), isRejected && rejection!.Reason == RejectionReason.NotReadable);
            }
        }

        Assert.Equal(record, slowResult.Records);
        Assert.Equal(accepted, slowResult.Accepted);
    }

    [Property(MaxTest = 2000)]
    public void No_bytes_make_it_throw(byte[] noise, bool shortcuts)
    {
        byte[] block = [.. Encoding.UTF8.GetBytes(Good[..40]), .. noise, (byte)'\n', .. noise, .. Encoding.UTF8.GetBytes("\n" + Good)];
        (List<Row> rows, _, ParseResult result) = Parse(block, shortcuts);
        Assert.Equal(result.Accepted, rows.Count);
        Assert.Equal("460e5646-0012-42c8-a98e-0fd4e250b3fe", rows[^1].MessageId);
    }

    [Theory]
    [InlineData("\" 2024-12-16T10:00:00Z\"", "; a blank is before it")]
    [InlineData("\"2024-12-16T10:00:00Z\\t\"", "; a blank is behind it")]
    [InlineData("\" 2024-12-16 \"", "; blanks are before and behind it")]
    [InlineData("\"2024-12-16T10:00:00+01:00[Europe/Paris]\"", "; it has a time zone in brackets behind it, as Java writes it: leave that out")]
    [InlineData("\"2024-12-16T10:00:00Z[UTC]\"", "; it has a time zone in brackets behind it, as Java writes it: leave that out")]
    [InlineData("\"\\/Date(1734343260123)\\/\"", "which --timestamp-format epoch-ms takes")]
    [InlineData("\"/Date(1734343260123+0100)/\"", "which --timestamp-format epoch-ms takes")]
    [InlineData("1.734343260e9", "; it is a number with an exponent: write it in digits, which --timestamp-format epoch-s and its like take")]
    [InlineData("{\"$date\":\"2024-12-16T10:00:00Z\"}", "; it is within MongoDB's {\"$date\": ...}: send what is in it, as jq -c '.timestamp |= .\"$date\"' does")]
    [InlineData("\"\"", " is expected")]
    [InlineData("\" \"", " is expected")]
    [InlineData("\"some time\"", " is expected")]
    [InlineData("{}", " is expected")]
    public void What_is_around_a_timestamp_is_named(string timestamp, string end)
    {
        var rejections = new List<Rejection>();
        new NdjsonParser(LakeTimeZone.Utc).ParseRecord(Encoding.UTF8.GetBytes($"{{\"timestamp\":{timestamp},\"message_id\":\"1\"}}"), 1, 0, new MessageBatch(), rejections);
        string detail = Assert.Single(rejections).Detail;
        Assert.True(detail.EndsWith(end, StringComparison.Ordinal) || (timestamp == "\"\"" && detail.Contains(end, StringComparison.Ordinal)), detail);
    }

    [Theory]
    [InlineData(" 7", "user_id is \" 7\", but a whole number from -2147483648 to 2147483647, without fraction or exponent, is expected; a blank is before the number")]
    [InlineData("7 ", "user_id is \"7 \", but a whole number from -2147483648 to 2147483647, without fraction or exponent, is expected; a blank is behind the number")]
    [InlineData("7x", "user_id is 7x, but a whole number from -2147483648 to 2147483647, without fraction or exponent, is expected; a lake that is created with --user-id text takes it")]
    [InlineData("7.5", "user_id is 7.5, but a whole number from -2147483648 to 2147483647, without fraction or exponent, is expected")]
    public void Blanks_around_a_number_are_shown(string text, string detail)
    {
        Assert.False(FieldText.TryReadInteger("user_id", Encoding.UTF8.GetBytes(text), out _, out FieldFault fault));
        Assert.Equal(detail, fault.Detail);
    }

    [Theory]
    [InlineData("5", "the record is a number, 5, but a JSON object is expected")]
    [InlineData("{\n \"a\":1,\n", "the record is not JSON (line 3, byte 0: ")]
    [InlineData("{\"a\":1,}", "the record is not JSON (byte 7: ")]
    public void A_piece_of_something_else_is_not_called_a_line(string piece, string detail)
    {
        var rejections = new List<Rejection>();
        new NdjsonParser(LakeTimeZone.Utc).ParseRecord(Encoding.UTF8.GetBytes(piece), 1, 0, new MessageBatch(), rejections);
        Assert.StartsWith(detail, Assert.Single(rejections).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello", RejectionReason.NotReadable, "hello")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a"}x""", RejectionReason.NotReadable, "byte 53")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a",}""", RejectionReason.NotReadable, "byte 53: a comma comes before the end, with nothing behind it")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a"}[]""", RejectionReason.NotReadable, "byte 53")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a",}""", RejectionReason.NotReadable, "not JSON")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a" """, RejectionReason.NotReadable, "not JSON")]
    [InlineData("""{"country_id":02000,"timestamp":"2024-11-01T12:53:13Z","message_id":"a"}""", RejectionReason.NotReadable, "not JSON")]
    [InlineData("""{"country_id":"x","timestamp":3""", RejectionReason.NotReadable, "not JSON")]
    [InlineData("{\"timestamp\":\"2024-11-01T12:53:13Z\",\"message_id\":\"a\tb\"}", RejectionReason.NotReadable, "not JSON")]
    [InlineData("""[1,["timestamp"]]""", RejectionReason.NotAnObject, "a JSON array")]
    [InlineData("\"text\"", RejectionReason.NotAnObject, "a JSON string")]
    [InlineData("12", RejectionReason.NotAnObject, "a number")]
    [InlineData("null", RejectionReason.NotAnObject, "the line is null, but a JSON object is expected")]
    [InlineData("true", RejectionReason.NotAnObject, "a truth value")]
    [InlineData("{}", RejectionReason.MissingTimestamp, "timestamp is missing")]
    [InlineData("""{"message_id":"a","timestamp":null}""", RejectionReason.MissingTimestamp, "timestamp is null")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z"}""", RejectionReason.MissingMessageId, "message_id is missing")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":null}""", RejectionReason.MissingMessageId, "message_id is null")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":""}""", RejectionReason.MissingMessageId, "message_id is \"\"")]
    [InlineData("""{"timestamp":"yesterday","message_id":"a"}""", RejectionReason.UnreadableTimestamp, "timestamp is \"yesterday\"")]
    [InlineData("""{"timestamp":"","message_id":"a"}""", RejectionReason.UnreadableTimestamp, "timestamp is \"\"")]
    [InlineData("""{"timestamp":"0000-01-01T00:00:00Z","message_id":"a"}""", RejectionReason.TimestampOutOfRange, "0000-01-01")]
    [InlineData("""{"timestamp":"10000-01-01T00:00:00Z","message_id":"a"}""", RejectionReason.TimestampOutOfRange, "10000-01-01")]
    [InlineData("""{"timestamp":1730465593,"message_id":"a"}""", RejectionReason.WrongType, "timestamp is 1730465593")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":1.5}""", RejectionReason.WrongType, "message_id is 1.5, but text or a whole number is expected")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":1e3}""", RejectionReason.WrongType, "message_id is 1e3, but text or a whole number is expected")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":true}""", RejectionReason.WrongType, "message_id is true, but text or a whole number is expected")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a","event_type":1}""", RejectionReason.WrongType, "event_type is 1, but text")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a","channel":["CHAT", 1]}""", RejectionReason.WrongType, "channel is [\"CHAT\", 1], but text")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a","value":true}""", RejectionReason.WrongType, "value is true, but text or a number")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a","value":{"a":{}}}""", RejectionReason.WrongType, "value is {\"a\":{}}, but")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a","country_id":"2000"}""", RejectionReason.WrongType, "country_id is \"2000\", but a whole number")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a","country_id":1e3}""", RejectionReason.WrongType, "country_id is 1e3, but a whole number")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a","user_id":2000.0}""", RejectionReason.WrongType, "user_id is 2000.0, but a whole number")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a","user_id":2147483648}""", RejectionReason.NumberOutOfRange, "user_id is 2147483648, but")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a","user_id":-2147483649}""", RejectionReason.NumberOutOfRange, "user_id is -2147483649, but")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a","user_id":99999999999999999999999999}""", RejectionReason.NumberOutOfRange, "99999999999999999999999999")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a","message_id":"a"}""", RejectionReason.DuplicateField, "message_id occurs twice")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a","value":null,"val\u0075e":null}""", RejectionReason.DuplicateField, "value occurs twice")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"\ud800"}""", RejectionReason.NotUtf8, "surrogate")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"\udc00\ud800"}""", RejectionReason.NotUtf8, "surrogate")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"\ud800\u0041"}""", RejectionReason.NotUtf8, "surrogate")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"\ud800x"}""", RejectionReason.NotUtf8, "surrogate")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a","\udfff":1}""", RejectionReason.NotUtf8, "surrogate")]
    [InlineData("""{"timestamp":"2024-11-01T12:53:13Z","message_id":"a","x":[{"y":"\udfff"}]}""", RejectionReason.NotUtf8, "surrogate")]
    [InlineData("""["\ud800"]""", RejectionReason.NotUtf8, "surrogate")]
    public void What_is_no_message_is_rejected_with_its_reason(string line, RejectionReason reason, string detail)
    {
        foreach (bool shortcuts in (bool[])[true, false])
        {
            byte[] block = Encoding.UTF8.GetBytes($"{Good}\n\n{line}\r\n{Good}\n");
            (List<Row> rows, List<Rejection> rejections, ParseResult result) = Parse(block, shortcuts, 11, 1000);
            Rejection rejection = Assert.Single(rejections);
            Assert.Equal(reason, rejection.Reason);
            Assert.Contains(detail, rejection.Detail, StringComparison.Ordinal);
            Assert.Contains("expected", rejection.Detail, StringComparison.Ordinal);
            Assert.Equal(13, rejection.Record);
            Assert.Equal(1000 + Good.Length + 2, rejection.Position);
            Assert.Equal(line, Encoding.UTF8.GetString(rejection.Raw));
            Assert.Equal(2, rows.Count);
            Assert.Equal(rows[0], rows[1]);
            Assert.Equal(new ParseResult(4, 2, 1), result);
        }
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_rejected_and_their_neighbours_are_read()
    {
        byte[] bad = Encoding.Latin1.GetBytes(Good.Replace("SENT", "SÉNT", StringComparison.Ordinal));
        byte[] surrogate = [.. "{\"x\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8];
        byte[] good = Encoding.UTF8.GetBytes(Good);
        byte[] block = [.. good, (byte)'\n', .. bad, (byte)'\n', .. surrogate, (byte)'\n', .. good];
        (List<Row> rows, List<Rejection> rejections, _) = Parse(block, true);
        Assert.Equal(2, rows.Count);
        Assert.Equal([RejectionReason.NotUtf8, RejectionReason.NotUtf8], rejections.Select(r => r.Reason));
        Assert.Equal(bad, rejections[0].Raw);
        Assert.Contains("0xC9", rejections[0].Detail, StringComparison.Ordinal);
        Assert.Contains($"position {Array.IndexOf(bad, (byte)0xC9)} ", rejections[0].Detail, StringComparison.Ordinal);
        Assert.Contains("position 6 ", rejections[1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_whole_number_for_a_message_id_is_kept_as_its_text()
    {
        string[] numbers = ["0", "12", "-7", "123456789012345678901234567890"];
        foreach (bool shortcuts in (bool[])[true, false])
        {
            foreach (string number in numbers)
            {
                (List<Row> rows, _, _) = Parse(Encoding.UTF8.GetBytes(Good.Replace("\"460e5646-0012-42c8-a98e-0fd4e250b3fe\"", number, StringComparison.Ordinal)), shortcuts);
                Assert.Equal(number, Assert.Single(rows).MessageId);
            }
        }
    }

    [Fact]
    public void A_number_in_value_is_kept_as_its_text()
    {
        string[] numbers = ["0", "-0", "12", "1.50", "1e3", "-7", "123456789012345678901234567890", "999999999999999999"];
        foreach (bool shortcuts in (bool[])[true, false])
        {
            foreach (string number in numbers)
            {
                (List<Row> rows, _, _) = Parse(Encoding.UTF8.GetBytes(Good.Replace("\"0\"", number, StringComparison.Ordinal)), shortcuts);
                Assert.Equal(number, Assert.Single(rows).Value);
            }
        }
    }

    [Fact]
    public void Values_are_shown_shortened()
    {
        string line = Good.Replace("1035", new string('9', 500), StringComparison.Ordinal);
        (_, List<Rejection> rejections, _) = Parse(Encoding.UTF8.GetBytes(line), true);
        Assert.Contains($"user_id is {new string('9', 79)}…, but", Assert.Single(rejections).Detail, StringComparison.Ordinal);
        line = Good.Replace("1035", "\"\\u001b[2J" + string.Concat(Enumerable.Repeat("😀", 500)) + "\u0080\"", StringComparison.Ordinal);
        (_, rejections, _) = Parse(Encoding.UTF8.GetBytes(line), true);
        Assert.DoesNotContain(rejections[0].Detail, char.IsControl);
    }

    [Fact]
    public void Nesting_is_limited()
    {
        Assert.Single(Parse(Encoding.UTF8.GetBytes(Deep63), true).Rows);
        Rejection rejection = Assert.Single(Parse(Encoding.UTF8.GetBytes(Deep64), true).Rejections);
        Assert.Equal(RejectionReason.NotReadable, rejection.Reason);
        Assert.Contains("64", rejection.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_skipped_at_the_inputs_start_only()
    {
        byte[] block = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Good)];
        Assert.Single(Parse(block, true).Rows);
        Assert.Equal(RejectionReason.NotReadable, Assert.Single(Parse(block, true, 1, 1).Rejections).Reason);
        Assert.Equal(new ParseResult(0, 0, 0), Parse([0xEF, 0xBB, 0xBF], true).Result);
    }

    [Fact]
    public void Blank_lines_are_records_without_a_message()
    {
        Assert.Equal(new ParseResult(3, 0, 0), Parse("\n \t\r\n\r\n"u8.ToArray(), true).Result);
        Assert.Equal(new ParseResult(0, 0, 0), Parse([], true).Result);
        Assert.Equal(new ParseResult(1, 0, 0), Parse(" "u8.ToArray(), true).Result);
    }

    [Fact]
    public void A_line_longer_than_the_limit_is_rejected_and_the_next_is_read()
    {
        int spare = NdjsonParser.LineBytesMax - Good.Length;
        string longest = Good.Replace("\"SENT\"", $"\"SENT{new string('x', spare)}\"", StringComparison.Ordinal);
        string tooLong = longest.Replace("\"SENT", "\"SENTx", StringComparison.Ordinal);
        foreach (bool shortcuts in (bool[])[true, false])
        {
            (List<Row> rows, List<Rejection> rejections, _) = Parse(Encoding.UTF8.GetBytes($"{longest}\n{tooLong}\n{Good}\n"), shortcuts);
            Assert.Equal(2, rows.Count);
            Assert.Equal(RejectionReason.TooLong, Assert.Single(rejections).Reason);
            Assert.Equal(2, rejections[0].Record);
        }
    }

    [Fact]
    public void Fields_that_no_column_takes_are_named_alike_by_both_readers()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(MappingCases.Any(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (one, seed) =>
        {
            var random = new System.Random(seed);
            string[] others = Encoding.UTF8.GetString(one.Text("one.ndjson")).TrimEnd('\n').Split('\n');
            string[] lines = [.. others.Select(other => $"{Good[..^1]},\"plan\":{other},\"n\":[{other},1.5],\"\":{{}},\"last\":\"{new string('x', 64)}\"}}\n")];
            byte[] block = Encoding.UTF8.GetBytes(string.Concat(lines));
            if (seed % 2 == 0)
            {
                block[random.Next(block.Length)] = (byte)"{}[]\",: 1ntx"[random.Next(12)];
            }

            Assert.Equal(LeftOut(block, false), LeftOut(block, true));
        }));

        static string LeftOut(byte[] block, bool shortcuts)
        {
            var batch = new MessageBatch();
            var parser = new NdjsonParser(LakeTimeZone.Utc) { TakesShortcuts = shortcuts };
            parser.Parse(block, 1, 0, batch, []);
            return string.Join('\n', (parser.TakeLeftOut() ?? []).OrderBy(static one => one.Key, StringComparer.Ordinal).Select(static one => $"{one.Key}: {one.Value}").Prepend($"{batch.Count} rows"));
        }
    }

    private static (List<Row> Rows, List<Rejection> Rejections, ParseResult Result) Parse(
        byte[] block, bool shortcuts, long firstRecord = 1, long firstPosition = 0)
    {
        var batch = new MessageBatch();
        var rejections = new List<Rejection>();
        var parser = new NdjsonParser(LakeTimeZone.Utc) { TakesShortcuts = shortcuts };
        ParseResult result = parser.Parse(block, firstRecord, firstPosition, batch, rejections);
        Assert.Equal(result.Rejected, rejections.Count);
        return (Row.Of(batch), rejections, result);
    }

    private static (Row[] Rows, string[] Rejections) Alone(byte[] record, bool shortcuts)
    {
        var batch = new MessageBatch();
        var rejections = new List<Rejection>();
        new NdjsonParser(LakeTimeZone.Utc) { TakesShortcuts = shortcuts }.ParseRecord(record, 7, 70, batch, rejections);
        return ([.. Row.Of(batch)], [.. rejections.Select(Show)]);
    }

    private static Row FromDom(string line)
    {
        using var document = JsonDocument.Parse(line);
        JsonElement root = document.RootElement;
        string? Text(string name) => root.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
        int? Number(string name) => root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
        DateTime time = DateTime.ParseExact(Text("timestamp")!, "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
        return new Row(
            (time - DateTime.UnixEpoch).Ticks / 10, Text("value"), Text("event_type"), Text("message_id"), Text("channel"), Number("country_id"), Number("user_id"));
    }

    private static byte[] Damage(byte[] block, System.Random random)
    {
        const string Bytes = "{}[]\",:\\ \n\r\t0123456789-.eEunltrfa\0\u0001";
        int at = random.Next(block.Length);
        int length = random.Next(1, 12);
        byte other = random.Next(6) == 0 ? (byte)random.Next(256) : (byte)Bytes[random.Next(Bytes.Length)];
        switch (random.Next(5))
        {
            case 0:
                return [.. block[..at], .. block[Math.Min(block.Length, at + length)..], (byte)' '];
            case 1:
                return [.. block[..at], other, .. block[at..]];
            case 2:
                return [.. block[..at], .. block[random.Next(at + 1)..]];
            case 3:
                return [.. block[..at], .. Encoding.UTF8.GetBytes("\\ud83d"), .. block[at..]];
            default:
                block[at] = other;
                return block;
        }
    }

    private static IEnumerable<byte[]> Lines(byte[] block)
    {
        for (int at = 0; at < block.Length;)
        {
            int end = Array.IndexOf(block, (byte)'\n', at);
            yield return block[at..(end < 0 ? block.Length : end)];
            at = end < 0 ? block.Length : end + 1;
        }
    }

    private static bool IsJson(byte[] line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 64 });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Returns whether a JSON line holds text that the platform's reader finds no characters for.</summary>
    private static bool IsHalfPair(byte[] line)
    {
        if (!IsJson(line))
        {
            return false;
        }

        var reader = new Utf8JsonReader(line);
        while (reader.Read())
        {
            try
            {
                _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
            }
            catch (InvalidOperationException)
            {
                return true;
            }
        }

        return false;
    }

    private static string Show(Rejection rejection) =>
        $"{rejection.Record} {rejection.Position} {rejection.Reason} {rejection.Detail} {Convert.ToHexString(rejection.Raw)}";
}
