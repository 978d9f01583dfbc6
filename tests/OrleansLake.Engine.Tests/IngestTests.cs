using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

public class IngestTests
{
    private readonly SentMessage[] _sent = SentStreams.Many(300, 11);

    [Theory]
    [InlineData("events.ndjson")]
    [InlineData("events.csv")]
    [InlineData("events.parquet")]
    [InlineData("events.csv.gz")]
    public async Task A_file_is_taken_once_unless_asked_again_or_its_content_is_another(string name)
    {
        using var lake = new LakeUnderTest();
        SentMessage[] other = SentStreams.Many(200, 12);
        var file = new IngestFile(lake.Scratch.Write(name, Bytes(name, _sent)));
        await using (Lake open = await lake.OpenAsync())
        {
            IngestSummary first = await open.IngestAsync(file, LakeUnderTest.Plain);
            Assert.Equal((300L, false, null), (first.Accepted, first.Skipped, first.SkippedBecause));
            await AssertSkipped(open, file);
        }

        await using (Lake open = await lake.OpenAsync())
        {
            await AssertSkipped(open, file);
            await open.ReplayAsync();
            await AssertSkipped(open, file);
            Assert.Equal(300, (await open.IngestAsync(file, new IngestOptions { Again = true })).Accepted);
            await AssertSkipped(open, file);
            lake.Scratch.Write(name, Bytes(name, other));
            Assert.Equal(200, (await open.IngestAsync(file, LakeUnderTest.Plain)).Accepted);
            await AssertSkipped(open, file);
            lake.Scratch.Write(name, Bytes(name, _sent));
            await AssertSkipped(open, file);
        }

        await lake.CatchUpAsync();
        lake.AssertHolds([.. _sent, .. _sent, .. other]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\uFEFF")]
    [InlineData("\r\n\r\n")]
    public async Task An_empty_file_is_no_error(string text)
    {
        using var lake = new LakeUnderTest();
        var file = new IngestFile(lake.Scratch.Write("empty", text));
        await using Lake open = await lake.OpenAsync();
        IngestSummary summary = await open.IngestAsync(file, LakeUnderTest.Plain);
        Assert.Equal((0L, 0L, false), (summary.Accepted, summary.Rejected, summary.Skipped));
        Assert.Empty(summary.UnreadableFiles);
        await AssertSkipped(open, file);
        await open.RunAsync(LakeUnderTest.CaughtUp);
        LakeUnderTest.AssertPasses(lake.Reader().Check());
    }

    [Fact]
    public async Task A_byte_order_mark_CRLF_blank_lines_and_a_missing_last_line_end_are_taken()
    {
        using var lake = new LakeUnderTest();
        string crlf = "\uFEFF" + SentStreams.Ndjson(_sent[..50], "\r\n") + "\r\n\n" + _sent[50].Line;
        string blank = SentStreams.Ndjson(_sent[51..60], "\n\n").TrimEnd('\n');
        await using (Lake open = await lake.OpenAsync())
        {
            Assert.Equal(51, (await open.IngestAsync(new IngestFile(lake.Scratch.Write("a.ndjson", crlf)), LakeUnderTest.Plain)).Accepted);
            Assert.Equal(9, (await LakeUnderTest.IngestTextAsync(open, blank)).Accepted);
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        lake.AssertHolds(_sent[..60]);
    }

    [Fact]
    public async Task A_rejected_record_is_named_by_its_line_and_its_byte_also_in_later_blocks()
    {
        using var lake = new LakeUnderTest();
        string filler = SentStreams.Of(0, new string('x', 1000)).Line + "\n";
        string before = string.Concat(Enumerable.Repeat(filler, 3000));
        await using Lake open = await lake.OpenAsync();
        IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("a.ndjson", before + "{}\nnot json")), LakeUnderTest.Plain);
        Assert.Equal((3000L, 2L), (summary.Accepted, summary.Rejected));
        Assert.Equal(1, summary.RejectedByReason[RejectionReason.MissingTimestamp]);
        Rejection last = summary.FirstRejections[RejectionReason.NotReadable];
        Assert.Equal((3002L, before.Length + 3L), (last.Record, last.Position));
        await open.RunAsync(LakeUnderTest.CaughtUp);
        QuarantineEntry[] entries = [.. lake.Reader().Quarantine()];
        Assert.Equal(["a.ndjson", "a.ndjson"], entries.Select(entry => entry.Source));
        Assert.Equal([3001L, 3002L], entries.Select(entry => entry.Rejection.Record));
        Assert.Equal("not json"u8.ToArray(), entries[1].Rejection.Raw);
    }

    [Fact]
    public async Task A_line_longer_than_a_block_is_a_message_and_one_longer_than_the_limit_is_rejected()
    {
        using var lake = new LakeUnderTest();
        SentMessage large = SentStreams.Of(0, new string('y', 3 << 20));
        string overlong = SentStreams.Of(0, new string('z', 17 << 20)).Line;
        await using (Lake open = await lake.OpenAsync())
        {
            string text = $"{_sent[0].Line}\n{large.Line}\n{overlong}\n{_sent[1].Line}\n";
            IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("a.ndjson", text)), LakeUnderTest.Plain);
            Assert.Equal((3L, 1L), (summary.Accepted, summary.RejectedByReason[RejectionReason.TooLong]));
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        lake.AssertHolds([_sent[0], large, new SentMessage(overlong, null, null), _sent[1]]);
    }

