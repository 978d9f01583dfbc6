using System.Globalization;
using OrleansLake.Core.Time;
using OrleansLake.Parquet;
using OrleansLake.Storage.TimeZones;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

public class ExternalBronzeTests
{
    private static readonly TimeSpan Trigger = TimeSpan.FromSeconds(5);
    private readonly SentMessage[] _first = SentStreams.Many(40, 1);
    private readonly SentMessage[] _second = SentStreams.Many(50, 2);
    private readonly SentMessage[] _third = SentStreams.Many(60, 3);

    [Fact]
    public async Task Each_file_is_taken_once_in_the_order_of_its_time_and_then_its_name()
    {
        using var lake = new LakeUnderTest();
        ExternalBronzeFile.Put(lake, "a.parquet", ExternalBronzeFile.Bytes(_second), seconds: 7);
        ExternalBronzeFile.Put(lake, "sub/c.parquet", ExternalBronzeFile.Bytes(_third), seconds: 7);
        ExternalBronzeFile.Put(lake, "b.parquet", ExternalBronzeFile.Bytes(_first), seconds: 3);
        ExternalBronzeFile.Put(lake, "_not.parquet", ExternalBronzeFile.Bytes(_first));
        ExternalBronzeFile.Put(lake, ".hidden/d.parquet", ExternalBronzeFile.Bytes(_first));
        ExternalBronzeFile.Put(lake, "e.csv", "message_id"u8.ToArray());

        RunSummary summary = await lake.CatchUpAsync();
        Assert.Equal(150, summary.Accepted);
        Assert.Empty(summary.UnreadableFiles);
        lake.AssertHolds([.. _first, .. _second, .. _third]);

        Assert.Equal(0, (await lake.CatchUpAsync()).Accepted);
        lake.AssertHolds([.. _first, .. _second, .. _third]);
        Assert.Empty(Directory.EnumerateFiles(lake["bronze/messages/data"], "part-p*.parquet"));
    }

    [Fact]
    public async Task Files_of_others_between_messages_of_ours_keep_their_place_in_a_replay()
    {
        using var lake = new LakeUnderTest();
        SentMessage[] fourth = SentStreams.Many(30, 4);
        await using (Lake open = await lake.OpenAsync())
        {
            await open.AppendAsync(SentMessage.Batch(_first));
            ExternalBronzeFile.Put(lake, "x.parquet", ExternalBronzeFile.Bytes(_second));
            await open.RunAsync(LakeUnderTest.CaughtUp);
            await open.AppendAsync(SentMessage.Batch(_third));
            ExternalBronzeFile.Put(lake, "a.parquet", ExternalBronzeFile.Bytes(fourth));
            await open.ReplayAsync();
        }

        // A replay ingests what is new, behind what is in the log.
        SentMessage[] all = [.. _first, .. _second, .. _third, .. fourth];
        lake.AssertHolds(all);
        Assert.Equal(0, (await lake.CatchUpAsync()).Accepted);
        await using (Lake open = await lake.OpenAsync())
        {
            await open.ReplayAsync();
        }

        lake.AssertHolds(all);
    }

    [Fact]
    public async Task Timestamps_of_Spark_that_are_INT96_give_the_report_that_Spark_gave()
    {
        using var lake = new LakeUnderTest();
        lake.Scratch.CopyFolder(Fixtures.Path("golden/spark-lake/bronze"), "lake/bronze");
        Assert.Equal(12_000, (await lake.CatchUpAsync()).Accepted);
        Assert.Equal(await File.ReadAllTextAsync(Fixtures.Path("golden/utc/report1.ndjson")), LakeUnderTest.Ndjson(lake.Reader().Report("report1")));
        LakeUnderTest.AssertPasses(lake.Reader().Check());
    }

