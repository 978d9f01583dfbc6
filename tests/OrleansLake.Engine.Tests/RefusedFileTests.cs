using OrleansLake.Parquet;

namespace OrleansLake.Engine.Tests;

/// <summary>External bronze files that were refused, and what becomes of that when they go or are corrected.</summary>
public sealed class RefusedFileTests : IDisposable
{
    private const string Folder = "bronze/messages/data";

    private readonly LakeUnderTest _lake = new();
    private readonly byte[] _whole = ExternalBronzeFile.Bytes(SentStreams.Many(40, 1));

    public void Dispose() => _lake.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task One_that_is_gone_is_refused_no_more_and_the_next_run_says_so_once(int partitions)
    {
        _lake.Options = _lake.Options with { Partitions = partitions };
        string path = ExternalBronzeFile.Put(_lake, "a.parquet", _whole[..300]);
        Assert.Contains("a.parquet was not ingested: the file does not end as", Assert.Single(await NoticesAsync()), StringComparison.Ordinal);
        Assert.Equal([ExternalFileState.Refused], States());
        Assert.Equal(AcceptOutcome.Refused, await AcceptAsync("a.parquet"));
        File.Delete(path);
        Assert.Empty(States());
        Assert.Equal(AcceptOutcome.Unknown, await AcceptAsync("a.parquet"));
        Assert.Equal([$"{Folder}/a.parquet, which was refused, is gone."], await NoticesAsync());
        Assert.Empty(await NoticesAsync());
        Assert.Empty(States());
        LakeUnderTest.AssertPasses(_lake.Reader().CheckDeep(2));

        // Another of its name is a new file.
        ExternalBronzeFile.Put(_lake, "a.parquet", _whole, seconds: 5);
        Assert.Equal([ExternalFileState.New], States());
        Assert.Equal(40, (await _lake.CatchUpAsync()).Accepted);
        Assert.Equal([ExternalFileState.Taken], States());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task One_that_holds_known_bytes_again_is_refused_no_more_and_adds_nothing(int partitions)
    {
        _lake.Options = _lake.Options with { Partitions = partitions };
        ExternalBronzeFile.Put(_lake, "a.parquet", _whole);
        await _lake.CatchUpAsync();
        ExternalBronzeFile.Put(_lake, "a.parquet", _whole[..300], seconds: 1);
        Assert.Equal(AcceptOutcome.Accepted, await AcceptAsync("a.parquet"));
        Assert.Single((await _lake.CatchUpAsync()).UnreadableFiles);
        Assert.Equal([ExternalFileState.Accepted, ExternalFileState.Refused], States());
        ExternalBronzeFile.Put(_lake, "a.parquet", _whole, seconds: 2);
        Assert.Equal([ExternalFileState.Accepted, ExternalFileState.Known], States());
        const string Known = $"{Folder}/a.parquet adds no rows: its bytes were ingested as a.parquet, which was accepted, and count once. Nothing is to be done.";
        Assert.Equal([$"{Folder}/a.parquet, which was refused, holds bytes again that were ingested before, and adds nothing.", Known], await NoticesAsync());
        Assert.Equal([Known], await NoticesAsync());
        Assert.Equal(40, _lake.Reader().Ledger.Total.Bronze);
        LakeUnderTest.AssertPasses(_lake.Reader().CheckDeep(2));
    }

    [Fact]
    public async Task Lake_of_many_partitions_that_was_started_empty_says_nothing_of_what_went()
    {
        _lake.Options = _lake.Options with { Partitions = 3 };
        ExternalBronzeFile.Put(_lake, "a.parquet", _whole);
        await _lake.CatchUpAsync();
        await using (Lake open = await _lake.OpenAsync())
        {
            await open.StartEmptyAsync();
        }

        Assert.Empty(States());
        Assert.Empty(await NoticesAsync());
        ExternalBronzeFile.Put(_lake, "a.parquet", _whole);
        Assert.Equal(40, (await _lake.CatchUpAsync()).Accepted);
    }

    [Fact]
    public async Task Of_many_ten_are_told_by_name_once_and_the_others_are_counted()
    {
        for (int i = 0; i < 13; i++)
        {
            ExternalBronzeFile.Put(_lake, $"{i:D2}.parquet", _whole[..(300 + i)]);
        }

        var notices = new List<string>();
        await using (Lake open = await _lake.OpenAsync())
        {
            Assert.Equal(13, (await open.RunAsync(LakeUnderTest.CaughtUp, new Sink<RunProgress>(p => notices.Add(p.Notice)))).UnreadableFiles.Count);
        }

        Assert.Equal(11, notices.Count);
        Assert.Equal("3 more files in bronze were refused: `lake bronze list` shows all.", notices[^1]);
        Directory.Delete(_lake[Folder], recursive: true);
        Assert.Equal("3 more files in bronze that were refused are gone or known: `lake bronze list` shows all.", (await NoticesAsync())[^1]);
    }

    [Fact]
    public async Task What_is_accepted_is_a_new_file_only_if_its_bytes_are_not_known()
    {
        byte[] other = ExternalBronzeFile.Bytes(SentStreams.Many(50, 2));
        ExternalBronzeFile.Put(_lake, "a.parquet", _whole);
        ExternalBronzeFile.Put(_lake, "b.parquet", other, seconds: 1);
        ExternalBronzeFile.Put(_lake, "c.parquet", ExternalBronzeFile.Bytes(SentStreams.Many(1, 3)), seconds: 2);
        await _lake.CatchUpAsync();
        ExternalBronzeFile.Put(_lake, "a.parquet", other, seconds: 3);
        ExternalBronzeFile.Put(_lake, "b.parquet", _whole, seconds: 4);
        ExternalBronzeFile.Put(_lake, "c.parquet", ExternalBronzeFile.Bytes(SentStreams.Many(60, 4)), seconds: 5);
        await using (Lake open = await _lake.OpenAsync())
        {
            Assert.Equal([false, false, true], (await open.AcceptExternalAsync(["a.parquet", "b.parquet", "c.parquet"])).Select(file => file.IsNewFile));
        }

        Assert.Equal(60, (await _lake.CatchUpAsync()).Accepted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reason_is_the_rule_of_bronze_and_promises_nothing_to_be_kept(bool isLong)
    {
        byte[] file = isLong
            ? ExternalBronzeFile.Of(
                [new("timestamp", ParquetType.TimestampMicros), new("message_id", ParquetType.String)],
                new Int64Data(new[] { 1L }), ExternalBronzeFile.Texts(new string('x', (16 * 1024 * 1024) + 1)))
            : ExternalBronzeFile.Of([new("timestamp", ParquetType.Date), new("message_id", ParquetType.String)], new Int32Data(new[] { int.MaxValue }), ExternalBronzeFile.Texts("1"));
        ExternalBronzeFile.Put(_lake, "a.parquet", file);
        string reason = Assert.Single((await _lake.CatchUpAsync()).UnreadableFiles);
        Assert.Contains(isLong ? "message_id has 16777217 bytes" : "2147483647 days since 1970 (infinity), more than 64 bits of microseconds hold", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("kept here", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lake_with_files_of_others_is_not_repartitioned_and_told_what_to_do()
    {
        string path = ExternalBronzeFile.Put(_lake, "a.parquet", _whole);
        await _lake.CatchUpAsync();
        ExternalBronzeFile.Put(_lake, "b.parquet", _whole[..300]);
        LakeException refused = await Assert.ThrowsAsync<LakeException>(() => LakePartitioning.RepartitionAsync(_lake.Options, 3));
        Assert.Equal(LakeFailure.Failed, refused.Failure);
        Assert.StartsWith($"{Folder}/a.parquet and {Folder}/b.parquet are of other programs", refused.Message, StringComparison.Ordinal);
        Assert.Contains("`lake bronze accept`", refused.Message, StringComparison.Ordinal);
        Directory.Delete(_lake[Folder], recursive: true);
        Assert.Equal(AcceptOutcome.Accepted, await AcceptAsync("a.parquet"));
        await LakePartitioning.RepartitionAsync(_lake.Options, 3);
        Assert.Equal(40, _lake.Reader().Ledger.Total.Bronze);
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Every_file_that_keeps_a_lake_from_being_repartitioned_is_named_at_once(int partitions)
    {
        _lake.Options = _lake.Options with { Partitions = partitions };
        string[] paths = [.. Enumerable.Range(0, 3).Select(i => ExternalBronzeFile.Put(_lake, $"{i}.parquet", ExternalBronzeFile.Bytes(SentStreams.Many(20, i)), seconds: i))];
        await _lake.CatchUpAsync();
        File.Delete(paths[1]);
        File.Delete(paths[2]);
        string some = await RefusalAsync();
        Assert.StartsWith($"{Folder}/0.parquet is of other programs", some, StringComparison.Ordinal);
        Assert.All([1, 2], i => Assert.Contains($"{Folder}/{i}.parquet is gone since it was ingested; its 20 rows", some, StringComparison.Ordinal));
        File.Delete(paths[0]);
        Assert.StartsWith(
            $"{Folder}/0.parquet, {Folder}/1.parquet and {Folder}/2.parquet are gone since they were ingested; their 60 rows are in silver and stay.", await RefusalAsync(), StringComparison.Ordinal);
        Assert.Equal(AcceptOutcome.Accepted, await AcceptAsync("0.parquet"));
        Assert.Equal(AcceptOutcome.Accepted, await AcceptAsync("2.parquet"));
        Assert.StartsWith($"{Folder}/1.parquet is gone since it was ingested; its 20 rows", await RefusalAsync(), StringComparison.Ordinal);
        Assert.Equal(AcceptOutcome.Accepted, await AcceptAsync("1.parquet"));
        await LakePartitioning.RepartitionAsync(_lake.Options, 2);

        async Task<string> RefusalAsync() =>
            (await Assert.ThrowsAsync<LakeException>(() => LakePartitioning.RepartitionAsync(_lake.Options, 2))).Message;
    }

    private ExternalFileState[] States() => [.. _lake.Reader().ExternalFiles().Select(file => file.State)];

    private async Task<AcceptOutcome> AcceptAsync(string name)
    {
        await using Lake open = await _lake.OpenAsync();
        return Assert.Single(await open.AcceptExternalAsync([name])).Outcome;
    }

    private async Task<List<string>> NoticesAsync()
    {
        var notices = new List<string>();
        await using Lake open = await _lake.OpenAsync();
        await open.RunAsync(LakeUnderTest.CaughtUp, new Sink<RunProgress>(p => notices.Add(p.Notice)));
        return notices;
    }
}