    [Fact]
    public async Task Quoted_line_ends_in_CSV_cross_the_borders_of_blocks()
    {
        using var lake = new LakeUnderTest();
        SentMessage[] rows = [.. Enumerable.Range(0, 400).Select(i => SentStreams.Of(i, string.Concat(Enumerable.Repeat($"line {i}, \"quoted\"\r\n\n", 700)), id: $"{i}"))];
        byte[] csv = Csv(rows);
        Assert.InRange(csv.Length, 4 << 20, 20 << 20);
        await using (Lake open = await lake.OpenAsync())
        {
            IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("rows.csv", csv)), LakeUnderTest.Plain);
            Assert.Equal((400L, 0L), (summary.Accepted, summary.Rejected));
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        lake.AssertHolds(rows);
    }

    [Fact]
    public async Task A_CSV_without_the_columns_of_a_message_is_unreadable_and_takes_nothing()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("other.csv", "a,b\n1,2\n")), LakeUnderTest.Plain);
        Assert.Contains("other.csv", Assert.Single(summary.UnreadableFiles), StringComparison.Ordinal);
        Assert.Equal((0L, 0L), (summary.Accepted, summary.Rejected));
    }

    [Fact]
    public async Task Rows_of_a_Parquet_file_that_no_sender_could_have_sent_are_rejected_one_by_one()
    {
        using var lake = new LakeUnderTest();
        SentMessage[] rows =
        [
            _sent[0], Odd(null, "1"), Odd(0, null), _sent[1], Odd(0, ""), Odd(long.MaxValue, "1"), _sent[2],
        ];
        await using (Lake open = await lake.OpenAsync())
        {
            IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("a.parquet", ExternalBronzeFile.Bytes(rows[..2], rows[2..]))), LakeUnderTest.Plain);
            Assert.Equal((3L, 4L), (summary.Accepted, summary.Rejected));
            Assert.Equal([2L, 3L, 6L], [.. summary.FirstRejections.Values.Select(r => r.Record).Order()]);
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        Assert.Equal(_sent[..3].Select((one, i) => one.Row(lake.Reader().TimeZone, Core.Countries.CountryTable.Notebook, i)), SilverRows.Read(lake.Path));
        Assert.Equal(4, lake.Reader().Quarantine().Count());

        static SentMessage Odd(long? micros, string? id) => new("", null, new Message(micros, "SENT", id, "CHAT", 1, 1, 0));
    }

    [Fact]
    public async Task A_folder_gives_its_Parquet_files_in_the_order_of_their_names_each_once()
    {
        using var lake = new LakeUnderTest();
        lake.Scratch.Write("in/b.parquet", ExternalBronzeFile.Bytes(_sent[20..30]));
        lake.Scratch.Write("in/a/z.parquet", ExternalBronzeFile.Bytes(_sent[..20]));
        lake.Scratch.Write("in/_SUCCESS", "");
        lake.Scratch.Write("in/_spark/c.parquet", ExternalBronzeFile.Bytes(_sent[50..]));
        lake.Scratch.Write("in/.c.parquet", "crc");
        var folder = new IngestFolder(lake.Scratch["in"]);
        await using (Lake open = await lake.OpenAsync())
        {
            Assert.Equal(30, (await open.IngestAsync(folder, LakeUnderTest.Plain)).Accepted);
            Assert.True((await open.IngestAsync(folder, LakeUnderTest.Plain)).Skipped);
            lake.Scratch.Write("in/c.parquet", ExternalBronzeFile.Bytes(_sent[30..40]));
            IngestSummary more = await open.IngestAsync(folder, LakeUnderTest.Plain);
            Assert.Equal((10L, false), (more.Accepted, more.Skipped));
            lake.Scratch.Write("in/d.parquet", ExternalBronzeFile.Bytes(_sent[40..50]).AsSpan()[..^3]);
            Assert.Contains("d.parquet", Assert.Single((await open.IngestAsync(folder, LakeUnderTest.Plain)).UnreadableFiles), StringComparison.Ordinal);
            Directory.CreateDirectory(lake.Scratch["none"]);
            Assert.Single((await open.IngestAsync(new IngestFolder(lake.Scratch["none"]), LakeUnderTest.Plain)).UnreadableFiles);
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        lake.AssertHolds(_sent[..40]);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_an_error_and_nothing_else()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        await Assert.ThrowsAsync<FileNotFoundException>(() => open.IngestAsync(new IngestFile(lake.Scratch["none"]), LakeUnderTest.Plain));
        Assert.Equal(300, (await LakeUnderTest.IngestTextAsync(open, SentStreams.Ndjson(_sent))).Accepted);
    }

    /// <summary>Messages in the format that a name stands for.</summary>
    internal static byte[] Bytes(string name, SentMessage[] rows)
    {
        byte[] plain = name.Contains(".csv", StringComparison.Ordinal) ? Csv(rows)
            : name.EndsWith(".parquet", StringComparison.Ordinal) ? ExternalBronzeFile.Bytes([.. rows.Chunk(Math.Max(1, rows.Length / 3))])
            : name.Contains(".json", StringComparison.Ordinal) ? Encoding.UTF8.GetBytes($"[{string.Join(",\n", rows.Select(row => row.Line))}]")
            : name.EndsWith(".firehose", StringComparison.Ordinal) ? Encoding.UTF8.GetBytes(SentStreams.Ndjson(rows, ""))
            : Encoding.UTF8.GetBytes(SentStreams.Ndjson(rows));
        return name.EndsWith(".gz", StringComparison.Ordinal) ? Packed.Gzip(plain) : plain;
    }

    private static byte[] Csv(SentMessage[] rows)
    {
        var text = new StringBuilder("message_id,timestamp,value,event_type,channel,country_id,user_id\n");
        foreach (SentMessage row in rows)
        {
            Message m = row.Message!;
            text.AppendJoin(',', [Cell(m.MessageId), SentStreams.TimeText(m.Timestamp!.Value), Cell(row.Value), Cell(m.EventType), Cell(m.Channel), $"{m.CountryId}", $"{m.UserId}"]).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());

        static string Cell(string? value) => value is null ? "" : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static async Task AssertSkipped(Lake lake, IngestFile file)
    {
        IngestSummary summary = await lake.IngestAsync(file, LakeUnderTest.Plain);
        Assert.Equal((0L, true), (summary.Accepted, summary.Skipped));
        Assert.NotNull(summary.SkippedBecause);
    }
}