    [Fact]
    public async Task Rows_that_no_sender_could_have_sent_stay_and_count()
    {
        using var lake = new LakeUnderTest();
        const long Micros = 1_734_300_000_000_000;
        SentMessage[] rows =
        [
            Odd(null, "1"), Odd(Micros, null), Odd(Micros - 5, null), Odd(Micros, "1"), Odd(null, null), Odd(253_402_300_800_000_000, "2"),
            Odd(-62_135_596_800_000_001, "3"), Odd(long.MaxValue, "4"), Odd(long.MinValue, "4"), Odd(Micros, ""), Odd(null, "5"), Odd(null, "5", null),
        ];
        ExternalBronzeFile.Put(lake, "odd.parquet", ExternalBronzeFile.Bytes(rows));
        await lake.CatchUpAsync();
        lake.AssertHolds(rows);
        Assert.NotEmpty(Directory.EnumerateFiles(lake["silver/messages/data/date=__HIVE_DEFAULT_PARTITION__"]));
        await using (Lake open = await lake.OpenAsync())
        {
            await open.ReplayAsync();
        }

        lake.AssertHolds(rows);

        static SentMessage Odd(long? micros, string? id, string? eventType = "SENT") =>
            new("", "v", new Message(micros, eventType, id, "CHAT", 2000, 1, 0));
    }

    [Fact]
    public async Task Timestamps_that_are_not_adjusted_to_UTC_are_in_the_time_zone_of_the_lake()
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { TimeZone = "America/New_York" };
        long local = Micros("2024-12-16T23:30:00");
        ParquetField[] fields =
        [
            new("timestamp", ParquetType.TimestampMicros) { IsAdjustedToUtc = false }, new("message_id", ParquetType.String), new("event_type", ParquetType.String),
        ];
        // 2024-03-10 02:30 is in a gap of that clock, 2024-11-03 01:30 occurs there twice.
        long[] locals = [local, Micros("2024-03-10T02:30:00"), Micros("2024-11-03T01:30:00")];
        ExternalBronzeFile.Put(lake, "local.parquet", ExternalBronzeFile.Of(fields, new Int64Data(locals), ExternalBronzeFile.Texts("1", "2", "3"), ExternalBronzeFile.Texts("SENT", "SENT", "SENT")));
        await lake.CatchUpAsync();
        string[] expected =
        [
            Row("2024-12-16", "2024-12-17T04:30:00", "1", 0), Row("2024-03-10", "2024-03-10T07:30:00", "2", 1), Row("2024-11-03", "2024-11-03T05:30:00", "3", 2),
        ];
        Assert.Equal(expected, SilverRows.Read(lake.Path));

