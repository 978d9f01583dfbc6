using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Xunit;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Tests.Parsing;

public class CsvParserTests
{
    private const string Header = "timestamp,value,event_type,message_id,channel,country_id,user_id\n";
    private const string Good = "2024-11-01T12:53:13.834028Z,0,SENT,460e5646-0012-42c8-a98e-0fd4e250b3fe,OTHER,2006,1035\n";

    [Fact]
    public void Columns_are_found_by_name_in_any_order()
    {
        (List<Row> rows, List<Rejection> rejections, ParseResult result) = Parse(
            "\uFEFFchannel,extra,message_id,\"timestamp\",user_id\r\nCHAT,x,a,2024-11-01T12:53:13Z,5\r\n,\"1,\n2\",\"b\"\"c\",2024-11-01 12:53:13,");
        Assert.Empty(rejections);
        Assert.Equal(new ParseResult(2, 2, 0), result);
        Assert.Equal(
            [
                new Row(1_730_465_593_000_000, null, null, "a", "CHAT", null, 5),
                new Row(1_730_465_593_000_000, null, null, "b\"c", null, null, null),
            ],
            rows);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Any_line_end_ends_a_record_and_stays_within_quotes(string end)
    {
        (List<Row> rows, List<Rejection> rejections, ParseResult result) = Parse(
            $"\uFEFF\"timestamp\", message_id ,value{end}2024-11-01T12:53:13Z,a,\"x\ry\nz\r\n\"{end}{end}2024-11-01T12:53:13Z,b,{end}2024-11-01T12:53:13Z,c,w");
        Assert.Empty(rejections);
        Assert.Equal(new ParseResult(4, 3, 0), result);
        Assert.Equal([("a", "x\ry\nz\r\n"), ("b", null), ("c", "w")], rows.Select(row => (row.MessageId!, row.Value)));
    }

    [Theory]
    [InlineData("\n", 1)]
    [InlineData("\uFEFF\r\n  \n", 2)]
    [InlineData("\r\r\r", 3)]
    public void Blank_lines_before_the_header_count_as_records(string blank, int lines)
    {
        byte[] text = Encoding.UTF8.GetBytes($"{blank}{Header}{Good}");
        Assert.True(CsvParser.TryOpen(text, LakeTimeZone.Utc, out CsvParser? parser, out string? error), error);
        Assert.Equal((text.Length - Good.Length, lines + 1), (parser.HeaderBytes, parser.HeaderRecords));
        Assert.Contains("user_id", MissingColumns.NamesOfHeader(text, (byte)','));
    }

    [Fact]
    public void Quoted_and_empty_is_null_in_a_number_and_an_empty_text_in_a_text()
    {
        (List<Row> rows, List<Rejection> rejections, _) = Parse(Header + "\"2024-11-01T12:53:13Z\",\"\",\"SENT\",\"a\",\"\",\"\",\"\"\n");
        Assert.Empty(rejections);
        Assert.Equal(new Row(1_730_465_593_000_000, "", "SENT", "a", "", null, null), Assert.Single(rows));
    }

    [Theory]
    [InlineData("\t")]
    [InlineData(";")]
    [InlineData("|")]
    public void Fields_may_be_separated_by_something_else(string separator)
    {
        byte[] text = Encoding.UTF8.GetBytes($"message_id{separator}value{separator}timestamp\na{separator}\"x{separator}\"\"y\n\"{separator}1734343260\r\nb{separator}1,5{separator}7\n");
        Assert.True(CsvParser.TryOpen(text, LakeTimeZone.Utc, (byte)separator[0], TimestampFormat.EpochSeconds, out CsvParser? parser, out string? error), error);
        var batch = new MessageBatch();
        var rejections = new List<Rejection>();
        parser.Parse(text.AsSpan(parser.HeaderBytes), 2, parser.HeaderBytes, batch, rejections);
        Assert.Empty(rejections);
        Assert.Equal(
            [new Row(1_734_343_260_000_000, $"x{separator}\"y\n", null, "a", null, null, null), new Row(7_000_000, "1,5", null, "b", null, null, null)],
            Row.Of(batch));
    }

    [Property(MaxTest = 500)]
    public void Messages_are_read_to_their_fields(DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        var messages = new RandomMessages(random);
        Row[] expected = [.. Enumerable.Range(0, 8).Select(_ => messages.Next())];
        string end = random.Next(3) switch { 0 => "\n", 1 => "\r\n", _ => "\r" };
        (List<Row> rows, List<Rejection> rejections, _) = Parse(Header + string.Join(end, expected.Select(row => Csv(row, random))));
        Assert.Empty(rejections);
        Assert.Equal(expected, rows);
    }

    [Theory]
    [InlineData(',', "is not CSV of the header's 2 columns")]
    [InlineData(';', "is not CSV of the header's 2 columns")]
    [InlineData('\t', "is not TSV of the header's 2 columns")]
    public void A_row_that_cannot_be_split_is_told_by_the_format_that_it_is_in(char separator, string detail)
    {
        byte[] text = Encoding.UTF8.GetBytes($"timestamp{separator}message_id\n2024-11-01T12:53:13Z{separator}a\"b\n");
        Assert.True(CsvParser.TryOpen(text, LakeTimeZone.Utc, (byte)separator, null, out CsvParser? parser, out _));
        var rejections = new List<Rejection>();
        parser.Parse(text.AsSpan(parser.HeaderBytes), 2, parser.HeaderBytes, new MessageBatch(), rejections);
        Assert.Contains(detail, Assert.Single(rejections).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-11-01T12:53:13Z,0,SENT,a,OTHER,2006", RejectionReason.NotReadable, "6 fields")]
    [InlineData("x", RejectionReason.NotReadable, "it has 1 field)")]
    [InlineData("2024-11-01T12:53:13Z,0,SENT,a,OTHER,2006,1,2", RejectionReason.NotReadable, "8 fields")]
    [InlineData("2024-11-01T12:53:13Z,0,SE\"NT,a,OTHER,2006,1", RejectionReason.NotReadable, "quotation mark")]
    [InlineData("2024-11-01T12:53:13Z,0,\"SENT\"x,a,OTHER,2006,1", RejectionReason.NotReadable, "after")]
    [InlineData(",0,SENT,a,OTHER,2006,1", RejectionReason.MissingTimestamp, "timestamp is null")]
    [InlineData("\"\",0,SENT,a,OTHER,2006,1", RejectionReason.MissingTimestamp, "timestamp is null")]
    [InlineData("2024,0,SENT,a,OTHER,2006,1", RejectionReason.UnreadableTimestamp, "2024")]
    [InlineData("0000-01-01 00:00:00,0,SENT,a,OTHER,2006,1", RejectionReason.TimestampOutOfRange, "0000-01-01")]
    [InlineData("2024-11-01T12:53:13Z,0,SENT,,OTHER,2006,1", RejectionReason.MissingMessageId, "message_id is null")]
    [InlineData("2024-11-01T12:53:13Z,0,SENT,\"\",OTHER,2006,1", RejectionReason.MissingMessageId, "message_id is \"\"")]
    [InlineData("2024-11-01T12:53:13Z,0,SENT,a,OTHER,x,1", RejectionReason.WrongType, "country_id is x, but a whole number")]
    [InlineData("2024-11-01T12:53:13Z,0,SENT,a,OTHER,+1,1", RejectionReason.WrongType, "country_id is +1, but a whole number")]
    [InlineData("2024-11-01T12:53:13Z,0,SENT,a,OTHER,01,1", RejectionReason.WrongType, "country_id is 01, but a whole number")]
    [InlineData("2024-11-01T12:53:13Z,0,SENT,a,OTHER,1.0,1", RejectionReason.WrongType, "country_id is 1.0, but a whole number")]
    [InlineData("2024-11-01T12:53:13Z,0,SENT,a,OTHER,1,99999999999", RejectionReason.NumberOutOfRange, "user_id is 99999999999, but")]
    public void What_is_no_message_is_rejected_with_its_reason(string record, RejectionReason reason, string detail)
    {
        (List<Row> rows, List<Rejection> rejections, ParseResult result) = Parse($"{Header}{Good}\n{record}\r\n{Good}");
        Rejection rejection = Assert.Single(rejections);
        Assert.Equal(reason, rejection.Reason);
        Assert.Contains(detail, rejection.Detail, StringComparison.Ordinal);
        Assert.Equal(4, rejection.Record);
        Assert.Equal(Header.Length + Good.Length + 1, rejection.Position);
        Assert.Equal(record, Encoding.UTF8.GetString(rejection.Raw));
        Assert.Equal(2, rows.Count);
        Assert.Equal(new ParseResult(4, 2, 1), result);
    }

    [Theory]
    [InlineData("", "timestamp")]
    [InlineData("timestamp,value\n", "no column message_id; it has: timestamp, value")]
    [InlineData("message_id;timestamp\n", "no column timestamp or message_id; it has: message_id;timestamp")]
    [InlineData("timestamp,message_id,timestamp\n", "timestamp twice")]
    [InlineData("timestamp,\"message_id\n", "not closed")]
    public void An_input_without_a_usable_header_is_refused_as_a_whole(string text, string detail)
    {
        Assert.False(CsvParser.TryOpen(Encoding.UTF8.GetBytes(text), LakeTimeZone.Utc, out CsvParser? parser, out string? error));
        Assert.Null(parser);
        Assert.Contains(detail, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_rejected_and_their_neighbours_are_read()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(Header + Good), .. Encoding.Latin1.GetBytes(Good.Replace("SENT", "SÉNT", StringComparison.Ordinal)), .. Encoding.UTF8.GetBytes(Good)];
        (List<Row> rows, List<Rejection> rejections, _) = Parse(bytes);
        Assert.Equal(2, rows.Count);
        Assert.Equal(RejectionReason.NotUtf8, Assert.Single(rejections).Reason);
    }

    [Fact]
    public void A_quotation_mark_that_is_not_closed_takes_the_rest_into_its_record()
    {
        (List<Row> rows, List<Rejection> rejections, _) = Parse($"{Header}{Good}\"{Good}{Good}");
        Assert.Single(rows);
        Assert.Contains("not closed", Assert.Single(rejections).Detail, StringComparison.Ordinal);
    }

    [Property(MaxTest = 1000)]
    public void Records_end_where_they_end_however_the_stream_is_cut(DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        const string Bytes = "a,\"\"\"\n\r";
        byte[] stream = [.. Enumerable.Range(0, random.Next(60)).Select(_ => (byte)Bytes[random.Next(Bytes.Length)])];
        var whole = default(CsvRecordScanner);
        int expected = LastRecordEnd(ref whole, stream);
        var scanner = default(CsvRecordScanner);
        int last = 0;
        for (int at = 0; at < stream.Length;)
        {
            int next = Math.Min(stream.Length, at + random.Next(1, 10));
            while (next < stream.Length && stream[next - 1] == '\r')
            {
                next++;
            }

            int end = LastRecordEnd(ref scanner, stream.AsSpan(at..next));
            last = end == 0 ? last : at + end;
            at = next;
        }

        Assert.Equal(expected, last);

        // Both are at the same place: a line feed ends a record there, or is a quoted one.
        Assert.Equal(whole.NextRecordEnd("\n"u8), scanner.NextRecordEnd("\n"u8));

        static int LastRecordEnd(ref CsvRecordScanner scanner, ReadOnlySpan<byte> piece)
        {
            int last = 0;
            for (int end = scanner.NextRecordEnd(piece); end > 0; end = scanner.NextRecordEnd(piece[last..]))
            {
                last += end;
            }

            return last;
        }
    }

    [Property(MaxTest = 2000)]
    public void No_bytes_make_it_throw_and_every_record_is_accounted_for(DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        byte[] block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Good, 4)));
        const string Bytes = "a,\"\"\n\r2-:TZ";
        for (int i = random.Next(8); i > 0; i--)
        {
            block[random.Next(block.Length)] = random.Next(6) == 0 ? (byte)random.Next(256) : (byte)Bytes[random.Next(Bytes.Length)];
        }

        (_, List<Rejection> rejections, ParseResult result) = Parse([.. Encoding.UTF8.GetBytes(Header), .. block]);
        Assert.True(result.Records >= result.Accepted + result.Rejected);
        Assert.All(rejections, r => Assert.Equal(r.Raw, block.AsSpan((int)r.Position - Header.Length, r.Raw.Length).ToArray()));
    }

