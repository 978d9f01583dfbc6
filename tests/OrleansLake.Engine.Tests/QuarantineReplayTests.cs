using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.State;
using OrleansLake.Storage;

namespace OrleansLake.Engine.Tests;

public class QuarantineReplayTests
{
    private const string Good = """{"timestamp":"2024-12-16T12:01:05Z","event_type":"SENT","message_id":"m1","channel":"SMS","user_id":1}""";
    private const string Bad = """{"timestamp":"2024-12-16T12:01:06Z","event_type":"SENT","message_id":"","channel":"SMS","user_id":2}""";
    private static readonly byte[] Replayed = Encoding.UTF8.GetBytes(Bad.Replace("\"message_id\":\"\"", "\"message_id\":\"m2\"", StringComparison.Ordinal));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_mended_record_is_accepted_once_whether_published_before_or_not(bool isPublished)
    {
        using var lake = new LakeUnderTest();
        QuarantineId id;
        await using (Lake open = await lake.OpenAsync())
        {
            await LakeUnderTest.IngestTextAsync(open, $"{Good}\n{Bad}\n");
            if (isPublished)
            {
                await open.CommitAsync();
            }

            id = Assert.Single(lake.Reader().Quarantine()).Id;
            Assert.Equal(1, open.Status.RejectedUnresolved);
            QuarantineReplaySummary summary = await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Fixes = Fix(id, Replayed) });
            Assert.Equal((1, 1, 0, true), (summary.Replayed, summary.Accepted, summary.ReplayedBefore, summary.IsComplete));
            Assert.Equal(0, open.Status.RejectedUnresolved);
            AssertRepeated(await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Fixes = Fix(id, Replayed) }));
        }

        // The registry knows it from the log's frames, then from its files.
        for (int i = 0; i < 2; i++)
        {
            await using Lake open = await lake.OpenAsync();
            AssertRepeated(await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Fixes = Fix(id, Replayed) }));
            Assert.True(Assert.Single(lake.Reader().Quarantine()).Settlement.IsReplayed);
            await open.CommitAsync();
        }

        LakeReader reader = lake.Reader();
        Assert.Equal(new LedgerCounts(2, 2, 0, 1, 2), reader.Ledger.Total);
        Assert.Equal(1, reader.SettledCount());
        Assert.Equal(id, Assert.Single(reader.Quarantine()).Id);
        LakeUnderTest.AssertPasses(reader.Check());
    }

    [Fact]
    public async Task What_is_no_message_still_stays_open_and_says_why()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        await LakeUnderTest.IngestTextAsync(open, $"{Bad}\nnot json\n{Good}\n");
        QuarantineEntry[] entries = [.. lake.Reader().Quarantine()];
        QuarantineReplaySummary summary = await open.ReplayQuarantineAsync(new QuarantineReplayOptions());
        Assert.Equal([RejectionReason.MissingMessageId, RejectionReason.NotReadable], summary.Failures.Select(failure => failure.Reason));
        Assert.Equal(entries.Select(entry => entry.Id), summary.Failures.Select(failure => failure.Id));
        Assert.Equal((0, false, 2), (summary.Replayed, summary.IsComplete, open.Status.RejectedUnresolved));

        summary = await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Fixes = new Dictionary<QuarantineId, byte[]> { [entries[0].Id] = Replayed, [entries[1].Id] = "  "u8.ToArray(), [new(9999, 0)] = Replayed } });
        Assert.Equal((1, 1), (summary.Replayed, summary.Failures.Count));
        Assert.Equal([new QuarantineId(9999, 0)], summary.Unknown);
        Assert.Equal(1, open.Status.RejectedUnresolved);
    }

    [Theory]
    [InlineData("a.json", "[5,{}]", "the element is a number")]
    [InlineData("a.ndjson", "{}\n5\n", "the line is a number")]
    [InlineData("a.json", "{}{} oops", "the record is not JSON")]
    [InlineData("a.csv", "timestamp,message_id\n2024-12-16T10:00:00Z,\n", "it is a row of a table")]
    [InlineData("a.csv", "timestamp,message_id\n2024-12-16T10:00:00Z,a,b\n", "it is a row of a table")]
    public async Task What_cannot_be_sent_again_is_named_as_what_it_was(string name, string text, string detail)
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        await open.IngestAsync(new IngestFile(lake.Scratch.Write(name, text)), LakeUnderTest.Plain);
        QuarantineReplayFailure failure = Assert.Single(
            (await open.ReplayQuarantineAsync(new QuarantineReplayOptions())).Failures, one => one.Detail.StartsWith(detail, StringComparison.Ordinal));
        QuarantineReplaySummary fixedSummary = await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Fixes = Fix(failure.Id, "7"u8.ToArray()) });
        Assert.StartsWith("the replacement is a number", Assert.Single(fixedSummary.Failures).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_may_become_several_messages_all_or_none()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        await LakeUnderTest.IngestTextAsync(open, $"{Good} and {Good}\n");
        QuarantineId id = Assert.Single(lake.Reader().Quarantine()).Id;
        QuarantineReplaySummary half = await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Fixes = Fix(id, Encoding.UTF8.GetBytes($"{Good}\n{Bad}")) });
        Assert.Equal((0, 1), (half.Accepted, half.Failures.Count));
        QuarantineReplaySummary both = await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Fixes = Fix(id, Encoding.UTF8.GetBytes($"{Good}\n{Good}")) });
        Assert.Equal((1, 2), (both.Replayed, both.Accepted));
        await open.CommitAsync();
        Assert.Equal(new LedgerCounts(2, 2, 0, 1, 1), lake.Reader().Ledger.Total);
    }

    [Theory]
    [InlineData("{\n \"timestamp\":1734343260,\n \"message_id\":\"z\"}", null)]
    [InlineData("[\n {\n  \"timestamp\": 1734343260,\n  \"message_id\": \"z\"\n }\n]\n", null)]
    [InlineData("{\r \"timestamp\":\"1734343260\",\r \"message_id\":\"z\"}", null)]
    [InlineData("{\n \"timestamp\":1734343260,\n \"message_id\":\"z\"}", "a.json")]
    [InlineData("[null,\n{\"timestamp\":1734343260\n,\"message_id\":\"z\"}]", "a.json")]
    public async Task A_record_of_several_lines_is_sent_again_as_one(string text, string? file)
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        IngestSummary taken = file is null ? await LakeUnderTest.IngestTextAsync(open, text) : await open.IngestAsync(new IngestFile(lake.Scratch.Write(file, text)), LakeUnderTest.Plain);
        Assert.Equal(0, taken.Accepted);
        QuarantineEntry entry = lake.Reader().Quarantine().Last();
        QuarantineReplayFailure failure = (await open.ReplayQuarantineAsync(new QuarantineReplayOptions())).Failures[^1];
        Assert.Equal((entry.Rejection.Reason, entry.Rejection.Detail), (failure.Reason, failure.Detail));
        QuarantineReplaySummary mended = await open.ReplayQuarantineAsync(new QuarantineReplayOptions { TimestampFormat = Core.Time.TimestampFormat.EpochSeconds });
        Assert.Equal((1, 1, true), (mended.Replayed, mended.Accepted, mended.IsComplete));
    }

    [Fact]
    public async Task What_is_broken_over_several_lines_is_told_as_one_record()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        await LakeUnderTest.IngestTextAsync(open, "{\n \"timestamp\": oops,\n \"message_id\":\"z\"}\n");
        Rejection rejection = Assert.Single(lake.Reader().Quarantine()).Rejection;
        Assert.Equal(rejection.Detail, Assert.Single((await open.ReplayQuarantineAsync(new QuarantineReplayOptions())).Failures).Detail);
    }

    [Fact]
    public async Task A_dry_run_changes_nothing()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        await LakeUnderTest.IngestTextAsync(open, Bad);
        QuarantineId id = Assert.Single(lake.Reader().Quarantine()).Id;
        QuarantineReplaySummary summary = await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Fixes = Fix(id, Replayed), IsDryRun = true });
        Assert.Equal((1, 1, 0L), (summary.Replayed, summary.Accepted, open.Status.Accepted));
        Assert.False(Assert.Single(lake.Reader().Quarantine()).Settlement.IsReplayed);
    }

    [Fact]
    public async Task Records_keep_their_identity_and_time_through_commits_replays_and_empty_generations_free_none()
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { Clock = new ManualClock() };
        await using Lake open = await lake.OpenAsync();
        await LakeUnderTest.IngestTextAsync(open, $"{Bad}\nnot json\n");
        (QuarantineId, DateTimeOffset?)[] before = [.. lake.Reader().Quarantine().Select(entry => (entry.Id, entry.RejectedAt))];
        Assert.Equal(2, before.Distinct().Count());
        Assert.All(before, entry => Assert.NotNull(entry.Item2));
        await open.CommitAsync();
        Assert.Equal(before, lake.Reader().Quarantine().Select(entry => (entry.Id, entry.RejectedAt)));
        Assert.Equal(1, (await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Fixes = Fix(before[0].Item1, Replayed) })).Replayed);
        await open.ReplayAsync();
        Assert.Equal(before, lake.Reader().Quarantine().Select(entry => (entry.Id, entry.RejectedAt)));
        Assert.Equal([true, false], lake.Reader().Quarantine().Select(entry => entry.Settlement.IsReplayed));
        LakeUnderTest.AssertPasses(lake.Reader().Check());
        await open.StartEmptyAsync();
        await LakeUnderTest.IngestTextAsync(open, "not json");
        QuarantineEntry entry = Assert.Single(lake.Reader().Quarantine());
        Assert.True(entry.Id > before[1].Item1);
        Assert.Equal(1, open.Status.RejectedUnresolved);
    }

    [Theory]
    [InlineData("412.3", "412.3", "412.3")]
    [InlineData("412", "412.0", "412.2147483647")]
    [InlineData("412.3..415.0", "412.3", "415.0")]
    [InlineData("7..9", "7.0", "9.2147483647")]
    public void Ranges_are_read(string text, string first, string last)
    {
        Assert.True(QuarantineRange.TryParse(text, out QuarantineRange range));
        Assert.Equal((first, last), (range.First.ToString(), range.Last.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1.0")]
    [InlineData("1.")]
    [InlineData("9..7")]
    [InlineData("1..2..3")]
    [InlineData("99999999999999999999.0")]
    public void What_is_no_range_is_refused(string text) => Assert.False(QuarantineRange.TryParse(text, out _));

    [Theory]
    [InlineData("0.6..0.4", true)]
    [InlineData("5..4", true)]
    [InlineData("0.4..0.6", false)]
    [InlineData("0.4", false)]
    [InlineData("a..b", false)]
    public void A_range_that_ends_before_it_begins_is_told_from_other_text(string text, bool isBackwards) =>
        Assert.Equal(isBackwards, QuarantineRange.IsBackwards(text));

    private static void AssertRepeated(QuarantineReplaySummary summary) =>
        Assert.Equal((0, 0, 1, true), (summary.Replayed, summary.Accepted, summary.ReplayedBefore, summary.IsComplete));

    private static Dictionary<QuarantineId, byte[]> Fix(QuarantineId id, byte[] fix) => new() { [id] = fix };
}
