using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Engine.Tests;

/// <summary>JSON in all its dialects, tables in theirs, and what is none of them.</summary>
public class DialectTests
{
    private readonly SentMessage[] _sent = SentStreams.Many(300, 17);

    public static TheoryData<string, string, string, string> Dialects => new()
    {
        { "array.json", "[", ",", "]" },
        { "array-of-lines.json", "[\n", ",\n", ",\n]\n" },
        { "commas.ndjson", "", ",\n", ",\n" },
        { "firehose", "", "", "" },
        { "sequence.json-seq", "\u001e", "\n\u001e", "\n" },
        { "old-mac.json", "", "\r", "\r" },
        { "bom.json", "\uFEFF[", ", ", " ] " },
        { "lines.txt", "", "\n", "" },
        { "arrays.log", "[", "]\n[", "]" },
    };

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Every_dialect_of_JSON_is_taken_from_files_and_streams_whatever_the_blocks(string name, string start, string between, string end)
    {
        byte[] text = Encoding.UTF8.GetBytes(start + string.Join(between, _sent.Select(one => one.Line)) + end);
        foreach (int blockBytes in (int[])[64, 5_000, 1 << 20])
        {
            using var lake = new LakeUnderTest();
            await using (Lake open = await lake.OpenAsync())
            {
                var options = new IngestOptions { BlockBytes = blockBytes };
                var file = new IngestFile(lake.Scratch.Write(name, text));
                IngestSummary summary = await open.IngestAsync(file, options);
                Assert.Equal((300L, 0L), (summary.Accepted, summary.Rejected));
                Assert.Empty(summary.UnreadableFiles);
                Assert.True((await open.IngestAsync(file, options)).Skipped);
                using var stream = new MemoryStream(text);
                Assert.Equal(300, (await open.IngestAsync(new IngestInput(stream), options)).Accepted);
                await open.RunAsync(LakeUnderTest.CaughtUp);
            }

            lake.AssertHolds([.. _sent, .. _sent]);
        }
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_file_that_is_cut_anywhere_and_then_whole_gives_each_message_once(string name, string start, string between, string end)
    {
        byte[] text = Encoding.UTF8.GetBytes(start + string.Join(between, _sent.Take(20).Select(one => one.Line)) + end);
        var random = new Random(5);
        for (int i = 0; i < 12; i++)
        {
            using var lake = new LakeUnderTest();
            int cut = random.Next(60, text.Length);
            await using (Lake open = await lake.OpenAsync())
            {
                var file = new IngestFile(lake.Scratch.Write(name, text.AsSpan(0, cut)));
                IngestSummary first = await open.IngestAsync(file, LakeUnderTest.Plain);
                lake.Scratch.Write(name, text);
                IngestSummary rest = await open.IngestAsync(file, LakeUnderTest.Plain);
                Assert.True(first.Accepted + rest.Accepted == 20 && first.Rejected + rest.Rejected == 0, $"cut at {cut}: {first.Accepted} and {rest.Accepted}, {first.Rejected} and {rest.Rejected}");
                Assert.Empty(rest.UnreadableFiles);
                await open.RunAsync(LakeUnderTest.CaughtUp);
            }

            lake.AssertHolds(_sent[..20]);
        }
    }

    [Theory]
    [InlineData("\n[\n", ",\n", "\n]\n")]
    [InlineData("\n[", ",", "]")]
    [InlineData("\n[\r\n\r\n", "\r\n,\r\n", "\r\n]\r\n")]
    public async Task As_JSON_an_array_behind_lines_gives_its_elements_on_however_many_lines(string open, string between, string close)
    {
        string[] lines = [.. _sent.Take(5).Select(one => one.Line)];
        string text = $"{lines[0]}{open}{lines[1]}{between}{lines[2]}{between}{lines[3]}{close}\n{lines[4]}\n";
        using var lake = new LakeUnderTest();
        await using Lake opened = await lake.OpenAsync();
        var json = new IngestOptions { Format = IngestFormat.Json, BlockBytes = 64 };
        IngestSummary file = await opened.IngestAsync(new IngestFile(lake.Scratch.Write("f", text)), json);
        Assert.Equal((5L, 0L), (file.Accepted, file.Rejected));
        SendOutcome sent = await opened.SendAsync(Encoding.UTF8.GetBytes(text), new SendOptions { IsJsonText = true });
        Assert.Equal((5L, 0L), (sent.Accepted, sent.Rejected));
        SendOutcome asLines = await opened.SendAsync(Encoding.UTF8.GetBytes(text));
        Assert.All(asLines.Rejections.Take(1), rejection => Assert.StartsWith("the array does not end on its line; lake ingest --format json, or application/json over HTTP", rejection.Detail, StringComparison.Ordinal));
        Assert.Equal(open.EndsWith('\n') ? 2 : 0, asLines.Rejected);
    }

    [Fact]
    public async Task A_pretty_printed_file_is_taken_and_a_bad_element_is_named_by_number_and_byte()
    {
        using var lake = new LakeUnderTest();
        string pretty = _sent[0].Line.Replace(",\"", ",\n  \"", StringComparison.Ordinal).Replace("{", "{\n  ", StringComparison.Ordinal);
        string text = $"{pretty}\n{{\n  \"timestamp\": \"soon\",\n  \"message_id\": \"1\"\n}}\n{pretty}\n";
        await using Lake open = await lake.OpenAsync();
        IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("a.json", text)), LakeUnderTest.Plain);
        Assert.Equal((2L, 1L), (summary.Accepted, summary.Rejected));
        Rejection bad = summary.FirstRejections[RejectionReason.UnreadableTimestamp];
        Assert.Equal((2L, (long)Encoding.UTF8.GetByteCount(pretty) + 1), (bad.Record, bad.Position));
    }

    [Fact]
    public async Task An_array_on_a_line_gives_its_elements_and_one_without_an_object_is_one_rejected_record()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        IngestSummary summary = await open.IngestAsync(
            new IngestFile(lake.Scratch.Write("a.ndjson", $"{_sent[0].Line}\n[{_sent[1].Line},{_sent[3].Line}]\n[1,[2]]\n{_sent[2].Line}\n")), LakeUnderTest.Plain);
        Assert.Equal((4L, 1L), (summary.Accepted, summary.RejectedByReason[RejectionReason.NotAnObject]));
    }

    [Theory]
    [InlineData("t.tsv", "\t", null)]
    [InlineData("t.txt", "\t", null)]
    [InlineData("t.csv", ";", null)]
    [InlineData("t.csv.1", "|", null)]
    [InlineData("t", ",", null)]
    [InlineData("t.dat", "\t", IngestFormat.Tsv)]
    [InlineData("t.json", ",", IngestFormat.Csv)]
    public async Task A_table_is_known_by_its_header_or_as_it_is_said(string name, string separator, IngestFormat? format)
    {
        using var lake = new LakeUnderTest();
        byte[] text = Encoding.UTF8.GetBytes(string.Join(separator, "timestamp", "message_id", "value") + "\r" + string.Join(separator, "2024-12-16T10:00:00Z", "a", $"\"x{separator}\"") + "\r");
        await using Lake open = await lake.OpenAsync();
        var options = new IngestOptions { Format = format };
        Assert.Equal(1, (await open.IngestAsync(new IngestFile(lake.Scratch.Write(name, text)), options)).Accepted);
        using var stream = new MemoryStream(text);
        IngestSummary streamed = await open.IngestAsync(new IngestInput(stream), options);
        Assert.Equal(1, streamed.Accepted);
        Assert.Equal("no event_type, channel, country_id or user_id anywhere in stdin.", Assert.Single(streamed.Notes));
    }

    public static TheoryData<string, byte[], string> Refused => new()
    {
        { "a.bz2", [.. "BZh91AY&SY"u8, 1, 2, 3], "bzip2" },
        { "a.xz", [0xFD, .. "7zXZ"u8, 0, 0, 4], "xz" },
        { "a.lz4", [0x04, 0x22, 0x4D, 0x18, 0x64], "LZ4" },
        { "a.zip", [.. "PK\u0003\u0004"u8, .. "xxxx"u8], "zip archive" },
        { "a.xlsx", [.. "PK\u0003\u0004"u8, .. "xxxx[Content_Types].xml"u8], "Excel" },
        { "a.tar", [.. Encoding.ASCII.GetBytes("a.json".PadRight(257, '\0') + "ustar\0")], "tar archive" },
        { "a.tgz", Packed.Gzip(Encoding.ASCII.GetBytes("a.json".PadRight(257, '\0') + "ustar\0")), "tar archive" },
        { "a.json", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("{\"a\":1}\n")).ToArray(), "UTF-16LE" },
        { "b.json", Encoding.Unicode.GetBytes("{\"a\":1}\n"), "UTF-16LE" },
        { "c.csv", Encoding.BigEndianUnicode.GetBytes("timestamp,message_id\n"), "UTF-16BE" },
        { "d.json", Encoding.UTF32.GetBytes("{\"a\":1}\n"), "UTF-32LE" },
        { "two.gz", Packed.Gzip(Packed.Gzip("{}\n")), "packed twice, with gzip inside" },
        { "two.json", Packed.Gzip(Packed.Zstd("{}\n"u8)), "packed twice, with zstd inside" },
        { "two.zst", Packed.Zstd(Packed.Gzip("{}\n")), "packed twice, with gzip inside" },
        { "a.parquet.gz", Packed.Gzip("PAR1xxxxPAR1"), "a Parquet file that was packed once more" },
        { "b.parquet.zst", Packed.Zstd("PAR1xxxxPAR1"u8), "a Parquet file that was packed once more" },
        { "a.zz", [0x78, 0x9C, 0xAB, 0x56], "zlib" },
        { "z.gz", Packed.Gzip([0x78, 0xDA, 0xAB, 0, 0]), "zlib" },
        { "a.avro", [.. "Obj"u8, 1, 4], "Avro" },
        { "a.orc", [.. "ORC"u8, 1, 4], "ORC" },
        { "a.arrow", [.. "ARROW1"u8, 0, 0], "Arrow" },
        { "a.pdf", [.. "%PDF-1.7\n"u8], "PDF" },
        { "a.html", [.. "<html>\n<body>\n"u8], "HTML" },
        { "noise", [1, 0, 2, 0, 0, 3, 7, 0, 9], "not text" },
        { "a.csv", [.. "a,b\n1,2\n"u8], "no column timestamp" },
        { "b.csv", [.. "Timestamp;messageId\n1;2\n"u8], "it has: Timestamp, messageId; rename \"Timestamp\" to timestamp and \"messageId\" to message_id" },
        { "sep.csv", [.. "sep=;\ntimestamp;message_id\n2024-12-16T10:00:00Z;a\n"u8], "the header is in line 2: leave out what precedes it (tail -n +2 FILE" },
        { "title.csv.gz", Packed.Gzip("Events of today\n\ntimestamp,message_id\n2024-12-16T10:00:00Z,a\n"), "(zcat FILE | tail -n +3 | lake ingest - --format csv)" },
        { "title.csv.zst", Packed.Zstd("Events of today\ntimestamp,message_id\n2024-12-16T10:00:00Z,a\n"u8), "(zstdcat FILE | tail -n +2 | lake ingest - --format csv)" },
        { "mac.csv", [.. "Title\r\rtimestamp,message_id\r2024-12-16T10:01:00Z,m1\r"u8], "the header is in line 3: leave out what precedes it (tail -c +8 FILE | lake ingest - --format csv)" },
        { "windows.txt", [.. "\r\nTitle\r\ntimestamp,message_id\r\n2024-12-16T10:01:00Z,m1\r\n"u8], "(tail -n +3 FILE | lake ingest - --format csv)" },
        { "blank.txt", [.. "\n\nTitle\ntimestamp;message_id\n2024-12-16T10:01:00Z;m1\n"u8], "the header is in line 4: leave out what precedes it (tail -n +4 FILE" },
        { "utf16.csv.gz", Packed.Gzip(Encoding.Unicode.GetBytes("timestamp,message_id\n")), "(zcat FILE | iconv -f UTF-16LE -t UTF-8 | lake ingest -)" },
        { "bz2.gz", Packed.Gzip([.. "BZh91AY&SY"u8, 1, 2, 3]), "(zcat FILE | bzcat | lake ingest -)" },
        { "tar.zst", Packed.Zstd(Encoding.ASCII.GetBytes("a.json".PadRight(257, '\0') + "ustar\0")), "(zstdcat FILE | tar -xOf - | lake ingest - if" },
        { "title.csv", [.. "Events of today\n\ntimestamp,message_id\n2024-12-16T10:00:00Z,a\n"u8], "the header is in line 3" },
        { "title.txt", [.. "Events of today\ntimestamp\tmessage_id\n2024-12-16T10:00:00Z\ta\n"u8], "the header is in line 2" },
        { "rows.txt", [.. "2024-12-16T10:00:00Z;a\n2024-12-16T10:00:00Z;b\n"u8], "its first line looks like a row" },
        { "rows.csv", [.. "2024-12-16T10:00:00Z,a\n2024-12-16T10:00:00Z,b\n"u8], "its first line looks like a row, and a header is expected" },
        { "spaces.txt", [.. "timestamp message_id\n1 2\n"u8], "with commas, semicolons, bars or tabs between" },
        { "a.xml", [.. "<?xml?>\n<a/>\n"u8], "XML or HTML (it begins with \"<?xml?>\"); write it as" },
        { "noise.gz", [1, 0, 2, 0, 0, 3], "its name says gzip, but its bytes are not" },
        { "text.log.zst", [.. "INFO a\nINFO b\n"u8], "its name says zstd, but its bytes are not" },
        { "c.txt", [.. "ts\tid\ttype\n1\t2\tSENT\n"u8], "rename \"ts\" to timestamp and \"id\" to message_id" },
        { "banner.json", [.. "Exported 1 row\n[\n{\n\"timestamp\":\"2024-12-16T10:00:00Z\",\n\"message_id\":\"a\"\n}\n]\n"u8], "it begins with \"Exported 1 row\", which is not JSON; JSON begins in line 2: leave out what precedes it (tail -n +2 FILE | lake ingest -), or --format json" },
        { "comment.json.gz", Packed.Gzip("// a\r\n\r\n# b\r\n{\r\n\"message_id\":\"a\"\r\n}\r\n"), "JSON begins in line 4: leave out what precedes it (zcat FILE | tail -n +4 | lake ingest -)" },
        { "script.js", [.. "var data = [\n  {\n  \"message_id\":\"a\"\n  },\n  {\n  \"message_id\":\"b\"\n  }\n];\n"u8], "JSON begins in line 2" },
        { "long.json", Encoding.UTF8.GetBytes($"cb(\n[\n{string.Concat(Enumerable.Repeat("{\n\"message_id\":\"a\"\n},\n", 9_000))}"), "JSON begins in line 2" },
        { "pieces.txt", [.. "hello\n{\nfoo\n"u8], "neither JSON nor a table" },
        { "a.txt", [.. "2024-12-16 10:00:00 INFO start\n2024-12-16 10:00:01 INFO end\n"u8], "neither JSON nor a table" },
        { "rows.log", [.. "2024-12-16T10:00:00Z,a,SENT\n2024-12-16T10:00:00Z,b,SENT\n"u8], "neither JSON nor a table" },
        { "brackets.log", [.. "[2024-12-16 10:00:00] INFO\n[2024-12-16 10:00:01] INFO\n"u8], "neither JSON nor a table" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_cannot_be_read_is_told_once_and_leaves_nothing(string name, byte[] bytes, string says)
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        var file = new IngestFile(lake.Scratch.Write(name, bytes));
        using var stream = new MemoryStream(bytes);
        using var keyed = new MemoryStream(bytes);
        foreach (IngestSummary summary in (IngestSummary[])
        [
            await open.IngestAsync(file, LakeUnderTest.Plain),
            await open.IngestAsync(file, LakeUnderTest.Plain),
            await open.IngestAsync(new IngestInput(stream, name), LakeUnderTest.Plain),
            await open.IngestAsync(new IngestInput(keyed, name), new IngestOptions { Key = SendKey.Batch("p", 1) }),
        ])
        {
            Assert.Equal((0L, 0L, false), (summary.Accepted, summary.Rejected, summary.Skipped));
            string told = Assert.Single(summary.UnreadableFiles);
            Assert.StartsWith(name, told, StringComparison.Ordinal);
            Assert.Contains(says, told, StringComparison.Ordinal);
        }

        Assert.Equal(1, (await LakeUnderTest.IngestTextAsync(open, _sent[0].Line, new IngestOptions { Key = SendKey.Batch("p", 1) })).Accepted);
    }

    [Theory]
    [InlineData("a.ndjson", "", "is empty")]
    [InlineData("a.ndjson", "\n\n", "nothing but blanks")]
    [InlineData("a.csv", "timestamp,message_id\n", "a header and no rows")]
    [InlineData("a.json", " [ ] ", "an empty array")]
    public async Task A_file_without_records_says_so(string name, string text, string says)
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write(name, text)), LakeUnderTest.Plain);
        Assert.Empty(summary.UnreadableFiles);
        Assert.Contains(says, Assert.Single(summary.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_by_another_name_is_told()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        const string Line = """{"eventType":"SENT","Channel":"SMS","timestamp":"2024-12-16T10:00:00Z","message_id":"1","user_id":1,"country_id":null}""";
        IngestSummary json = await open.IngestAsync(new IngestFile(lake.Scratch.Write("a.ndjson", Line + "\n" + Line)), LakeUnderTest.Plain);
        Assert.Equal("no value, event_type (it has eventType) or channel (it has Channel) anywhere in a.ndjson.", json.Notes[0]);
        Assert.Equal(["a.ndjson: 2 fields are in no column: eventType, Channel (4 values); keep them by lake column keep attributes."], json.Notes.Skip(1));
        IngestSummary csv = await open.IngestAsync(
            new IngestFile(lake.Scratch.Write("a.csv", "Value,timestamp,event type,message_id,channel,user_id,country_id\nx,2024-12-16T10:00:00Z,SENT,1,,,\n")), LakeUnderTest.Plain);
        Assert.Equal("no value (it has Value) or event_type (it has event type) anywhere in a.csv.", csv.Notes[0]);
        IngestSummary none = await open.IngestAsync(new IngestFile(lake.Scratch.Write("b.ndjson", """{"ts":"2024-12-16T10:00:00Z","id":"1","type":"SENT"}""" + "\n")), LakeUnderTest.Plain);
        Assert.Equal("no timestamp (it has ts), value, event_type (it has type), message_id (it has id), channel, country_id or user_id anywhere in b.ndjson.", Assert.Single(none.Notes));
        Assert.EndsWith("; rename \"ts\" to timestamp and \"id\" to message_id", none.FirstRejections[RejectionReason.MissingTimestamp].Detail, StringComparison.Ordinal);
        Assert.Empty((await LakeUnderTest.IngestTextAsync(open, SentStreams.Ndjson(_sent))).Notes);
    }

    [Theory]
    [InlineData("", "\n")]
    [InlineData("[", "]")]
    [InlineData("", "")]
    public async Task A_column_by_another_name_is_told_however_the_records_arrive(string start, string end)
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        byte[] text = Encoding.UTF8.GetBytes(
            start + """{"timestamp":"2024-12-16T10:00:00Z","message_id":"1"}""" + (start.Length > 0 ? "," : "\n")
            + """{"timestamp":"2024-12-16T10:00:00Z","message_id":"2","eventType":"SENT","user_id":1,"country_id":null,"value":""}""" + end);
        foreach (SendKey? key in (SendKey?[])[null, SendKey.Batch("p", 0)])
        {
            foreach (int piece in (int[])[1, 70, 1 << 20])
            {
                using var stream = new PieceStream(text, piece);
                IngestSummary summary = await open.IngestAsync(new IngestInput(stream), new IngestOptions { Key = key is null ? null : SendKey.Batch("p", piece) });
                Assert.Equal("no event_type (it has eventType) or channel anywhere in stdin.", summary.Notes[0]);
            }
        }
    }

    [Fact]
    public async Task Blank_lines_may_stand_before_a_header_and_a_file_of_them_goes_on_when_it_grows()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        const string Text = "\n \r\ntimestamp,message_id\n2024-12-16T10:00:00Z,1\nsoon,2\n";
        IngestSummary first = await open.IngestAsync(new IngestFile(lake.Scratch.Write("a.csv", Text)), LakeUnderTest.Plain);
        Assert.Equal((1L, 5L), (first.Accepted, Assert.Single(first.FirstRejections).Value.Record));
        IngestSummary grown = await open.IngestAsync(new IngestFile(lake.Scratch.Write("a.csv", Text + "2024-12-16T10:00:00Z,3\n")), LakeUnderTest.Plain);
        Assert.Equal((1L, 0L, 5L), (grown.Accepted, grown.Rejected, grown.ResumedFrom));
    }

    [Fact]
    public async Task Text_that_is_packed_and_has_a_name_of_Parquet_is_read_by_its_bytes()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        Assert.Equal(1, (await open.IngestAsync(new IngestFile(lake.Scratch.Write("a.parquet", Packed.Gzip(_sent[0].Line + "\n"))), LakeUnderTest.Plain)).Accepted);
        Assert.Contains(
            "packed with gzip and not Parquet as it is",
            Assert.Single((await open.IngestAsync(new IngestFile(lake.Scratch.Write("b.gz", Packed.Gzip("PAR1"))), new IngestOptions { Format = IngestFormat.Parquet })).UnreadableFiles), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timestamps_are_read_as_they_are_said_to_be_written()
    {
        using var lake = new LakeUnderTest();
        await using (Lake open = await lake.OpenAsync())
        {
            var options = new IngestOptions { TimestampFormat = TimestampFormat.EpochMillis };
            IngestSummary json = await open.IngestAsync(
                new IngestFile(lake.Scratch.Write("a.ndjson", """{"timestamp":1734343260123,"message_id":"1"}""" + "\n" + """{"timestamp":"1734343260123","message_id":"2"}""" + "\n" + """{"timestamp":"2024-12-16T10:01:00Z","message_id":"3"}""" + "\n")), options);
            Assert.Equal((2L, 1L), (json.Accepted, json.RejectedByReason[RejectionReason.UnreadableTimestamp]));
            Assert.Contains("without --timestamp-format", json.FirstRejections[RejectionReason.UnreadableTimestamp].Detail, StringComparison.Ordinal);
            Assert.Equal(1, (await open.IngestAsync(new IngestFile(lake.Scratch.Write("a.csv", "timestamp,message_id\n1734343260123,4\n")), options)).Accepted);
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        Assert.All(SilverRows.Read(lake.Path), row => Assert.Contains("2024-12-16", row.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("page.html", "<!DOCTYPE html><html></html>")]
    [InlineData("page.htm", "<html></html>\n")]
    [InlineData("data", "<?xml version=\"1.0\"?><a/>")]
    [InlineData("data.xml", "<a/>")]
    public async Task Markup_of_one_line_is_told_and_not_taken(string name, string text)
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write(name, text)), new IngestOptions());
        Assert.Contains("it looks like XML or HTML", Assert.Single(summary.UnreadableFiles), StringComparison.Ordinal);
        Assert.Equal(0, summary.Rejected);
    }

    // What each is read as: lines (of three records), or values or a table (of fewer), or what is reported.
    public static TheoryData<string, string, string> Arriving
    {
        get
        {
            const string One = """{"timestamp":"2024-12-16T10:00:00Z","message_id":"1"}""";
            string pretty = One.Replace(",", ",\n  ", StringComparison.Ordinal);
            string brackets = One.Replace("{", "{\n  ", StringComparison.Ordinal).Replace("}", "\n}", StringComparison.Ordinal);
            return new()
            {
                { "pretty", $"{pretty}\n{pretty}\n", "2 0" },
                { "brackets", $"{brackets}\n{brackets}\n", "2 0" },
                { "pretty.log", $"\n\n{pretty}\n\n{brackets}", "2 0" },
                { "broken", $"{pretty.Replace(",", ",,", StringComparison.Ordinal)}\n{pretty}\n", "1 1" },
                { "unclosed", brackets[..^2] + " oops\n\"channel\":1\n", "0 1" },
                { "bracket", $"{{\"a\":[1,\n{One}\n{One}\n", "2 1" },
                { "bracket-at-end", $"{{\"a\":[1,\n{One}\n{One}", "2 1" },
                { "nested", $"{{\"a\":[1,\n{One}\n],{One[1..]}\n", "1 0" },
                { "half", $"{One[..20]}\n{One}\n", "1 1" },
                { "colon", $"{{\"a\":\n{One}\n{One}\n", "2 1" },
                { "lines", $"{One}\n{One}\n", "2 0" },
                { "one", One, "1 0" },
                { "none", $"{One}{One}{One}", "3 0" },
                { "array", $"[\n{One},\n{One}\n]\n", "2 0" },
                { "numbers", $"[1],2]\n{One}\n", "1 1" },
                { "null first", $"[\nnull,\n{One}\n]\n", "1 1" },
                { "array first", $"[[{One}],{One}]", "1 1" },
                { "arrays", $"[\n[{One}]\n]\n", "0 1" },
                { "number first", $"[1,{One},\"x\",{One}]\n", "2 2" },
                { "text first", $"[\"]\", {One}]", "1 1" },
                { "truth first", $"[true\n,{One}]", "1 1" },
                { "no comma", $"[null {One}]", "1 1" },
                { "lines and array", $"{One}\n{One}\n[{One},{One}]\n", "4 0" },
                { "object and array", $"{One}[{One}]", "2 0" },
                { "pretty and array", $"{pretty}\n[{One},{One}]\n", "3 0" },
                { "array of all", $"{One}\n[{One},5]\n", "2 1" },
                { "array of numbers", $"{One}\n[1,2]\n{One}\n", "2 1" },
                { "array cut off", $"{One}\n[{One},\n", "1 1" },
                { "comma lines", $"{One}\n,\n{One}\n , \n", "2 0" },
                { "pretty and comma lines", $"{pretty}\n,\n{One}\n,\n", "2 0" },
                { "syslog", "<6>Nov 1 host app: {}\n<6>Nov 2 host app: {}\n", "it is neither JSON" },
                { "lists", "[1,2]\n[3]\n", "0 3" },
                { "list and lines", $"[1,2]\n{One}\n{One}\n", "2 2" },
                { "word first", $"[None, {One}]", "1 1" },
                { "unlike", "[1] started\n[2] stopped\n", "it is neither JSON" },
                { "dated", "[2024-12-16 10:00:00] started\n[2024-12-16 10:00:00] stopped\n", "it is neither JSON" },
                { "dated lines", $"[2024-12-16 10:00:00] started\n{One}\n", "1 1" },
                { "brace header", "{id},timestamp,message_id\n,2024-12-16T10:00:00Z,1\n", "1 0" },
                { "brace header.csv", "{id};timestamp;message_id\n;2024-12-16T10:00:00Z;1\n", "1 0" },
                { "brace header.tsv", "{}\ttimestamp\tmessage_id\n\t2024-12-16T10:00:00Z\t1\n", "1 0" },
                { "bracket header", "[id]|timestamp|message_id\n|2024-12-16T10:00:00Z|1\n", "1 0" },
                { "two brackets.csv", "[],[x],timestamp,message_id\n,,2024-12-16T10:00:00Z,1\n", "1 0" },
                { "bracket and line end", "{id},\"a\nb\",timestamp,message_id\n,,2024-12-16T10:00:00Z,1\n", "1 0" },
                { "array.csv", $"[{One}]", "1 0" },
                { "garbage", $"garbage\n{One}\n", "1 1" },
                { "garbage and half", $"garbage\n{One[..20]}\n{One}", "1 2" },
                { "garbage and long", $"garbage\n{One[..^1]},\"value\":\"{new string('x', 70_000)}\"}}\n", "1 1" },
                { "garbage and commas", $"garbage\n{One},\n{One}{One}\n", "3 1" },
                { "script", $"var data = [\n{One},\n{One}\n];\n", "2 2" },
                { "banner", $"Exported 1 row\n\n{pretty}\n", "it begins with \"Exported 1 row\", which is not JSON; JSON begins in line 3" },
                { "banner of brackets", $"[1] started\n{pretty}\n", "it begins with \"[1] started\", which is not JSON; JSON begins in line 2" },
                { "zero", One.Replace("1\"", "\0\"", StringComparison.Ordinal) + "\n" + One, "it holds bytes of 0" },
                { "later", One + "\n" + One.Replace("1\"", "\0\"", StringComparison.Ordinal) + "\n", "1 1" },
                { "twice", "timestamp,message_id,timestamp\n1,2,3\n", "the header names the column timestamp twice" },
                { "twice.csv", "timestamp,message_id,timestamp\n1,2,3\n", "the header names the column timestamp twice" },
                { "twice.txt", "timestamp;message_id;value;\"value\"\n1,2,3\n", "the header names the column value twice" },
                { "quoted", "\"a\nb\",timestamp,message_id\n,2024-12-16T10:00:00Z,1\n", "1 0" },
                { "table", "timestamp\tmessage_id\n2024-12-16T10:00:00Z\t1\n", "1 0" },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Arriving))]
    public async Task A_text_is_read_alike_from_a_file_and_from_a_stream_however_it_arrives(string name, string text, string right)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        Assert.StartsWith(right, Outcome(await open.IngestAsync(new IngestFile(lake.Scratch.Write(name, bytes)), LakeUnderTest.Plain)), StringComparison.Ordinal);
        foreach (int piece in (int[])[1, 5, 60, 1 << 20])
        {
            using var stream = new PieceStream(bytes, piece);
            Assert.StartsWith(right, Outcome(await open.IngestAsync(new IngestInput(stream, name), LakeUnderTest.Plain)), StringComparison.Ordinal);
        }

        string Outcome(IngestSummary summary) =>
            summary.UnreadableFiles.Count > 0 ? summary.UnreadableFiles[0][(name.Length + 2)..] : $"{summary.Accepted} {summary.Rejected}";
    }

    [Theory]
    [InlineData("é€", false, "(iconv -f WINDOWS-1252 -t UTF-8 FILE | lake ingest -)")]
    [InlineData("ü", true, "(zcat FILE | iconv -f WINDOWS-1252 -t UTF-8 | lake ingest -)")]
    [InlineData("\u0001ü", false, null)]
    public async Task Text_of_one_byte_a_character_is_told_once_how_to_convert_it(string value, bool isPacked, string? advice)
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        string rows = string.Concat(Enumerable.Range(0, 3).Select(i => $"2024-12-16T10:01:00Z,m{i},{value}\n")).Replace('€', '\u0080');
        byte[] text = Encoding.Latin1.GetBytes($"timestamp,message_id,value\n{rows}");
        IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("one.csv", isPacked ? Packed.Gzip(text) : text)), LakeUnderTest.Plain);
        Assert.Equal(3, summary.RejectedByReason[RejectionReason.NotUtf8]);
        Assert.Equal(
            advice is null ? [] : [$"one.csv is not UTF-8; if it is in Windows-1252 or Latin-1, convert it {advice}."],
            summary.Notes.Where(static note => note.Contains("UTF-8", StringComparison.Ordinal)));
    }

    // Whole objects that no line end follows: nothing that is added to the file would make them others.
    [Theory]
    [InlineData("\\ud800", false)]
    [InlineData("\u00E9", true)]
    public async Task A_whole_last_object_that_is_not_UTF_8_is_a_record_and_no_half(string channel, bool isOtherEncoding)
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        byte[] text = Encoding.Latin1.GetBytes($$"""{"timestamp":"2026-01-01T00:00:00Z","message_id":"a","channel":"{{channel}}"}""");
        IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("one.json", text)), LakeUnderTest.Plain);
        Assert.Empty(summary.UnreadableFiles);
        Assert.Equal(1, summary.RejectedByReason[RejectionReason.NotUtf8]);
        Assert.Equal(isOtherEncoding, summary.Notes.Any(static note => note.Contains("UTF-8", StringComparison.Ordinal)));
    }
}
