using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Parquet;
using OrleansLake.Storage;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

/// <summary>Rows of a Parquet file that are not messages: ingest rejects them one by one, a bronze file is refused whole.</summary>
public class ParquetRowsTests
{
    private static readonly ParquetField[] _fields =
    [
        new("timestamp", ParquetType.TimestampMicros), new("message_id", ParquetType.String), new("event_type", ParquetType.String),
        new("channel", ParquetType.String), new("user_id", ParquetType.Int64),
    ];

    [Fact]
    public async Task A_value_that_does_not_fit_rejects_its_row_and_the_others_are_taken()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("ten.parquet", File(10, badEvery: 4))), LakeUnderTest.Plain);
        Assert.Equal((7L, 3L), (summary.Accepted, summary.Rejected));
        QuarantineEntry[] entries = [.. lake.Reader().Quarantine()];
        Assert.Equal([1L, 5L, 9L], entries.Select(entry => entry.Rejection.Record));
        Assert.All(entries, static entry => Assert.Equal((RejectionReason.NumberOutOfRange, "ten.parquet"), (entry.Rejection.Reason, entry.Source)));
        Assert.Equal("user_id is 3000000000, but a whole number from -2147483648 to 2147483647 is expected; a lake that is created with --user-id int64 takes it", entries[0].Rejection.Detail);
        string raw = Encoding.UTF8.GetString(entries[1].Rejection.Raw);
        Assert.Equal(
            """{"timestamp":"1970-01-01T00:00:00.000004Z","value":null,"event_type":"SENT","message_id":"m4","channel":"EMAIL","country_id":null,"user_id":3000000004}""", raw);

        // It is a line of NDJSON: sent again it is rejected again, put right it is taken.
        Assert.Equal(RejectionReason.NumberOutOfRange, (await open.ReplayQuarantineAsync(new QuarantineReplayOptions())).Failures[0].Reason);
        var fixes = new Dictionary<QuarantineId, byte[]> { [entries[1].Id] = Encoding.UTF8.GetBytes(raw.Replace("3000000004", "4", StringComparison.Ordinal)) };
        Assert.Equal((1, 1), (await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Fixes = fixes }) is var mended ? (mended.Replayed, mended.Accepted) : default));
    }

    [ForeignTheory]
    [InlineData("2147483648::float", "2147483648")]
    [InlineData("-3e9::float", "-3000000000")]
    [InlineData("1e30::float", "1000000015047466219876688855040")]
    [InlineData("2147483649::double", "2147483649")]
    [InlineData("1e300::double", null)]
    [InlineData("2147483648.00::decimal(20,2)", "2147483648")]
    [InlineData("0.5::float", "0.5")]
    [InlineData("16777217.5::double", "16777217.5")]
    [InlineData("18446744073709551615::ubigint", "18446744073709551615")]
    [InlineData("'nan'::float", "\"NaN\"")]
    [InlineData("'-inf'::double", "\"-Infinity\"")]
    public async Task A_number_that_does_not_fit_is_kept_with_its_own_digits(string sql, string? kept)
    {
        using var lake = new LakeUnderTest();
        string path = lake.Scratch["one.parquet"];
        DuckDb.Query($"copy (select timestamp '2024-12-16 10:01:00' as timestamp, 'm' as message_id, {sql} as country_id) to '{path}'", "select 1");
        await using Lake open = await lake.OpenAsync();
        Assert.Equal(1, (await open.IngestAsync(new IngestFile(path), LakeUnderTest.Plain)).Rejected);
        Rejection rejection = Assert.Single(lake.Reader().Quarantine()).Rejection;
        string raw = Encoding.UTF8.GetString(rejection.Raw);
        string number = raw.Split("\"country_id\":")[1].Split(',')[0];
        Assert.Equal(kept ?? number, number);
        string shown = number.Length <= 20 ? number.Trim('"') : sql.Split("::")[0].Replace("e", "e+", StringComparison.Ordinal);
        Assert.Equal($"country_id is {shown}, but a whole number from -2147483648 to 2147483647 is expected", rejection.Detail);
        Assert.True(kept is not null || number.All(char.IsAsciiDigit));

        // Sent again it is rejected for the same.
        Assert.Equal(rejection.Reason, Assert.Single((await open.ReplayQuarantineAsync(new QuarantineReplayOptions())).Failures).Reason);
    }

    [ForeignFact]
    public async Task A_negative_zero_is_zero()
    {
        using var lake = new LakeUnderTest();
        string path = lake.Scratch["zero.parquet"];
        DuckDb.Query($"copy (select timestamp '2024-12-16 10:01:00' as timestamp, 'm' as message_id, '-0'::float as country_id, '-0'::double as user_id) to '{path}'", "select 1");
        await using Lake open = await lake.OpenAsync();
        Assert.Equal(1, (await open.IngestAsync(new IngestFile(path), LakeUnderTest.Plain)).Accepted);
    }

    [Fact]
    public async Task Bytes_that_are_not_text_reject_their_row_and_are_kept_as_they_came()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        ParquetField[] fields = [_fields[0], _fields[1]];
        byte[] bytes = [0x61, 0x22, 0xFF, 0x62, 0x63];
        byte[] file = ExternalBronzeFile.Of(fields, new Int64Data(new[] { 1L, 2L, 3L }), new BytesData(bytes, new[] { 0, 3, 4, 5 }));
        IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("latin.parquet", file)), LakeUnderTest.Plain);
        Assert.Equal((2L, 1L), (summary.Accepted, summary.Rejected));
        Rejection rejection = Assert.Single(lake.Reader().Quarantine()).Rejection;
        Assert.Equal((RejectionReason.NotUtf8, 1L), (rejection.Reason, rejection.Record));
        byte[] kept = [.. "\"message_id\":\"a\\\""u8, 0xFF, (byte)'"'];
        Assert.True(rejection.Raw.AsSpan().IndexOf(kept) > 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_file_with_rejected_rows_that_was_cut_off_goes_on_and_rejects_none_twice(int partitions)
    {
        const int Rows = 300_000;
        const int BadEvery = 1000;
        using var lake = new LakeUnderTest();
        lake.Options = lake.Options with { Partitions = partitions };
        var file = new IngestFile(lake.Scratch.Write("large.parquet", File(Rows, BadEvery)));
        using (var stop = new CancellationTokenSource())
        {
            await using Lake open = await lake.OpenAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => open.IngestAsync(
                file, new IngestOptions { Acknowledged = count => Stop(stop, count) }, null, stop.Token));
        }

        await using (Lake open = await lake.OpenAsync())
        {
            IngestSummary rest = await open.IngestAsync(file, LakeUnderTest.Plain);
            Assert.InRange(rest.ResumedFrom, 1, Rows - 1);
            Assert.True((await open.IngestAsync(file, LakeUnderTest.Plain)).Skipped);
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        LakeReader reader = lake.Reader();
        Assert.Equal((Rows - (Rows / BadEvery), Rows / BadEvery), (reader.Ledger.Total.Bronze, reader.Ledger.Total.Rejected));
        Assert.Equal(Enumerable.Range(0, Rows / BadEvery).Select(static i => (long)(i * BadEvery) + 1), reader.Quarantine().Select(static entry => entry.Rejection.Record).Order());
        LakeUnderTest.AssertPasses(reader.Check());
    }

    [Fact]
    public async Task In_bronze_a_value_that_does_not_fit_refuses_the_file_and_names_the_row()
    {
        using var lake = new LakeUnderTest();
        ExternalBronzeFile.Put(lake, "bad.parquet", File(10, badEvery: 9));
        ExternalBronzeFile.Put(lake, "good.parquet", File(10, badEvery: 0));
        RunSummary summary = await lake.CatchUpAsync();
        Assert.Equal(10, summary.Accepted);
        Assert.Equal("bronze/messages/data/bad.parquet: column 'user_id', row 1: user_id is 3000000000, but a whole number from -2147483648 to 2147483647 is expected; a lake that is created with --user-id int64 takes it.", Assert.Single(summary.UnreadableFiles));
    }

    [Theory]
    [InlineData("epoch-s", 1_734_343_260, true)]
    [InlineData("epoch-ms", 1_734_343_260_000, true)]
    [InlineData("epoch-us", 1_734_343_260_000_000, true)]
    [InlineData("epoch-s", long.MaxValue, false)]
    [InlineData(null, 1_734_343_260, false)]
    [InlineData("yyyy-MM-dd HH:mm:ss", 1_734_343_260, false)]
    public async Task A_plain_integer_is_a_timestamp_only_if_it_is_said_what_it_counts(string? text, long count, bool isTaken)
    {
        using var lake = new LakeUnderTest();
        TimestampFormat? format = null;
        Assert.True(text is null || TimestampFormat.TryCreate(text, out format, out _));
        byte[] file = ExternalBronzeFile.Of(
            [new("timestamp", ParquetType.Int64), new("message_id", ParquetType.String), new("event_type", ParquetType.String)],
            new Int64Data(new[] { count }), ExternalBronzeFile.Texts("1"), ExternalBronzeFile.Texts("SENT"));
        await using Lake open = await lake.OpenAsync();
        IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("count.parquet", file)), new IngestOptions { TimestampFormat = format });
        Assert.Equal(isTaken ? (1L, 0L) : (0, format is { IsEpoch: true } ? 1 : 0), (summary.Accepted, summary.Rejected));
        if (format is not { IsEpoch: true })
        {
            Assert.StartsWith("count.parquet: column 'timestamp' is INT64, but ", Path.GetFileName(Assert.Single(summary.UnreadableFiles)), StringComparison.Ordinal);
        }

        await open.RunAsync(LakeUnderTest.CaughtUp);
        Assert.Equal(isTaken ? [SilverRows.Text("messages", "2024-12-16", 1_734_343_260_000_000, null, "SENT", "1", null, null, null, null, 0)] : [], SilverRows.Read(lake.Path));
    }

    [Fact]
    public async Task A_fraction_of_a_number_that_counts_since_1970_is_refused_with_the_option_that_was_given()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        byte[] file = ExternalBronzeFile.Of(
            [new("timestamp", ParquetType.Double), new("message_id", ParquetType.String)], new DoubleData(new[] { 1_734_343_260.5 }), ExternalBronzeFile.Texts("1"));
        string path = lake.Scratch.Write("count.parquet", file);
        IngestSummary summary = await open.IngestAsync(new IngestFile(path), new IngestOptions { TimestampFormat = TimestampFormat.EpochSeconds });
        Assert.EndsWith(
            "count.parquet: column 'timestamp' is DOUBLE, but with --timestamp-format epoch-s a column of integers is expected: cast(timestamp * 1000000 as bigint), with epoch-us.",
            Assert.Single(summary.UnreadableFiles), StringComparison.Ordinal);
        Assert.EndsWith(
            "column 'timestamp' is DOUBLE, but a TIMESTAMP, a DATE or text is expected.",
            Assert.Single((await open.IngestAsync(new IngestFile(path), LakeUnderTest.Plain)).UnreadableFiles), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7.5, "7.5")]
    [InlineData(1e300, "1e+300")]
    [InlineData(3e9, "3000000000")]
    [InlineData(double.NaN, "NaN")]
    public async Task A_floating_point_number_that_does_not_fit_is_told_in_its_own_words(double number, string shown)
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        byte[] file = ExternalBronzeFile.Of(
            [new("timestamp", ParquetType.TimestampMicros), new("message_id", ParquetType.String), new("user_id", ParquetType.Double)],
            new Int64Data(new[] { 1L }), ExternalBronzeFile.Texts("1"), new DoubleData(new[] { number }));
        IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("one.parquet", file)), LakeUnderTest.Plain);
        Assert.Equal(
            $"user_id is {shown}, but a whole number from -2147483648 to 2147483647 is expected", Assert.Single(summary.FirstRejections).Value.Detail);
    }

    [Fact]
    public async Task Known_columns_that_are_nowhere_and_names_that_are_nearly_theirs_are_told_once()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        ParquetField[] fields = [_fields[0], _fields[1], new("eventType", ParquetType.String), new("channel", ParquetType.String), new("Channel", ParquetType.String)];
        ColumnData[] columns = [new Int64Data(new[] { 1L }), .. ((string[])["1", "SENT", "SMS", "PUSH"]).Select(static text => ExternalBronzeFile.Texts(text))];
        foreach (string name in (string[])["a", "b", "user_id=7/c"])
        {
            lake.Scratch.Write($"in/{name}.parquet", ExternalBronzeFile.Of(fields, columns));
        }

        lake.Scratch.Write("in/empty.parquet", ExternalBronzeFile.Of([_fields[0], _fields[1]], new Int64Data(Array.Empty<long>()), ExternalBronzeFile.Texts()));
        IngestSummary summary = await open.IngestAsync(new IngestFolder(lake.Scratch["in"]), LakeUnderTest.Plain);
        string folder = lake.Scratch["in"];
        string[] alike = [.. ((string[])["a", "b", "user_id=7/c"]).Select(name => $"{folder}/{name}.parquet has the columns channel and Channel; channel is read, Channel is left alone.")];
        Assert.Equal(
            [
                alike[0], alike[1], $"{folder}/empty.parquet has no rows.", alike[2],
                $"no value, event_type (it has eventType), country_id or user_id anywhere in {folder}/a.parquet and 1 other.",
                $"no value, event_type (it has eventType) or country_id anywhere in {folder}/user_id=7/c.parquet.",
                $"{folder}/a.parquet and 2 others: 2 fields are in no column: eventType, Channel (6 values); keep them by lake column keep attributes.",
            ],
            summary.Notes);

        string text = lake.Scratch.Write("channel=SMS/t.ndjson", "{\"timestamp\":\"2024-12-16T12:01:05Z\",\"message_id\":\"t\"}\n");
        Assert.Contains((await open.IngestAsync(new IngestFile(text), LakeUnderTest.Plain)).Notes, note => note == $"{text} is text, whose columns are in its records: channel in its path is not looked at.");

        byte[] other = ExternalBronzeFile.Of([new("Timestamp", ParquetType.TimestampMicros), _fields[1]], new Int64Data(new[] { 1L }), ExternalBronzeFile.Texts("1"));
        Assert.EndsWith(
            "/other.parquet: it has no column timestamp, so it holds no messages; rename \"Timestamp\" to timestamp.",
            Assert.Single((await open.IngestAsync(new IngestFile(lake.Scratch.Write("other.parquet", other)), LakeUnderTest.Plain)).UnreadableFiles), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_anything_like_the_columns_says_what_it_has()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        byte[] other = ExternalBronzeFile.Of([new("a", ParquetType.TimestampMicros), new("b", ParquetType.String)], new Int64Data(new[] { 1L }), ExternalBronzeFile.Texts("1"));
        Assert.EndsWith(
            "/other.parquet: it has no column timestamp or message_id, so it holds no messages; it has: a, b.",
            Assert.Single((await open.IngestAsync(new IngestFile(lake.Scratch.Write("other.parquet", other)), LakeUnderTest.Plain)).UnreadableFiles), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_bronze_names_that_are_nearly_a_columns_are_told_once()
    {
        using var lake = new LakeUnderTest();
        byte[] file = ExternalBronzeFile.Of([_fields[0], _fields[1], new("eventType", ParquetType.String)], new Int64Data(new[] { 1L }), ExternalBronzeFile.Texts("1"), ExternalBronzeFile.Texts("SENT"));
        ExternalBronzeFile.Put(lake, "a.parquet", file);
        ExternalBronzeFile.Put(lake, "b.parquet", file);
        var told = new List<string>();
        await using Lake open = await lake.OpenAsync();
        await open.RunAsync(LakeUnderTest.CaughtUp, new Told(told));
        Assert.Equal(
            "bronze/messages/data/a.parquet was ingested without what it may mean by other names: no value, event_type (it has eventType), channel, country_id or user_id.",
            Assert.Single(told, text => text.Contains("other names", StringComparison.Ordinal)));
    }

    private sealed class Told(List<string> told) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => told.Add(value.Notice);
    }

    [Fact]
    public async Task A_column_that_stands_twice_is_refused()
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        byte[] file = ExternalBronzeFile.Of([_fields[0], _fields[1], new("channel", ParquetType.String), new("channeX", ParquetType.String)], new Int64Data(new[] { 1L }), ExternalBronzeFile.Texts("1"), ExternalBronzeFile.Texts("SMS"), ExternalBronzeFile.Texts("EMAIL"));
        int at;
        while ((at = file.AsSpan().IndexOf("channeX"u8)) >= 0)
        {
            file[at + 6] = (byte)'l';
        }

        IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("twice.parquet", file)), LakeUnderTest.Plain);
        Assert.EndsWith("/twice.parquet: it has 2 columns 'channel', but each column is expected once.", Assert.Single(summary.UnreadableFiles), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("start")]
    [InlineData("cut")]
    [InlineData("encrypted")]
    [InlineData("end")]
    [InlineData("text")]
    public async Task A_file_named_Parquet_that_is_not_one_is_refused_in_one_sentence(string how)
    {
        using var lake = new LakeUnderTest();
        await using Lake open = await lake.OpenAsync();
        byte[] whole = File(10, badEvery: 0);
        byte[] file = how switch
        {
            "empty" => [],
            "start" => whole[..4],
            "cut" => whole[..^50],
            "encrypted" => [.. whole[..^4], .. "PARE"u8],
            "end" => [.. whole[..^4], .. "XXXX"u8],
            _ => "{\"timestamp\":\"2024-12-16T12:01:05Z\",\"message_id\":\"m1\"}\n"u8.ToArray(),
        };
        IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write("x.parquet", file)), LakeUnderTest.Plain);
        Assert.Equal((0L, 0L), (summary.Accepted, summary.Rejected));
        Assert.Matches("^[^ ]*x\\.parquet: [^.]*\\.$", Assert.Single(summary.UnreadableFiles));

        byte[] none = ExternalBronzeFile.Of(_fields[..2], new Int64Data(Array.Empty<long>()), ExternalBronzeFile.Texts());
        Assert.Empty((await open.IngestAsync(new IngestFile(lake.Scratch.Write("none.parquet", none)), LakeUnderTest.Plain)).UnreadableFiles);
    }

    private static void Stop(CancellationTokenSource stop, long count)
    {
        if (count > 0)
        {
            stop.Cancel();
        }
    }

    // Every so many rows, from the first, a user that does not fit.
    private static byte[] File(int rows, int badEvery)
    {
        long[] times = [.. Enumerable.Range(0, rows).Select(static i => (long)i)];
        long[] users = [.. times.Select(i => badEvery > 0 && i % badEvery == 0 ? 3_000_000_000 + i : i % 100)];
        return ExternalBronzeFile.Of(
            _fields, new Int64Data(times), ExternalBronzeFile.Texts([.. times.Select(static i => $"m{i}")]),
            ExternalBronzeFile.Texts([.. times.Select(static _ => "SENT")]), ExternalBronzeFile.Texts([.. times.Select(static _ => "EMAIL")]), new Int64Data(users));
    }
}
