using System.Text;
using OrleansLake.Core.Mapping;
using OrleansLake.Storage;

namespace OrleansLake.Engine.Tests;

/// <summary>A record that was rejected through a mapping is replayed through the same, or through the one that is asked for.</summary>
public sealed class NamedMappingTests : IDisposable
{
    private const string Default = """{"fields":{"timestamp":{"format":"receipt"},"message_id":"id","channel":{"constant":"OTHER"}}}""";
    private const string Record = """{"ts":1734343200,"id":"q2","ev":"b"}""";

    private readonly LakeUnderTest _lake = new();

    public void Dispose() => _lake.Dispose();

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(3, true)]
    public async Task A_record_is_replayed_through_the_mapping_that_rejected_it(int partitions, bool isPublished)
    {
        _lake.Options = _lake.Options with { Partitions = partitions };
        await using Lake lake = await _lake.OpenAsync();
        lake.Mappings.Set("default", Parse(Default));
        lake.Mappings.Set("nm", Events("a"));
        Assert.Equal(1, (await lake.SendAsync(Encoding.UTF8.GetBytes(Record), new SendOptions { Mapping = "nm" })).Rejected);
        Assert.Equal(1, (await LakeUnderTest.IngestTextAsync(lake, Record.Replace("q2", "q3", StringComparison.Ordinal), new IngestOptions { Mapping = lake.Mappings.All["nm"] })).Rejected);
        await LakeUnderTest.IngestTextAsync(lake, """{"id":7""");
        if (isPublished)
        {
            await lake.RunAsync(LakeUnderTest.CaughtUp);
        }

        Assert.Equal(["nm", "nm", null], _lake.Reader().Quarantine().OrderBy(static one => one.RejectedAt).Select(static one => one.Rejection.Mapping));
        Assert.Contains("event_type (from ev) is \"b\"", (await lake.ReplayQuarantineAsync(new QuarantineReplayOptions())).Failures[0].Detail, StringComparison.Ordinal);

        lake.Mappings.Remove("nm");
        Assert.Contains(
            (await lake.ReplayQuarantineAsync(new QuarantineReplayOptions())).Failures,
            static one => one.Detail == "it was read through the mapping nm, which the lake does not have any more: keep one of that name (lake mapping set nm FILE), or name another (lake quarantine replay --mapping NAME|FILE|none)");

        lake.Mappings.Set("nm", Events("b"));
        Assert.Equal((2, 2), (await lake.ReplayQuarantineAsync(new QuarantineReplayOptions())) is var done ? (done.Replayed, done.Accepted) : default);
        await lake.RunAsync(LakeUnderTest.CaughtUp);
        Assert.Equal(["q2", "q3"], SilverRows.Read(_lake.Path).Select(static row => row.Split('|')).Where(static row => row is [_, _, "1734343200000000", _, "'OPEN'", _, "'SMS'", ..]).Select(static row => row[5].Trim('\'')).Order());
    }

    [Fact]
    public async Task A_record_of_a_mapping_that_the_lake_does_not_keep_waits_for_one_that_is_named()
    {
        await using Lake lake = await _lake.OpenAsync();
        lake.Mappings.Set("default", Parse(Default));
        await LakeUnderTest.IngestTextAsync(lake, Record, new IngestOptions { Mapping = Events("a") });
        QuarantineReplaySummary refused = await lake.ReplayQuarantineAsync(new QuarantineReplayOptions());
        Assert.Equal("it was read through a mapping that the lake does not keep: name one (lake quarantine replay --mapping NAME|FILE|none)", Assert.Single(refused.Failures).Detail);
        Assert.Equal(1, (await lake.ReplayQuarantineAsync(new QuarantineReplayOptions { Mapping = Events("b") })).Accepted);
    }

    [Fact]
    public async Task The_time_of_receipt_is_that_of_the_record_and_what_takes_its_place_may_be_a_message()
    {
        await using Lake lake = await _lake.OpenAsync();
        lake.Mappings.Set("default", Parse(Default));
        Assert.Equal(2, (await LakeUnderTest.IngestTextAsync(lake, "{\"Id\":\"a\"}\n{\"Id\":\"b\"}\n")).Rejected);
        QuarantineEntry[] entries = [.. _lake.Reader().Quarantine()];
        lake.Mappings.Set("default", Parse(Default.Replace("\"id\"", "\"Id\"", StringComparison.Ordinal)));
        byte[] message = """{"timestamp":"2024-12-16T10:00:00Z","message_id":"m"}"""u8.ToArray();
        Assert.Equal(2, (await lake.ReplayQuarantineAsync(new QuarantineReplayOptions { Fixes = new Dictionary<QuarantineId, byte[]> { [entries[1].Id] = message } })).Accepted
            + (await lake.ReplayQuarantineAsync(new QuarantineReplayOptions())).Accepted);
        await lake.RunAsync(LakeUnderTest.CaughtUp);
        long micros = (entries[0].RejectedAt!.Value - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        Assert.Equal([$"{micros} 'a'", "1734343200000000 'm'"], SilverRows.Read(_lake.Path).Select(static row => row.Split('|')).Select(static row => $"{row[2]} {row[5]}").OrderDescending());
    }

    [Fact]
    public async Task A_row_of_a_table_is_read_again_from_its_file_once_its_mapping_reads_it()
    {
        string file = _lake.Scratch.Write("x.csv", "ts,id,ev\n1734343200,m1,a\n1734343200,m2,b\n");
        await using Lake lake = await _lake.OpenAsync();
        lake.Mappings.Set("default", Events("a"));
        Assert.Equal((1, 1), await lake.IngestAsync(new IngestFile(file), new IngestOptions()) is var first ? (first.Accepted, first.Rejected) : default);
        Assert.StartsWith(
            "it is a row of a table, whose header names its fields: lake ingest FILE reads it once the mapping does, or --fix",
            Assert.Single((await lake.ReplayQuarantineAsync(new QuarantineReplayOptions())).Failures).Detail, StringComparison.Ordinal);
        Assert.Contains("its mapping does not read the record", (await lake.IngestAsync(new IngestFile(file), new IngestOptions())).SkippedBecause!, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LakeException>(() => lake.IngestAsync(new IngestFile(file), new IngestOptions { TimestampFormat = Core.Time.TimestampFormat.EpochMillis }));
        lake.Mappings.Set("default", Events("b"));
        Assert.Equal((1, 0), await lake.IngestAsync(new IngestFile(file), new IngestOptions()) is var again ? (again.Accepted, again.Rejected) : default);
        Assert.Equal(0, lake.Status.RejectedUnresolved);
        await lake.RunAsync(LakeUnderTest.CaughtUp);
        Assert.Equal(2, SilverRows.Read(_lake.Path).Length);
    }

    private static MessageMapping Events(string known) => Parse("""
        {"fields":{"timestamp":{"from":"ts","format":"epoch-s"},"message_id":"id","event_type":{"from":"ev","map":{"KNOWN":"OPEN"}},"channel":{"constant":"SMS"}}}
        """.Replace("KNOWN", known, StringComparison.Ordinal));

    private static MessageMapping Parse(string json) =>
        MessageMapping.TryParse(Encoding.UTF8.GetBytes(json), out MessageMapping? mapping, out string? error) ? mapping : throw new InvalidOperationException(error);
}