        static string Row(string date, string instant, string id, int offset) =>
            SilverRows.Text("messages", date, Micros(instant), null, "SENT", id, null, null, null, null, offset);
    }

    [Fact]
    public async Task Columns_may_stand_in_the_path()
    {
        using var lake = new LakeUnderTest();
        ParquetField[] fields = [new("timestamp", ParquetType.TimestampMicros), new("message_id", ParquetType.String), new("event_type", ParquetType.String)];
        byte[] file = ExternalBronzeFile.Of(fields, new Int64Data(new[] { 1L, 2L }), ExternalBronzeFile.Texts("1", "2"), ExternalBronzeFile.Texts("SENT", null));
        ExternalBronzeFile.Put(lake, "channel=S%2FMS/country_id=2007/user_id=-3/part.parquet", file, seconds: 1);
        ExternalBronzeFile.Put(lake, "channel=__HIVE_DEFAULT_PARTITION__/country_id=__HIVE_DEFAULT_PARTITION__/event_type=OPEN/part.parquet", file, seconds: 2);
        await lake.CatchUpAsync();
        string[] expected =
        [
            SilverRows.Text("messages", "1970-01-01", 1, null, "SENT", "1", "S/MS", 2007, -3, "United States", 0),
            SilverRows.Text("messages_corrupted", "1970-01-01", 2, null, null, "2", "S/MS", 2007, -3, "United States", 1),
            SilverRows.Text("messages", "1970-01-01", 1, null, "SENT", "1", null, null, null, null, 2),
            SilverRows.Text("messages_corrupted", "1970-01-01", 2, null, null, "2", null, null, null, null, 3),
        ];
        Assert.Equal(expected, SilverRows.Read(lake.Path));
    }

    [Theory]
    [InlineData(ParquetType.Int64)]
    [InlineData(ParquetType.Int32)]
    public async Task A_number_in_value_is_kept_as_its_text(ParquetType type)
    {
        using var lake = new LakeUnderTest();
        ParquetField[] fields = [new("timestamp", ParquetType.TimestampMicros), new("message_id", ParquetType.String), new("value", type)];
        ColumnData values = type == ParquetType.Int64 ? new Int64Data(new[] { -7L, 542L }) : new Int32Data(new[] { -7, 542 });
        ExternalBronzeFile.Put(lake, "rate.parquet", ExternalBronzeFile.Of(fields, new Int64Data(new[] { 1L, 2L }), ExternalBronzeFile.Texts("1", "2"), values));
        await lake.CatchUpAsync();
        string[] expected =
        [
            SilverRows.Text("messages_corrupted", "1970-01-01", 1, "-7", null, "1", null, null, null, null, 0),
            SilverRows.Text("messages_corrupted", "1970-01-01", 2, "542", null, "2", null, null, null, null, 1),
        ];
        Assert.Equal(expected, SilverRows.Read(lake.Path));
    }

    [Theory]
    [InlineData(new byte[] { 0x41, 0xFF }, 1)]
    [InlineData(new byte[] { 0xC3, 0xA9 }, 1)]
    public async Task A_file_whose_text_is_not_UTF_8_is_refused(byte[] text, int cut)
    {
        // The second is a character of which one row has the first half and the next the other.
        using var lake = new LakeUnderTest();
        ParquetField[] fields = [new("timestamp", ParquetType.TimestampMicros), new("message_id", ParquetType.String)];
        byte[] file = ExternalBronzeFile.Of(fields, new Int64Data(new[] { 1L, 2L }), new BytesData(text, new[] { 0, cut, 2 }));
        ExternalBronzeFile.Put(lake, "latin.parquet", file);
        lake.Options = lake.Options with { Trigger = TimeSpan.FromMilliseconds(50) };
        RunSummary summary = await lake.CatchUpAsync();
        Assert.Equal(0, summary.Accepted);
        Assert.Contains("'message_id'", Assert.Single(summary.UnreadableFiles), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_still_being_copied_is_taken_when_it_is_whole()
    {
        using var lake = new LakeUnderTest();
        var clock = new ManualClock();
        lake.Options = lake.Options with { Clock = clock, Trigger = Trigger };
        byte[] whole = ExternalBronzeFile.Bytes(_second);
        ExternalBronzeFile.Put(lake, "a.parquet", ExternalBronzeFile.Bytes(_first), seconds: 1);
        ExternalBronzeFile.Put(lake, "b.parquet", whole[..(whole.Length / 2)], seconds: 2);
        using var stop = new CancellationTokenSource();
        await using Lake open = await lake.OpenAsync();
        Task<RunSummary> run = open.RunAsync(new RunOptions(), cancellationToken: stop.Token);
        await ManualClock.UntilAsync(() => open.Status.Published == 40, "the first file");

        // It has grown at the next trigger, so it is left alone until the one after that.
        ExternalBronzeFile.Put(lake, "b.parquet", whole[..(whole.Length - 10)], seconds: 3);
        ExternalBronzeFile.Put(lake, "c.parquet", ExternalBronzeFile.Bytes(_third), seconds: 4);
        clock.Advance(Trigger);
        await ManualClock.UntilAsync(() => open.Status.Published == 100, "the third file");
        ExternalBronzeFile.Put(lake, "b.parquet", whole, seconds: 5);
        clock.Advance(Trigger);
        await ManualClock.UntilAsync(() => open.Status.Published == 150, "the second file");
        await stop.CancelAsync();
        Assert.Empty((await run).UnreadableFiles);
        lake.AssertHolds([.. _first, .. _third, .. _second]);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_refused_once_and_left_and_taken_when_it_is_mended()
    {
        using var lake = new LakeUnderTest();
        byte[] good = ExternalBronzeFile.Bytes(_second);
        string bad = ExternalBronzeFile.Put(lake, "bad.parquet", good[..^9], seconds: 1);
        ExternalBronzeFile.Put(lake, "good.parquet", ExternalBronzeFile.Bytes(_first), seconds: 2);
        var notices = new List<string>();
        await using (Lake open = await lake.OpenAsync())
        {
            RunSummary summary = await open.RunAsync(LakeUnderTest.CaughtUp, new Sink<RunProgress>(p => notices.Add(p.Notice)));
            Assert.Equal(40, summary.Accepted);
            Assert.Contains("bad.parquet", Assert.Single(summary.UnreadableFiles), StringComparison.Ordinal);
            Assert.Contains("bad.parquet", Assert.Single(notices), StringComparison.Ordinal);
        }

        Assert.Equal(good[..^9], await File.ReadAllBytesAsync(bad));
        lake.AssertHolds(_first);

        // The next run names it again, as long as it is there.
        for (int i = 0; i < 2; i++)
        {
            notices.Clear();
            await using Lake again = await lake.OpenAsync();
            RunSummary summary = await again.RunAsync(LakeUnderTest.CaughtUp, new Sink<RunProgress>(p => notices.Add(p.Notice)));
            Assert.Contains("bad.parquet", Assert.Single(summary.UnreadableFiles), StringComparison.Ordinal);
            Assert.Contains("bad.parquet was not ingested: ", Assert.Single(notices), StringComparison.Ordinal);
        }

        ExternalBronzeFile.Put(lake, "bad.parquet", good, seconds: 9);
        RunSummary corrected = await lake.CatchUpAsync();
        Assert.Equal((50, 0), ((int)corrected.Accepted, corrected.UnreadableFiles.Count));
        lake.AssertHolds([.. _first, .. _second]);
        await using (Lake open = await lake.OpenAsync())
        {
            await open.ReplayAsync();
        }

        lake.AssertHolds([.. _first, .. _second]);
    }

    [Fact]
    public async Task Every_kind_of_bad_file_is_refused_and_the_good_ones_are_taken()
    {
        using var lake = new LakeUnderTest();
        string[] bad = [.. Directory.GetFiles(Fixtures.Path("foreign-parquet"), "bad-*.parquet"), Fixtures.Path("foreign-parquet/arrow-wrong-type.parquet")];
        foreach (string file in bad)
        {
            ExternalBronzeFile.Put(lake, Path.GetFileName(file), await File.ReadAllBytesAsync(file));
        }

        ExternalBronzeFile.Put(lake, "arrow-missing-columns.parquet", await File.ReadAllBytesAsync(Fixtures.Path("foreign-parquet/arrow-missing-columns.parquet")));
        ExternalBronzeFile.Put(lake, "other.parquet", ExternalBronzeFile.Of([new("timestamp", ParquetType.TimestampMicros)], new Int64Data(new[] { 1L })));
        RunSummary summary = await lake.CatchUpAsync();
        Assert.Equal(700, summary.Accepted);
        string[] refused = [.. bad.Select(Path.GetFileName).Append("other.parquet").Order(StringComparer.Ordinal)!];
        Assert.Equal(refused, summary.UnreadableFiles.Select(reason => refused.Single(name => reason.Contains(name, StringComparison.Ordinal))).Order(StringComparer.Ordinal));
        LakeUnderTest.AssertPasses(lake.Reader().Check());
    }

    [Fact]
    public async Task A_failure_behind_a_commit_in_the_middle_of_a_large_file_loses_and_doubles_nothing()
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { PendingRowsMax = 250 };
        SentMessage[] rows = LargeWithALateDate();
        await using (Lake open = await lake.OpenAsync())
        {
            await open.AppendAsync(SentMessage.Batch(_first));
            await open.CommitAsync();
            await FailInTheMiddle(lake, open, rows);
        }

        await lake.CatchUpAsync();
        lake.AssertHolds([.. _first, .. rows]);
        await using (Lake open = await lake.OpenAsync())
        {
            await open.ReplayAsync();
        }

        lake.AssertHolds([.. _first, .. rows]);
    }

    [Fact]
    public async Task A_lake_that_failed_in_the_middle_of_a_large_file_goes_on_without_being_opened_again()
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { PendingRowsMax = 250 };
        SentMessage[] rows = LargeWithALateDate();
        await using Lake open = await lake.OpenAsync();
        await open.AppendAsync(SentMessage.Batch(_first));
        await open.CommitAsync();
        await FailInTheMiddle(lake, open, rows);
        await open.AppendAsync(SentMessage.Batch(_second));
        await open.RunAsync(LakeUnderTest.CaughtUp);
        lake.AssertHolds([.. _first, .. rows, .. _second]);
    }

    [Fact]
    public async Task A_replay_in_the_middle_of_a_large_file_makes_each_row_once()
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { PendingRowsMax = 250 };
        SentMessage[] rows = LargeWithALateDate();
        await using Lake open = await lake.OpenAsync();
        await FailInTheMiddle(lake, open, rows);
        await open.ReplayAsync();
        lake.AssertHolds(rows);
    }

    [Fact]
    public async Task A_local_timestamp_at_the_ends_of_time_is_out_of_range_in_any_zone()
    {
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { TimeZone = "+05:30" };
        ParquetField[] fields = [new("timestamp", ParquetType.TimestampMicros) { IsAdjustedToUtc = false }, new("message_id", ParquetType.String), new("event_type", ParquetType.String)];
        ExternalBronzeFile.Put(lake, "far.parquet", ExternalBronzeFile.Of(fields, new Int64Data(new[] { long.MinValue, long.MaxValue }), ExternalBronzeFile.Texts("1", "2"), ExternalBronzeFile.Texts("SENT", "SENT")));
        await lake.CatchUpAsync();
        Assert.All(SilverRows.Read(lake.Path), row => Assert.Contains("__HIVE_DEFAULT_PARTITION__", row, StringComparison.Ordinal));
        LakeUnderTest.AssertPasses(lake.Reader().Check());
        Assert.False(LakeTimeZone.IsInRange(TimeZoneFiles.Load("+05:30").LocalDay(long.MaxValue)));
    }

    private static SentMessage[] LargeWithALateDate() => [.. SentStreams.Many(700, 9), SentStreams.Of(Micros("2031-05-06T00:00:00")), .. SentStreams.Many(299, 10)];

    // A file where the folder of the late date belongs stops the run behind its first commits.
    private static async Task FailInTheMiddle(LakeUnderTest lake, Lake open, SentMessage[] rows)
    {
        ExternalBronzeFile.Put(lake, "large.parquet", ExternalBronzeFile.Bytes([.. rows.Chunk(100)]));
        long before = open.Status.Published;
        string obstacle = lake.Scratch.Write("lake/silver/messages/data/date=2031-05-06", "");
        await Assert.ThrowsAnyAsync<SystemException>(() => open.RunAsync(LakeUnderTest.CaughtUp));
        await Assert.ThrowsAnyAsync<SystemException>(() => open.RunAsync(LakeUnderTest.CaughtUp));
        Assert.InRange(open.Status.Published, before + 1, before + 999);
        File.Delete(obstacle);
    }

    private static long Micros(string text) =>
        (DateTime.Parse(text + "Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) - DateTime.UnixEpoch).Ticks / 10;
}
