using System.IO.Compression;

namespace OrleansLake.Engine.Tests;

/// <summary>Files that somebody continues writing, and what is taken of them by another format.</summary>
public class GrownFileTests
{
    private readonly SentMessage[] _sent = SentStreams.Many(100, 19);

    [Theory]
    [InlineData("events.ndjson")]
    [InlineData("events.csv")]
    [InlineData("events.ndjson.gz")]
    public async Task A_file_that_grew_is_taken_from_where_it_was(string name)
    {
        using var lake = new LakeUnderTest();
        await using (Lake open = await lake.OpenAsync())
        {
            long before = 0;
            foreach (int rows in (int[])[10, 40, 100])
            {
                var file = new IngestFile(lake.Scratch.Write(name, IngestTests.Bytes(name, _sent[..rows])));
                IngestSummary summary = await open.IngestAsync(file, LakeUnderTest.Plain);
                Assert.Equal(rows - before, summary.Accepted);
                Assert.Empty(summary.UnreadableFiles);
                Assert.True((await open.IngestAsync(file, LakeUnderTest.Plain)).Skipped);
                before = rows;
            }

            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        lake.AssertHolds(_sent);
    }

    [Theory]
    [InlineData("events.ndjson.gz", 1)]
    [InlineData("events.csv.gz", 3)]
    public async Task Same_records_packed_otherwise_are_stored_once_and_so_are_they_with_one_more(string name, int partitions)
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { Partitions = partitions };
        await using (Lake open = await lake.OpenAsync())
        {
            foreach ((int rows, CompressionLevel level, int accepted) in ((int, CompressionLevel, int)[])
                [(99, CompressionLevel.NoCompression, 99), (99, CompressionLevel.SmallestSize, 0), (99, CompressionLevel.Fastest, 0), (100, CompressionLevel.SmallestSize, 1)])
            {
                byte[] text = IngestTests.Bytes(name[..^3], _sent[..rows]);
                IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write(name, Packed.Gzip(text, level))), LakeUnderTest.Plain);
                Assert.Equal((accepted, 0L), (summary.Accepted, summary.Rejected));
                Assert.Equal(accepted == 0 ? [$"{name} has the same records as before, packed otherwise."] : [], summary.Notes);
            }

            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        Assert.Equal(100, lake.Reader().Ledger.Total.Bronze);
    }

    [Fact]
    public async Task Half_a_line_waits_in_its_file_and_not_in_quarantine()
    {
        using var lake = new LakeUnderTest();
        string text = SentStreams.Ndjson(_sent[..3]);
        int cut = text.Length - 20;
        await using (Lake open = await lake.OpenAsync())
        {
            var file = new IngestFile(lake.Scratch.Write("events.ndjson", text[..cut]));
            for (int i = 0; i < 2; i++)
            {
                IngestSummary half = await open.IngestAsync(file, LakeUnderTest.Plain);
                Assert.Equal((i == 0 ? 2L : 0L, 0L, false), (half.Accepted, half.Rejected, half.Skipped));
                Assert.Contains("in the middle of record 3", Assert.Single(half.UnreadableFiles), StringComparison.Ordinal);
            }

            lake.Scratch.Write("events.ndjson", text);
            Assert.Equal((1L, 2L), await Rest(open, file));
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        lake.AssertHolds(_sent[..3]);
    }

    [Fact]
    public async Task A_last_record_without_its_end_is_taken_and_the_next_follows_it()
    {
        using var lake = new LakeUnderTest();
        await using (Lake open = await lake.OpenAsync())
        {
            string text = SentStreams.Ndjson(_sent[..3]);
            var file = new IngestFile(lake.Scratch.Write("events.ndjson", text.TrimEnd('\n')));
            Assert.Equal(3, (await open.IngestAsync(file, LakeUnderTest.Plain)).Accepted);
            lake.Scratch.Write("events.ndjson", text + "{\"bad\":1}\n" + _sent[3].Line);
            IngestSummary rest = await open.IngestAsync(file, LakeUnderTest.Plain);
            Assert.Equal((1L, 1L, 3L), (rest.Accepted, rest.Rejected, rest.ResumedFrom));
            Assert.Equal(4, rest.FirstRejections.Values.Single().Record);
        }
    }

    [Theory]
    [InlineData("events.ndjson")]
    [InlineData("events.csv")]
    [InlineData("events.json")]
    public async Task Where_a_file_goes_on_is_told_whichever_partitions_had_some_of_it(string name)
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { Partitions = 8 };
        await using Lake open = await lake.OpenAsync();
        foreach (int rows in (int[])[1, 2, 5])
        {
            // Cut off in the record behind them, so that it is not complete in any partition.
            byte[] text = IngestTests.Bytes(name, _sent[..rows]);
            var file = new IngestFile(lake.Scratch.Write(rows + name, (byte[])[.. text, .. name.EndsWith("csv", StringComparison.Ordinal) ? "2024-12-16T10:00:00Z,\"x"u8 : "{\"timestamp\":"u8]));
            IngestSummary first = await open.IngestAsync(file, LakeUnderTest.Plain);
            Assert.Equal((rows, 1), ((int)first.Accepted, first.UnreadableFiles.Count));
            lake.Scratch.Write(rows + name, IngestTests.Bytes(name, _sent[..(rows + 3)]));
            int header = name.EndsWith("csv", StringComparison.Ordinal) ? 1 : 0;
            Assert.Equal((3L, (long)rows + header), await Rest(open, file));
        }
    }

    [Fact]
    public async Task A_row_that_goes_on_where_it_was_taken_for_whole_is_told()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        const string Start = "timestamp,message_id,user_id\n2024-12-16T10:00:00Z,a,1\n2024-12-16T10:00:00Z,b,10";
        var file = new IngestFile(lake.Scratch.Write("rows.csv", Start));
        Assert.Equal(2, (await open.IngestAsync(file, LakeUnderTest.Plain)).Accepted);
        lake.Scratch.Write("rows.csv", Start + "35\n2024-12-16T10:00:00Z,c,1\n");
        IngestSummary within = await open.IngestAsync(file, LakeUnderTest.Plain);
        Assert.Equal(0, within.Accepted);
        Assert.Contains("in the middle of record 3", Assert.Single(within.UnreadableFiles), StringComparison.Ordinal);
        Assert.Equal(3, (await open.IngestAsync(file, new IngestOptions { Again = true })).Accepted);
        lake.Scratch.Write("rows.csv", Start + "\r\n2024-12-16T10:00:00Z,c,1\n");
    }

    [Theory]
    [InlineData("rows.csv", "timestamp,message_id,event_type,cha", "nnel\n2024-12-16T10:00:00Z,a,SENT,SMS\n", 1)]
    [InlineData("rows.csv", "timestamp,message_id,event_type,channel", "\n2024-12-16T10:00:00Z,a,SENT,SMS\n", 1)]
    [InlineData("rows.csv", "timestamp,message_id,event_type,channel\r", "\n2024-12-16T10:00:00Z,a,SENT,SMS\n", 1)]
    [InlineData("rows.tsv", "\n\ntimestamp\tmessage_id\tevent", "_type\r\n2024-12-16T10:00:00Z\ta\tSENT\r\n", 1)]
    [InlineData("rows.csv", "timestamp,message_id,event", "_type\n2024-12-16T10:00:00Z,a,SENT\n2024-12-16T10:00:00Z,b,SENT\n2024-12-16T10:00:00Z,c,SENT\n", 3)]
    public async Task A_header_that_was_cut_off_is_read_again_with_what_follows(string name, string start, string rest, int partitions)
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await Lake.OpenAsync(lake.Options with { Partitions = partitions });
        IngestSummary cut = await open.IngestAsync(new IngestFile(lake.Scratch.Write(name, start)), LakeUnderTest.Plain);
        Assert.Equal(0, cut.Accepted);
        Assert.Contains(cut.Notes, note => note.Contains("no rows", StringComparison.Ordinal) && (start[^1] == '\r' || note.Contains("without a line end", StringComparison.Ordinal)));
        IngestSummary whole = await open.IngestAsync(new IngestFile(lake.Scratch.Write(name, start + rest)), LakeUnderTest.Plain);
        Assert.Empty(whole.UnreadableFiles);
        Assert.Equal((partitions, 0), (whole.Accepted, whole.Rejected));
        Assert.True((await open.IngestAsync(new IngestFile(lake.Scratch[name]), LakeUnderTest.Plain)).Skipped);
    }

    [Fact]
    public async Task A_file_of_another_beginning_is_another_file_and_again_takes_all_of_one_that_grew()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        var file = new IngestFile(lake.Scratch.Write("events.ndjson", SentStreams.Ndjson(_sent[..10])));
        await open.IngestAsync(file, LakeUnderTest.Plain);
        lake.Scratch.Write("events.ndjson", SentStreams.Ndjson(_sent[20..50]));
        Assert.Equal((30L, 0L), await Rest(open, file));
        lake.Scratch.Write("events.ndjson", SentStreams.Ndjson(_sent[20..60]));
        IngestSummary again = await open.IngestAsync(file, new IngestOptions { Again = true });
        Assert.Equal((40L, 0L), (again.Accepted, again.ResumedFrom));
    }

    [Fact]
    public async Task What_was_cut_off_is_not_gone_on_with_as_another_format()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        string text = $"[{string.Join(", ", _sent[..10].Select(one => one.Line))}";
        var file = new IngestFile(lake.Scratch.Write("events.json", text));
        Assert.Equal(10, (await open.IngestAsync(file, LakeUnderTest.Plain)).Accepted);
        var lines = new IngestOptions { Format = IngestFormat.Ndjson };
        Assert.Contains("as another format", Assert.Single((await open.IngestAsync(file, lines)).UnreadableFiles), StringComparison.Ordinal);
        Assert.NotEqual(0, (await open.IngestAsync(file, lines with { Again = true })).Rejected);
    }

    // Between the pieces the file is ingested; {} stands for a message.
    [Theory]
    [InlineData("a.json", "[{}]\n|[{}]\n|[{},{}]")]
    [InlineData("a.json", "[{}]|[{}]|[{}]")]
    [InlineData("a.json", "[{}|]|[{}]")]
    [InlineData("a.json", "[{}]\n[{},|{}|]\n|[{}]")]
    [InlineData("a.json", "[]|[{}]|[]|[{}]")]
    [InlineData("a.json", "[|{}|]")]
    [InlineData("a.json", "[{},{}]\n|\n\n|[{}]\n|{}\n{}\n|[{}]\n")]
    [InlineData("a.json", "\n \n|[{}]\n|,[{}]")]
    [InlineData("a.json", "[null,{}]\n|[{},1]\n|[[],{}]\n")]
    [InlineData("a.json", "[{},null|,{}|]|\n[{}]")]
    [InlineData("a.json", "[{},1|2,{}|]|5|\n[{}]")]
    [InlineData("a.json", "[{},nu|ll,{}, [1|,2]|,{}]|[{}]")]
    [InlineData("a.json.gz", "[{}]\n|[{}]\n|[{}]\n")]
    [InlineData("a.json.gz", "[]|[{}]|{}")]
    [InlineData("a.json.zst", "[{}]|[{}]")]
    [InlineData("a.json", "\n|{\n}|\n{\n}")]
    public async Task A_file_of_arrays_that_grows_gives_what_all_of_it_gives_at_once(string name, string pieces)
    {
        foreach (int partitions in (int[])[1, 4])
        {
            using var grown = new LakeUnderTest();
            grown.Options = grown.Options with { Partitions = partitions };
            int next = 0;
            byte[] bytes = [];
            IngestSummary last = new();
            (long Accepted, long Rejected) sum = default;
            await using (Lake open = await grown.OpenAsync())
            {
                foreach (string piece in pieces.Split('|'))
                {
                    string text = string.Concat(piece.Replace("{\n}", "{}", StringComparison.Ordinal).Split("{}").Select((part, i) => i == 0 ? part : _sent[next++].Line + part));
                    byte[] added = System.Text.Encoding.UTF8.GetBytes(text);
                    bytes = [.. bytes, .. name.EndsWith(".gz", StringComparison.Ordinal) ? Packed.Gzip(added) : name.EndsWith(".zst", StringComparison.Ordinal) ? Packed.Zstd(added) : added];
                    last = await open.IngestAsync(new IngestFile(grown.Scratch.Write(name, bytes)), LakeUnderTest.Plain);
                    sum = (sum.Accepted + last.Accepted, sum.Rejected + last.Rejected);
                }

                Assert.Empty(last.UnreadableFiles);
                Assert.True((await open.IngestAsync(new IngestFile(grown.Scratch.Write(name, bytes)), LakeUnderTest.Plain)).Skipped);
                await open.RunAsync(LakeUnderTest.CaughtUp);
            }

            using var fresh = new LakeUnderTest();
            await using Lake whole = await fresh.OpenAsync();
            IngestSummary atOnce = await whole.IngestAsync(new IngestFile(fresh.Scratch.Write(name, bytes)), LakeUnderTest.Plain);
            Assert.Equal(((long)next, atOnce.Accepted, atOnce.Rejected), (atOnce.Accepted, sum.Accepted, sum.Rejected));
            LakeReader reader = grown.Reader();
            LakeUnderTest.AssertLedger(reader.Ledger, [.. _sent[..next].Select(one => one.In(reader.TimeZone))], (int)atOnce.Rejected);
            LakeUnderTest.AssertPasses(reader.Check(2));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Arrays_and_lines_that_grow_at_any_byte_give_what_they_give_at_once(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 6; round++)
        {
            string text = ArraysAndLines(random);
            int[] cuts = [.. Enumerable.Range(0, 4).Select(_ => random.Next(1, text.Length)).Order(), text.Length];
            using var lake = new LakeUnderTest();
            lake.Options = lake.Options with { Partitions = random.Next(1, 4) };
            await using Lake open = await lake.OpenAsync();
            IngestSummary last = new();
            (long, long) sum = default;
            foreach (int cut in cuts)
            {
                last = await open.IngestAsync(new IngestFile(lake.Scratch.Write("a.json", text[..cut])), new IngestOptions { BlockBytes = random.Next(50, 500) });
                sum = (sum.Item1 + last.Accepted, sum.Item2 + last.Rejected);
            }

            using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
            IngestSummary atOnce = await open.IngestAsync(new IngestInput(stream), LakeUnderTest.Plain);
            Assert.True(sum == (atOnce.Accepted, atOnce.Rejected) && last.UnreadableFiles.Count == 0 && atOnce.Accepted > 0,
                $"round {round}: {sum} and not {(atOnce.Accepted, atOnce.Rejected)}, cut at {string.Join(", ", cuts)} {string.Join(" ", last.UnreadableFiles)}: {text}");
        }
    }

    // Begins with an array; elements of all kinds, lines of objects between arrays.
    private string ArraysAndLines(Random random)
    {
        var text = new System.Text.StringBuilder();
        string[] others = ["null", "12", "\"a]b,\"", "[1,{}]", "true", "{\n\"timestamp\":7}", "{}"];
        string[] between = [",", ", ", ",\n", "\n,\n  "];
        for (int i = 0; i < 4; i++)
        {
            text.Append(random.Next(2) == 0 ? "[" : "[\n ");
            text.AppendJoin(between[random.Next(between.Length)], Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(3) == 0 ? others[random.Next(others.Length)] : _sent[random.Next(100)].Line));
            text.Append(random.Next(2) == 0 ? "]\n" : "\n]");
            text.Append(random.Next(3) == 0 ? SentStreams.Ndjson(_sent[..random.Next(3)]) : "");
        }

        return text.Append($"[{_sent[0].Line}]").ToString();
    }

    [Theory]
    [InlineData(64)]
    [InlineData(200)]
    [InlineData(700)]
    public async Task Lines_between_arrays_are_taken_whatever_the_blocks(int blockBytes)
    {
        using var lake = new LakeUnderTest();
        string text = $"[{_sent[0].Line}]\n{SentStreams.Ndjson(_sent[1..20])}[{_sent[20].Line},{_sent[21].Line}]\n{SentStreams.Ndjson(_sent[22..40])}[{_sent[40].Line}]";
        await using (Lake open = await lake.OpenAsync())
        {
            IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("a.json", text)), new IngestOptions { BlockBytes = blockBytes });
            Assert.Equal((41L, 0L), (summary.Accepted, summary.Rejected));
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        lake.AssertHolds(_sent[..41]);
    }

    private static async Task<(long, long)> Rest(Lake lake, IngestFile file)
    {
        IngestSummary summary = await lake.IngestAsync(file, LakeUnderTest.Plain);
        Assert.Empty(summary.UnreadableFiles);
        return (summary.Accepted, summary.ResumedFrom);
    }
}
