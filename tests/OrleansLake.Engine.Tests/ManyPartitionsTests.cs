using System.Globalization;
using System.Text;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Engine.Live;
using OrleansLake.Storage;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

/// <summary>One process that owns a lake of many partitions does with it what it does with one of one.</summary>
public sealed class ManyPartitionsTests : IDisposable
{
    private readonly LakeUnderTest _lake = new();

    public ManyPartitionsTests() => _lake.Options = _lake.Options with { Partitions = 4 };

    public void Dispose() => _lake.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16)]
    public async Task Golden_gives_Sparks_reports_and_ledger_and_is_taken_in_once(int partitions)
    {
        _lake.Options = _lake.Options with { Partitions = partitions };
        for (int i = 0; i < 2; i++)
        {
            await using Lake open = await _lake.OpenAsync();
            Assert.Equal(partitions, open.Partitions);
            IngestSummary summary = await open.IngestAsync(new IngestFile(Fixtures.Path("golden/events.ndjson.gz")), new IngestOptions { FollowUp = true });
            Assert.Equal((i == 0 ? 12_000 : 0, i == 1), (summary.Accepted, summary.Skipped));
            Assert.Equal((12_000, 12_000, 6_741), (open.Status.Applied, open.Status.Published, open.Status.Keys));
        }

        AssertGolden();
        await using (Lake open = await _lake.OpenAsync())
        {
            await open.ReplayAsync();
        }

        AssertGolden();
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.4)]
    [InlineData(0.8)]
    public async Task A_file_that_was_cut_off_goes_on_where_each_partition_is(double kept)
    {
        var pieces = new IngestOptions { BlockBytes = 64 * 1024 };
        using (var stop = new CancellationTokenSource())
        {
            await using Lake open = await _lake.OpenAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => open.IngestAsync(
                new IngestFile(Fixtures.Path("golden/events.ndjson.gz")), pieces with { Acknowledged = count => Stop(stop, count) }, null, stop.Token));
        }

        // As a crash between two fsyncs leaves it: some logs have what others lack.
        CutLast(_lake["bronze/messages/log/p00002"], kept);
        CutLast(_lake["bronze/messages/log/p00003"], kept / 2);
        await using (Lake open = await _lake.OpenAsync())
        {
            Assert.InRange(open.Status.Accepted, 1, 11_999);
            IngestSummary summary = await open.IngestAsync(new IngestFile(Fixtures.Path("golden/events.ndjson.gz")), pieces with { BlockBytes = 50_000 });
            Assert.Equal((12_000, false), (open.Status.Accepted, summary.Skipped));
        }

        await _lake.CatchUpAsync();
        AssertGolden();

        static void Stop(CancellationTokenSource stop, long count)
        {
            if (count > 4_000)
            {
                stop.Cancel();
            }
        }
    }

    [Fact]
    public async Task A_body_under_a_key_is_stored_once_whichever_partitions_have_it_already()
    {
        _lake.Options = _lake.Options with { SendPieceBytes = 600 };
        byte[] body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 40).Select(Line)) + "rejected\n");
        var key = new SendOptions { Key = SendKey.Idempotency("body") };
        await using (Lake open = await _lake.OpenAsync())
        {
            SendOutcome stored = await open.SendAsync(body, key);
            Assert.Equal((SendStatus.Stored, 40, 1, 4), (stored.Status, stored.Accepted, stored.Rejected, stored.EndOffsets.Length));
            Assert.Equal(40, stored.EndOffsets.Sum());
            await open.WaitAppliedAsync(stored.EndOffsets);
            SendOutcome repeated = await open.SendAsync(body, key);
            Assert.Equal((SendStatus.Repeated, 40, 1), (repeated.Status, repeated.Accepted, repeated.Rejected));
            Assert.Equal(stored.EndOffsets.AsSpan(), repeated.EndOffsets.AsSpan());
            SendOutcome other = await open.SendAsync(Encoding.UTF8.GetBytes(Line(99)), key);
            Assert.Equal(SendStatus.Conflict, other.Status);
            Assert.Equal((40, 1), (open.Status.Accepted, open.Status.Rejected));
            Assert.Equal(SendStatus.Invalid, (await open.SendAsync(body, new SendOptions { Strict = true })).Status);
        }

        // Two of the partitions lose what they had after their first frame.
        CutLast(_lake["bronze/messages/log/p00001"], 0.3);
        CutLast(_lake["bronze/messages/log/p00003"], 0.3);

        await using (Lake open = await _lake.OpenAsync())
        {
            Assert.InRange(open.Status.Accepted, 1, 39);
            Assert.Equal(SendStatus.Conflict, (await open.SendAsync(Encoding.UTF8.GetBytes(Line(99)), key)).Status);
            SendOutcome completed = await open.SendAsync(body, key);
            Assert.Equal((SendStatus.Stored, 40), (completed.Status, completed.Accepted));
            Assert.Equal((40, 1), (open.Status.Accepted, open.Status.RejectedUnresolved));
            Assert.Equal(SendStatus.Repeated, (await open.SendAsync(body, key)).Status);
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        Assert.Equal(new LedgerCounts(40, 40, 0, 1, 40), _lake.Reader().Ledger.Total);
        LakeUnderTest.AssertPasses(_lake.Reader().CheckDeep(2));
    }

    [Fact]
    public async Task A_batch_from_a_pipe_is_completed_where_partitions_lack_it_and_another_is_refused()
    {
        var key = new IngestOptions { Key = SendKey.Batch("billing", 17), BlockBytes = 600 };
        string text = string.Concat(Enumerable.Range(0, 40).Select(Line));
        await using (Lake open = await _lake.OpenAsync())
        {
            await LakeUnderTest.IngestTextAsync(open, text, key);
        }

        CutLast(_lake["bronze/messages/log/p00002"], 0.4);
        await using (Lake open = await _lake.OpenAsync())
        {
            long before = open.Status.Accepted;
            Assert.InRange(before, 1, 39);
            await Assert.ThrowsAsync<LakeException>(() => LakeUnderTest.IngestTextAsync(open, Line(0) + Line(99), key));
            Assert.Equal(before, open.Status.Accepted);
            IngestSummary completed = await LakeUnderTest.IngestTextAsync(open, text, key);
            Assert.Equal((40 - before, false), (completed.Accepted, completed.Skipped));
            IngestSummary again = await LakeUnderTest.IngestTextAsync(open, text, key);
            Assert.Equal((0, true), (again.Accepted, again.Skipped));
            Assert.Equal(40, open.Status.Accepted);
        }
    }

    [Fact]
    public async Task Many_senders_of_small_bodies_find_each_of_their_messages_once()
    {
        await using Lake open = await _lake.OpenAsync();
        LiveView live = open.GoLive();
        SendOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => open.SendAsync(Encoding.UTF8.GetBytes(Line(2 * i) + Line((2 * i) + 1)))));
        Assert.All(outcomes, outcome => Assert.Equal((SendStatus.Stored, 2), (outcome.Status, outcome.Accepted)));
        await Task.WhenAll(outcomes.Select(outcome => live.WaitAppliedAsync(outcome.EndOffsets, CancellationToken.None).AsTask()));
        LiveReading reading = live.Read(LakeReports.Report1);
        Assert.Equal((1000, 1000), (reading.Table.GrandTotal, reading.At.Offsets.Sum()));
        Assert.Equal(1000, live.Counts().Total.Deduplicated);
        Assert.Equal("m7", Assert.Single(live.Find("m7").Copies).Value);
        Assert.Throws<InvalidOperationException>(() => live.Subscribe());
    }

    [Fact]
    public async Task A_rejected_record_is_mended_into_whatever_partition_its_message_belongs_to()
    {
        QuarantineEntry[] entries;
        Dictionary<QuarantineId, byte[]> fixes;
        await using (Lake open = await _lake.OpenAsync())
        {
            await LakeUnderTest.IngestTextAsync(open, string.Concat(Enumerable.Range(0, 40).Select(i => string.Create(CultureInfo.InvariantCulture, $"{{\"rejected\":{i}}}\n"))));
            await open.CommitAsync();
            entries = [.. _lake.Reader().Quarantine()];
            Assert.Equal(40, entries.Select(entry => entry.Id).Distinct().Count());
            Assert.Equal(4, entries.Select(entry => entry.Id.Partition).Distinct().Count());
            fixes = entries[..30].Select((entry, i) => (entry.Id, i)).ToDictionary(one => one.Id, one => Encoding.UTF8.GetBytes(Line(one.i)));
            QuarantineReplaySummary summary = await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Fixes = fixes });
            Assert.Equal((30, 30, 0), (summary.Replayed, summary.Accepted, summary.Failures.Count));
            Assert.Equal(10, open.Status.RejectedUnresolved);
        }

        // The registries know it from the logs' frames, then from their files.
        for (int i = 0; i < 2; i++)
        {
            await using Lake open = await _lake.OpenAsync();
            QuarantineReplaySummary again = await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Fixes = fixes });
            Assert.Equal((0, 30), (again.Replayed, again.ReplayedBefore));
            Assert.Equal(fixes.Keys.Order(), _lake.Reader().Quarantine().Where(entry => entry.Settlement.IsReplayed).Select(entry => entry.Id).Order());
            await open.CommitAsync();
        }

        LakeReader reader = _lake.Reader();
        Assert.Equal(new LedgerCounts(30, 30, 0, 40, 30), reader.Ledger.Total);
        Assert.Equal(30, reader.SettledCount());
        LakeUnderTest.AssertPasses(reader.CheckDeep(2));
        QuarantineId last = entries[^1].Id;
        Assert.Equal([last], [.. reader.Quarantine([new QuarantineRange(last, last)]).Select(entry => entry.Id)]);

        // What is replayed stays so in another number of partitions.
        await LakePartitioning.RepartitionAsync(_lake.Options, 2);
        Assert.Equal((40, 30), (_lake.Reader().Quarantine().Count(), _lake.Reader().SettledCount()));
        LakeUnderTest.AssertPasses(_lake.Reader().CheckDeep(2));
    }

    [Fact]
    public async Task A_replay_of_several_messages_that_was_interrupted_stores_only_what_is_missing()
    {
        QuarantineId id;
        byte[] fix = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20).Select(Line)));
        await using (Lake open = await _lake.OpenAsync())
        {
            await LakeUnderTest.IngestTextAsync(open, "rejected\n");
            await open.CommitAsync();
            id = Assert.Single(_lake.Reader().Quarantine()).Id;
            Assert.Equal((1, 20), Counts(await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Fixes = Fix(fix) })));
        }

        // As a crash leaves it before the frame that resolves the record: the parts of other partitions are there.
        CutLast(_lake["bronze/messages/log/p00000"], 0);
        await using (Lake open = await _lake.OpenAsync())
        {
            Assert.InRange(open.Status.Accepted, 1, 19);
            Assert.True(Assert.Single(_lake.Reader().Quarantine()).Settlement.IsOpen);
            QuarantineReplaySummary other = await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Fixes = Fix(Encoding.UTF8.GetBytes(Line(99))) });
            Assert.Contains("interrupted", Assert.Single(other.Failures).Detail, StringComparison.Ordinal);
            Assert.Equal((1, 20), Counts(await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Fixes = Fix(fix) })));
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        Assert.Equal(new LedgerCounts(20, 20, 0, 1, 20), _lake.Reader().Ledger.Total);
        LakeUnderTest.AssertPasses(_lake.Reader().CheckDeep(2));

        Dictionary<QuarantineId, byte[]> Fix(byte[] bytes) => new() { [id] = bytes };
        static (long, long) Counts(QuarantineReplaySummary summary) => (summary.Replayed, summary.Accepted);
    }

    [Fact]
    public async Task Starting_empty_leaves_nothing_and_everything_can_be_sent_again()
    {
        await using (Lake open = await _lake.OpenAsync())
        {
            await open.IngestAsync(new IngestFile(Fixtures.Path("golden/events.ndjson.gz")), new IngestOptions { FollowUp = true });
            Assert.Equal(1, open.GoLive().Generation);
            await open.StartEmptyAsync();
            Assert.Equal(0, open.Status.Accepted);
            await LakeUnderTest.IngestTextAsync(open, Line(1));
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        Assert.Equal(new LedgerCounts(1, 1, 0, 0, 1), _lake.Reader().Ledger.Total);
        Assert.Equal(1, _lake.Reader().Report("report1").GrandTotal);
        await using (Lake open = await _lake.OpenAsync())
        {
            await open.StartEmptyAsync();
            await open.IngestAsync(new IngestFile(Fixtures.Path("golden/events.ndjson.gz")), new IngestOptions { FollowUp = true });
            Assert.Equal(3, open.GoLive().Generation);
        }

        AssertGolden();
    }

    [Fact]
    public async Task Files_of_other_programs_are_divided_and_taken_once_by_each_partition()
    {
        SentMessage[] own = SentStreams.Many(60, 1), first = SentStreams.Many(200, 2), second = SentStreams.Many(40, 3);
        using var one = new LakeUnderTest();
        foreach (LakeUnderTest lake in (LakeUnderTest[])[one, _lake])
        {
            await using Lake open = await lake.OpenAsync();
            await open.AppendAsync(SentMessage.Batch(own));
            ExternalBronzeFile.Put(lake, "first.parquet", ExternalBronzeFile.Bytes(first), seconds: 3);
            await open.RunAsync(LakeUnderTest.CaughtUp);
            ExternalBronzeFile.Put(lake, "second.parquet", ExternalBronzeFile.Bytes(second), seconds: 7);
            Assert.Equal(40, (await open.RunAsync(LakeUnderTest.CaughtUp)).Accepted);
            Assert.Equal(0, (await open.RunAsync(LakeUnderTest.CaughtUp)).Accepted);
        }

        AssertSame(one);

        foreach (LakeUnderTest lake in (LakeUnderTest[])[one, _lake])
        {
            await using Lake open = await lake.OpenAsync();
            await open.ReplayAsync();
        }

        AssertSame(one);
        await Assert.ThrowsAsync<LakeException>(() => LakePartitioning.RepartitionAsync(_lake.Options, 2));
        File.Delete(_lake["bronze/messages/data/second.parquet"]);
        await _lake.CatchUpAsync();
        Assert.Contains("second.parquet is gone", Assert.Single(_lake.Reader().Check().Findings, finding => !finding.IsRight).Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_Spark_wrote_becomes_a_lake_of_many_partitions()
    {
        using var one = new LakeUnderTest();
        foreach (LakeUnderTest lake in (LakeUnderTest[])[one, _lake])
        {
            lake.Scratch.CopyFolder(Fixtures.Path("golden/spark-lake"), "lake");
            lake.Options = lake.Options with { Adopt = AdoptKind.ToReplay };
            await using Lake open = await lake.OpenAsync();
            await open.ReplayAsync();
        }

        // Which of tied rows comes first is not in Spark's names: report 2 is compared with that of one partition.
        AssertSame(one);
        Assert.Equal(File.ReadAllText(Fixtures.Path("golden/utc/report1.ndjson")), LakeUnderTest.Ndjson(_lake.Reader().Report("report1")));
        Assert.Equal(new LedgerCounts(12_000, 10_211, 1_789, 0, 6_741), _lake.Reader().Ledger.Total);
        Assert.Empty(Directory.EnumerateFiles(_lake["bronze/messages/data"], "part-p*"));
    }

    [Fact]
    public async Task Another_number_of_partitions_than_the_lake_has_is_refused()
    {
        await (await _lake.OpenAsync()).DisposeAsync();
        _lake.Options = _lake.Options with { Partitions = 3 };
        LakeException refused = await Assert.ThrowsAsync<LakeException>(_lake.OpenAsync);
        Assert.Equal(LakeFailure.Usage, refused.Failure);
        Assert.Contains("has 4 partitions, and 3 were asked for", refused.Message, StringComparison.Ordinal);
        _lake.Options = _lake.Options with { Partitions = null };
        await using Lake open = await _lake.OpenAsync();
        Assert.Equal(4, open.Partitions);
    }

    private void AssertGolden()
    {
        LakeReader reader = _lake.Reader();
        Assert.Equal(File.ReadAllText(Fixtures.Path("golden/utc/report1.ndjson")), LakeUnderTest.Ndjson(reader.Report("report1")));
        Assert.Equal(File.ReadAllText(Fixtures.Path("golden/utc/report2.ndjson")), LakeUnderTest.Ndjson(reader.Report("report2")));
        Assert.Equal(new LedgerCounts(12_000, 10_211, 1_789, 0, 6_741), reader.Ledger.Total);
        LakeUnderTest.AssertPasses(reader.Check(2));
        LakeUnderTest.AssertPasses(reader.CheckDeep(2));
    }

    private void AssertSame(LakeUnderTest one)
    {
        LakeReader expected = one.Reader();
        LakeReader found = _lake.Reader();
        foreach (ReportDefinition report in LakeReports.All)
        {
            Assert.Equal(LakeUnderTest.Ndjson(expected.Report(report.Name)), LakeUnderTest.Ndjson(found.Report(report.Name)));
        }

        Assert.Equal(expected.Ledger.Total, found.Ledger.Total);
        LakeUnderTest.AssertPasses(found.Check(2));
        LakeUnderTest.AssertPasses(found.CheckDeep(2));
    }

    // What a file system leaves that had not yet written the end of a file.
    private static void CutLast(string folder, double kept)
    {
        string log = Directory.GetFiles(folder).Single();
        byte[] bytes = File.ReadAllBytes(log);
        int end = bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        bytes.AsSpan(Math.Max(64, (int)(end * kept))).Clear();
        File.WriteAllBytes(log, bytes);
    }

    private static string Line(int i) => string.Create(
        CultureInfo.InvariantCulture, $"{{\"timestamp\":\"2024-12-16T12:01:05Z\",\"value\":\"m{i}\",\"event_type\":\"SENT\",\"message_id\":\"m{i}\",\"channel\":\"SMS\",\"user_id\":{i % 7}}}\n");
}
