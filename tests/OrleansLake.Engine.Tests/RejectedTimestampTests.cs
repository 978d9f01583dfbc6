using OrleansLake.Core.Time;

namespace OrleansLake.Engine.Tests;

/// <summary>Tests what was rejected because of its timestamps is a message as soon as somebody says how they are written.</summary>
public sealed class RejectedTimestampTests : IDisposable
{
    private const string Lines =
        """{"timestamp":1734343261,"message_id":"1"}""" + "\n" + """{"timestamp":"2024-12-16T10:00:00Z","message_id":"2"}""" + "\n"
        + """{"timestamp":"soon","message_id":"3"}""" + "\n" + """{"timestamp":"2024-12-16T10:00:00Z","message_id":""}""" + "\n"
        + """{"timestamp":"1734343262","message_id":"5"}""" + "\n";

    private static readonly IngestOptions Seconds = new() { TimestampFormat = TimestampFormat.EpochSeconds };

    private readonly LakeUnderTest _lake = new();

    public void Dispose() => _lake.Dispose();

    [Theory]
    [InlineData("a.ndjson", 1)]
    [InlineData("a.json", 1)]
    [InlineData("a.ndjson.gz", 1)]
    [InlineData("a.ndjson", 3)]
    public async Task A_file_that_was_ingested_gives_those_that_can_be_read_now_and_each_once(string name, int partitions)
    {
        _lake.Options = _lake.Options with { Partitions = partitions };
        string text = name == "a.json" ? $"[{Lines.TrimEnd('\n').Replace("\n", ",", StringComparison.Ordinal)}]" : Lines;
        var file = new IngestFile(name.EndsWith(".gz", StringComparison.Ordinal) ? _lake.Scratch.Write(name, Packed.Gzip(text)) : _lake.Scratch.Write(name, text));
        await using (Lake open = await _lake.OpenAsync())
        {
            IngestSummary first = await open.IngestAsync(file, LakeUnderTest.Plain);
            Assert.Equal((1L, 4L), (first.Accepted, first.Rejected));
            await open.CommitAsync();
            IngestSummary again = await open.IngestAsync(file, Seconds);
            Assert.Equal((2L, 1L, false), (again.Accepted, again.Rejected, again.Skipped));
            Assert.Contains(again.Notes, note => note.StartsWith($"{name} was ingested before; 2 records of it that had been rejected are messages now, and 1 still cannot be read: timestamp is \"soon\"", StringComparison.Ordinal));
        }

        await using (Lake open = await _lake.OpenAsync())
        {
            IngestSummary third = await open.IngestAsync(file, Seconds);
            Assert.Equal((0L, 1L, true), (third.Accepted, third.Rejected, third.Skipped));
            Assert.Contains("does not read the record of it that was rejected then", third.SkippedBecause, StringComparison.Ordinal);
            Assert.True((await open.IngestAsync(file, LakeUnderTest.Plain)).Skipped);
            await open.RunAsync(LakeUnderTest.CaughtUp);
            Assert.Equal((3L, 2L), (open.Status.Accepted, open.Status.RejectedUnresolved));
        }

        LakeUnderTest.AssertPasses(_lake.Reader().Check());
        Assert.Equal(3, SilverRows.Read(_lake.Path).Length);
    }