    private static (List<Row> Rows, List<Rejection> Rejections, ParseResult Result) Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    private static (List<Row> Rows, List<Rejection> Rejections, ParseResult Result) Parse(byte[] bytes)
    {
        var batch = new MessageBatch();
        var rejections = new List<Rejection>();
        Assert.True(CsvParser.TryOpen(bytes, LakeTimeZone.Utc, out CsvParser? parser, out string? error), error);
        ParseResult result = parser.Parse(bytes.AsSpan(parser.HeaderBytes), 2, parser.HeaderBytes, batch, rejections);
        Assert.Equal(result.Rejected, rejections.Count);
        return (Row.Of(batch), rejections, result);
    }

    private static string Csv(Row row, System.Random random)
    {
        string Field(string? text)
        {
            bool quoted = text is "" || (text is not null && (text.AsSpan().IndexOfAny(",\"\n\r") >= 0 || random.Next(3) == 0));
            return quoted ? $"\"{text!.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text ?? "";
        }

        return string.Join(
            ',',
            Field(Row.Time(row.Timestamp!.Value)), Field(row.Value), Field(row.EventType), Field(row.MessageId), Field(row.Channel),
            Field(row.CountryId?.ToString(CultureInfo.InvariantCulture)), Field(row.UserId?.ToString(CultureInfo.InvariantCulture)));
    }
}