    [Theory]
    [InlineData("a.csv", "timestamp,message_id\n1.2.24,1\n", "1.3.24,2\n")]
    [InlineData("a.ndjson", "{\"timestamp\":\"1.2.24\",\"message_id\":\"1\"}\n", "{\"timestamp\":\"1.3.24\",\"message_id\":\"2\"}\n")]
    public async Task Of_a_file_that_has_grown_what_is_rejected_now_is_counted_once(string name, string start, string more)
    {
        Assert.True(TimestampFormat.TryCreate("yyyy/MM/dd", out TimestampFormat? format, out _));
        await using Lake open = await _lake.OpenAsync();
        Assert.Equal(1, (await open.IngestAsync(new IngestFile(_lake.Scratch.Write(name, start)), LakeUnderTest.Plain)).Rejected);
        IngestSummary grown = await open.IngestAsync(new IngestFile(_lake.Scratch.Write(name, start + more)), new IngestOptions { TimestampFormat = format });
        Assert.Equal((0L, 1L), (grown.Accepted, grown.Rejected));
        Assert.Equal(2, open.Status.RejectedUnresolved);
        QuarantineReplaySummary replay = await open.ReplayQuarantineAsync(new QuarantineReplayOptions { TimestampFormat = format });
        Assert.Equal(2, replay.Failures.Count);
        Assert.Equal(name == "a.csv", replay.Failures[0].Detail.Contains("--timestamp-format \"yyyy/MM/dd\" reads it", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a.csv", ",")]
    [InlineData("a.tsv", "\t")]
    [InlineData("a.csv.gz", ",")]
    public async Task Rows_of_a_table_are_read_by_the_header_of_their_file_and_by_no_other(string name, string separator)
    {
        string header = string.Join(separator, "message_id", "timestamp", "value") + "\r\n";
        string text = header + string.Join(separator, "1", "1734343261", "\"a \"\"b\"\"\n\"") + "\r\n" + string.Join(separator, "2", "2024-12-16T10:00:00Z", "") + "\r\n";
        byte[] bytes = name.EndsWith(".gz", StringComparison.Ordinal) ? Packed.Gzip(text) : System.Text.Encoding.UTF8.GetBytes(text);
        string other = string.Join(separator, "value", "timestamp", "message_id") + "\n" + string.Join(separator, "not", "2024-12-16T10:00:00Z", "3") + "\n";
        await using Lake open = await _lake.OpenAsync();
        Assert.Equal(1, (await open.IngestAsync(new IngestFile(_lake.Scratch.Write(name, bytes)), LakeUnderTest.Plain)).Rejected);

        QuarantineReplaySummary replay = await open.ReplayQuarantineAsync(new QuarantineReplayOptions { TimestampFormat = TimestampFormat.EpochSeconds });
        Assert.Contains("lake ingest FILE --timestamp-format epoch-s reads it", Assert.Single(replay.Failures).Detail, StringComparison.Ordinal);

        string stranger = name.EndsWith(".gz", StringComparison.Ordinal) ? _lake.Scratch.Write($"other/{name}", Packed.Gzip(other)) : _lake.Scratch.Write($"other/{name}", other);
        Assert.Equal(1, (await open.IngestAsync(new IngestFile(stranger), LakeUnderTest.Plain)).Accepted);
        Assert.Equal((0L, true), Of(await open.IngestAsync(new IngestFile(stranger), Seconds)));
        Assert.Equal((1L, false), Of(await open.IngestAsync(new IngestFile(_lake.Scratch[name]), Seconds)));
        await open.RunAsync(LakeUnderTest.CaughtUp);
        Assert.Equal((3L, 0L), (open.Status.Accepted, open.Status.RejectedUnresolved));
    }

    [Fact]
    public async Task What_came_by_a_stream_is_read_by_a_replay_that_leaves_other_faults_alone()
    {
        await using Lake open = await _lake.OpenAsync();
        Assert.Equal(4, (await LakeUnderTest.IngestTextAsync(open, Lines)).Rejected);
        var options = new QuarantineReplayOptions { TimestampFormat = TimestampFormat.EpochSeconds };
        QuarantineReplaySummary dry = await open.ReplayQuarantineAsync(options with { IsDryRun = true });
        Assert.Equal((2L, 1), (dry.Replayed, dry.Failures.Count));
        QuarantineReplaySummary summary = await open.ReplayQuarantineAsync(options);
        Assert.Equal((2L, 2L), (summary.Replayed, summary.Accepted));
        Assert.Contains("\"soon\", but a timestamp written as epoch-s", Assert.Single(summary.Failures).Detail, StringComparison.Ordinal);
        Assert.Equal((0L, 1), ((await open.ReplayQuarantineAsync(options)).Replayed, summary.Failures.Count));
        Assert.Equal((3L, 2L), (open.Status.Accepted, open.Status.RejectedUnresolved));
    }

    [Fact]
    public async Task A_batch_that_was_stored_gives_them_too()
    {
        await using Lake open = await _lake.OpenAsync();
        var file = new IngestFile(_lake.Scratch.Write("a.csv", "timestamp,message_id\n1734343261,1\n2024-12-16T10:00:00Z,2\n"));
        SendKey key = SendKey.Batch("p", 1);
        Assert.Equal((1L, false), Of(await open.IngestAsync(file, new IngestOptions { Key = key })));
        Assert.Equal((1L, false), Of(await open.IngestAsync(file, Seconds with { Key = key })));
        Assert.Equal((0L, true), Of(await open.IngestAsync(file, Seconds with { Key = key })));
    }

    private static (long Accepted, bool Skipped) Of(IngestSummary summary) => (summary.Accepted, summary.Skipped);
}
