using System.Globalization;
using OrleansLake.Core;
using OrleansLake.Core.State;
using OrleansLake.Engine.External;
using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Reading;
using OrleansLake.Engine.Running;
using OrleansLake.Parquet;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Stores;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

/// <summary>An external bronze file that was ingested, and then is not what it was.</summary>
public sealed class ExternalFileTests : IDisposable
{
    private const string Folder = "bronze/messages/data";

    private readonly LakeUnderTest _lake = new();
    private readonly SentMessage[] _first = SentStreams.Many(40, 1);
    private readonly SentMessage[] _second = SentStreams.Many(50, 2);
    private readonly SentMessage[] _third = SentStreams.Many(60, 3);

    public void Dispose() => _lake.Dispose();

    [Theory]
    [InlineData("back.parquet", 1)]
    [InlineData("a.parquet", 1)]
    [InlineData("back.parquet", 3)]
    public async Task Bytes_of_an_accepted_file_that_are_back_are_known_and_named(string name, int partitions)
    {
        _lake.Options = _lake.Options with { Partitions = partitions };
        string path = ExternalBronzeFile.Put(_lake, "a.parquet", ExternalBronzeFile.Bytes(_first));
        await _lake.CatchUpAsync();
        (string Report1, string Report2) reports = Reports();
        File.Delete(path);
        await using (Lake open = await _lake.OpenAsync())
        {
            Assert.Equal(AcceptOutcome.Accepted, Assert.Single(await open.AcceptExternalAsync(["a.parquet"])).Outcome);
            ExternalBronzeFile.Put(_lake, name, ExternalBronzeFile.Bytes(_first), seconds: 60);
            var notices = new List<string>();
            for (int i = 0; i < 2; i++)
            {
                await open.RunAsync(LakeUnderTest.CaughtUp, new Sink<RunProgress>(p => notices.Add(p.Notice)));
            }

            Assert.Equal($"{Folder}/{name} adds no rows: its bytes were ingested as a.parquet, which was accepted, and count once. Nothing is to be done.", Assert.Single(notices));
            Assert.Equal(
                name == "a.parquet" ? AcceptOutcome.AcceptedBefore : AcceptOutcome.Known, Assert.Single(await open.AcceptExternalAsync([name])).Outcome);
            Assert.Empty(open.Status.ExternalFiles);
        }

        ExternalFile known = Assert.Single(_lake.Reader().ExternalFiles(), file => file.State == ExternalFileState.Known);
        Assert.Equal(($"{Folder}/{name}", "known", 0), (known.Path, known.StateName, known.Rows));
        Assert.Equal(2, _lake.Reader().ExternalFiles().Count);
        AssertSound(reports);

        // What prevents another number of partitions is reported, and following that is enough.
        LakeException refused = await Assert.ThrowsAsync<LakeException>(() => LakePartitioning.RepartitionAsync(_lake.Options, 2));
        Assert.Contains($"{Folder}/{name} only has to be moved: its bytes were ingested as a.parquet, which was accepted.", refused.Message, StringComparison.Ordinal);
        File.Delete(_lake[$"{Folder}/{name}"]);
        await LakePartitioning.RepartitionAsync(_lake.Options, 2);
        Assert.Equal(reports, Reports());
    }

    [Theory]
    [InlineData("gone", ExternalFileState.Gone, 1)]
    [InlineData("changed", ExternalFileState.Changed, 1)]
    [InlineData("longer", ExternalFileState.Changed, 1)]
    [InlineData("truncated", ExternalFileState.Changed, 1)]
    [InlineData("empty", ExternalFileState.Changed, 1)]
    [InlineData("folder", ExternalFileState.Gone, 1)]
    [InlineData("link", ExternalFileState.Gone, 1)]
    [InlineData("renamed", ExternalFileState.Renamed, 1)]
    [InlineData("moved", ExternalFileState.Renamed, 1)]
    [InlineData("gone", ExternalFileState.Gone, 4)]
    [InlineData("changed", ExternalFileState.Changed, 4)]
    [InlineData("renamed", ExternalFileState.Renamed, 4)]
    public async Task Its_rows_stay_and_it_is_told_once_until_it_is_accepted(string how, ExternalFileState state, int partitions)
    {
        _lake.Options = _lake.Options with { Partitions = partitions };
        byte[] bytes = ExternalBronzeFile.Bytes(_first);
        string path = ExternalBronzeFile.Put(_lake, "a.parquet", bytes);
        ExternalBronzeFile.Put(_lake, "b.parquet", ExternalBronzeFile.Bytes(_second), seconds: 9);
        await _lake.CatchUpAsync();
        (string Report1, string Report2) reports = Reports();
        Spoil(how, path, bytes);

        var notices = new List<string>();
        await using (Lake open = await _lake.OpenAsync())
        {
            for (int i = 0; i < 2; i++)
            {
                Assert.Empty((await open.RunAsync(LakeUnderTest.CaughtUp, new Sink<RunProgress>(p => notices.Add(p.Notice)))).UnreadableFiles);
            }

            ExternalFile found = Assert.Single(open.Status.ExternalFiles);
            Assert.Equal(($"{Folder}/a.parquet", state, 40), (found.Path, found.State, found.Rows));
            string? detail = state switch
            {
                ExternalFileState.Gone => "it is not there any more",
                ExternalFileState.Changed => string.Create(CultureInfo.InvariantCulture, $"it holds {new FileInfo(path).Length:N0} bytes now, which are others; rows and bytes here are those that were ingested"),
                _ => null,
            };
            Assert.Equal(detail, found.Detail);
            Assert.Contains("lake bronze accept a.parquet", Assert.Single(notices, notice => !notice.Contains("left out", StringComparison.Ordinal)), StringComparison.Ordinal);
            await open.ReplayAsync();
        }

        Assert.Equal(reports, Reports());
        foreach (CheckResult check in (CheckResult[])[_lake.Reader().Check(2), _lake.Reader().CheckDeep(2)])
        {
            CheckFinding wrong = Assert.Single(check.Findings, finding => !finding.IsRight);
            Assert.Equal(("external file", false), (wrong.Name, wrong.IsDamage));
            Assert.Contains("a.parquet", wrong.Found, StringComparison.Ordinal);
            Assert.DoesNotContain("overwrite", wrong.Found, StringComparison.Ordinal);
        }

        await using (Lake open = await _lake.OpenAsync())
        {
            AcceptedFile accepted = Assert.Single(await open.AcceptExternalAsync(["a.parquet"]));
            Assert.Equal((AcceptOutcome.Accepted, state, 40), (accepted.Outcome, accepted.File!.State, accepted.File.Rows));
            AcceptOutcome[] rest = [.. (await open.AcceptExternalAsync(["a.parquet", "b.parquet", "c.parquet"])).Select(one => one.Outcome)];
            Assert.Equal([AcceptOutcome.AcceptedBefore, AcceptOutcome.Unchanged, AcceptOutcome.Unknown], rest);
        }

        AssertSound(reports);
        await using (Lake open = await _lake.OpenAsync())
        {
            await open.ReplayAsync();
            await open.RunAsync(LakeUnderTest.CaughtUp);
            Assert.Empty(open.Status.ExternalFiles);
        }

        AssertSound(reports);

        // It comes back as it was.
        Directory.Delete(_lake[Folder], recursive: true);
        ExternalBronzeFile.Put(_lake, "b.parquet", ExternalBronzeFile.Bytes(_second), seconds: 9);
        ExternalBronzeFile.Put(_lake, "a.parquet", bytes, seconds: 20);
        Assert.Equal(0, (await _lake.CatchUpAsync()).Accepted);
        AssertSound(reports);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task What_its_name_holds_now_is_taken_only_after_it_was_accepted_and_once(int partitions)
    {
        _lake.Options = _lake.Options with { Partitions = partitions };
        byte[] bytes = ExternalBronzeFile.Bytes(_first);
        ExternalBronzeFile.Put(_lake, "a.parquet", bytes);
        await _lake.CatchUpAsync();
        ExternalBronzeFile.Put(_lake, "a.parquet", ExternalBronzeFile.Bytes(_second), seconds: 5);
        Assert.Equal(0, (await _lake.CatchUpAsync()).Accepted);
        await AcceptAsync("a.parquet");
        Assert.Equal(50, (await _lake.CatchUpAsync()).Accepted);
        Assert.Equal(0, (await _lake.CatchUpAsync()).Accepted);
        if (partitions == 1)
        {
            _lake.AssertHolds([.. _first, .. _second]);
        }

        Assert.Equal([("a.parquet", ExternalFileState.Accepted, 40L), ("a.parquet", ExternalFileState.Taken, 50L)], States());
        await ReplayAsync();
        LakeUnderTest.AssertPasses(_lake.Reader().CheckDeep(2));

        // The first content again: it is that of the accepted file, so the second's is gone, and nothing is new.
        ExternalBronzeFile.Put(_lake, "a.parquet", bytes, seconds: 7);
        Assert.Equal(0, (await _lake.CatchUpAsync()).Accepted);
        await AcceptAsync("a.parquet");
        Assert.Equal(0, (await _lake.CatchUpAsync()).Accepted);
        Assert.Equal(90, _lake.Reader().Ledger.Total.Bronze);
        await ReplayAsync();
        LakeUnderTest.AssertPasses(_lake.Reader().CheckDeep(2));
    }

    [Fact]
    public async Task File_that_was_touched_or_comes_back_before_it_is_accepted_is_what_it_was()
    {
        byte[] bytes = ExternalBronzeFile.Bytes(_first);
        string path = ExternalBronzeFile.Put(_lake, "a.parquet", bytes);
        await _lake.CatchUpAsync();
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        await using Lake open = await _lake.OpenAsync();
        await open.RunAsync(LakeUnderTest.CaughtUp);
        Assert.Empty(open.Status.ExternalFiles);
        LakeUnderTest.AssertPasses(_lake.Reader().Check());
        File.Delete(path);
        await open.RunAsync(LakeUnderTest.CaughtUp);
        Assert.Single(open.Status.ExternalFiles);
        ExternalBronzeFile.Put(_lake, "a.parquet", bytes, seconds: 3);
        await open.RunAsync(LakeUnderTest.CaughtUp);
        Assert.Empty(open.Status.ExternalFiles);
        Assert.Equal(AcceptOutcome.Unchanged, Assert.Single(await open.AcceptExternalAsync([$"{Folder}/a.parquet"])).Outcome);
        _lake.AssertHolds(_first);
    }

    [Fact]
    public async Task Copy_beside_the_file_is_a_file_of_its_own_and_bytes_under_columns_that_they_have_are_known()
    {
        byte[] bytes = ExternalBronzeFile.Bytes(_first);
        ExternalBronzeFile.Put(_lake, "a.parquet", bytes);
        await _lake.CatchUpAsync();
        ExternalBronzeFile.Put(_lake, "copy.parquet", bytes, seconds: 1);
        Assert.Equal(40, (await _lake.CatchUpAsync()).Accepted);
        File.Delete(_lake[$"{Folder}/a.parquet"]);
        await _lake.CatchUpAsync();
        Assert.Equal(ExternalFileState.Gone, _lake.Reader().ExternalFiles()[0].State);
        await AcceptAsync("a.parquet");
        ExternalBronzeFile.Put(_lake, "channel=x/a.parquet", bytes, seconds: 2);
        Assert.Equal(0, (await _lake.CatchUpAsync()).Accepted);
        Assert.Equal(80, _lake.Reader().Ledger.Total.Bronze);
        LakeUnderTest.AssertPasses(_lake.Reader().CheckDeep(2));
    }

    [Theory]
    [InlineData("The file is empty.", "the file is empty")]
    [InlineData("f.parquet: it changed while it was read.", "it changed while it was read")]
    [InlineData("f.parquet, row 1: user_id is 7.5", "row 1: user_id is 7.5")]
    public void Reason_is_the_rest_of_a_sentence(string reason, string detail)
    {
        var file = new ExternalFile("f.parquet", ExternalFileState.Refused) { Reason = reason };
        Assert.Equal(detail, file.Detail);
        Assert.StartsWith($"f.parquet was not ingested: {detail}. ", file.Describe(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("channel=SMS/p.parquet", "p.parquet", true)]
    [InlineData("p.parquet", "date=1/channel=SMS/p.parquet", true)]
    [InlineData("channel=SMS/p.parquet", "channel=PUSH/q.parquet", true)]
    [InlineData("user_id=7/p.parquet", "p.parquet", false)]
    [InlineData("user_id=7/channel=SMS/p.parquet", "user_id=7/p.parquet", true)]
    [InlineData("user_id=7/p.parquet", "user_id=8/p.parquet", false)]
    public async Task Column_in_the_path_counts_only_where_the_file_has_it_not_itself(string before, string now, bool isRenamed)
    {
        byte[] bytes = ExternalBronzeFile.Of(
            [new("timestamp", ParquetType.TimestampMicros), new("message_id", ParquetType.String), new("channel", ParquetType.String)],
            new Int64Data(new[] { 1L }), ExternalBronzeFile.Texts("m"), ExternalBronzeFile.Texts("CHAT"));
        string path = ExternalBronzeFile.Put(_lake, before, bytes);
        await _lake.CatchUpAsync();
        File.Delete(path);
        ExternalBronzeFile.Put(_lake, now, bytes, seconds: 1);
        Assert.Equal(isRenamed ? 0 : 1, (await _lake.CatchUpAsync()).Accepted);
        ExternalFile found = _lake.Reader().ExternalFiles().Single(file => file.Path == $"{Folder}/{before}");
        Assert.Equal((isRenamed ? ExternalFileState.Renamed : ExternalFileState.Gone, isRenamed ? $"{Folder}/{now}" : null), (found.State, found.RenamedTo));
        await ReplayAsync();
        Assert.Equal(isRenamed ? 1 : 2, _lake.Reader().Ledger.Total.Bronze);
    }

    [Fact]
    public async Task Every_column_comes_back_from_silver()
    {
        const long Micros = 1_734_300_000_000_000;
        SentMessage[] rows =
        [
            Odd(null, "1"), Odd(Micros, null), Odd(Micros - 5, null), Odd(253_402_300_800_000_000, "2"), Odd(long.MaxValue, "4"), Odd(Micros, ""),
            Odd(null, "5", null), Odd(Micros, "6", "NONE"), Odd(Micros, "7", ""), Odd(Micros, "8", "SENT", null, null, null), Odd(Micros, "9", "SENT", "", 1, -1),
        ];
        _lake.Options = _lake.Options with { PendingRowsMax = 250 };
        ExternalBronzeFile.Put(_lake, "odd.parquet", ExternalBronzeFile.Bytes([.. rows.Chunk(3)]));
        SentMessage[] many = SentStreams.Many(3000, 7);
        ExternalBronzeFile.Put(_lake, "many.parquet", ExternalBronzeFile.Bytes([.. many.Chunk(100)]), seconds: 4);
        await _lake.CatchUpAsync();
        Directory.Delete(_lake[Folder], recursive: true);
        await ReplayAsync();
        await AcceptAsync("odd.parquet", "many.parquet");
        _lake.AssertHolds([.. rows, .. many]);
        await ReplayAsync();
        _lake.AssertHolds([.. rows, .. many]);
        LakeUnderTest.AssertPasses(_lake.Reader().CheckDeep(2));

        static SentMessage Odd(long? micros, string? id, string? eventType = "SENT", string? channel = "CHAT", int? country = 2000, int? user = 1) =>
            new("", "v", new Message(micros, eventType, id, channel, country, user, 0));
    }

    [Fact]
    public async Task Replay_refuses_where_silver_has_lost_the_rows_too_and_changes_nothing()
    {
        string path = ExternalBronzeFile.Put(_lake, "a.parquet", ExternalBronzeFile.Bytes(_first));
        await _lake.CatchUpAsync();
        byte[] bytes = await File.ReadAllBytesAsync(path);
        File.Delete(path);
        string silver = Directory.EnumerateFiles(_lake["silver"], "*.parquet", SearchOption.AllDirectories).First();
        File.Delete(silver);
        string[] before = Directory.GetFiles(_lake["silver"], "*", SearchOption.AllDirectories);
        Assert.Contains("put bronze/messages/data/a.parquet back", (await Assert.ThrowsAsync<CorruptDataException>(ReplayAsync)).Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(_lake["silver"], "*", SearchOption.AllDirectories));
        ExternalBronzeFile.Put(_lake, "a.parquet", bytes);
        await ReplayAsync();
        _lake.AssertHolds(_first);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(4, true)]
    public async Task Rows_that_went_before_a_commit_leave_their_places_and_come_back_with_the_file(int partitions, bool isGone)
    {
        _lake.Options = _lake.Options with { Partitions = partitions };
        byte[] bytes = ExternalBronzeFile.Bytes(_first);
        string path = ExternalBronzeFile.Put(_lake, "a.parquet", bytes);
        await TakeInOnlyAsync();
        if (isGone)
        {
            File.Delete(path);
        }
        else
        {
            await File.WriteAllBytesAsync(path, bytes[..100]);
        }

        var notices = new List<string>();
        await using (Lake open = await _lake.OpenAsync())
        {
            await open.RunAsync(LakeUnderTest.CaughtUp, new Sink<RunProgress>(p => notices.Add(p.Notice)));
            Assert.Contains(notices, notice => notice.Contains("nulls", StringComparison.Ordinal));
            Assert.Equal((40, 40), (open.Status.Ledger.Bronze, open.Status.Ledger.MessagesCorrupted));
            await open.ReplayAsync();
        }

        CheckResult check = _lake.Reader().CheckDeep(2);
        Assert.Equal("external file", Assert.Single(check.Findings, finding => !finding.IsRight).Name);
        ExternalBronzeFile.Put(_lake, "a.parquet", bytes, seconds: 4);
        await _lake.CatchUpAsync();
        await ReplayAsync();
        if (partitions == 1)
        {
            _lake.AssertHolds(_first);
        }

        LakeUnderTest.AssertPasses(_lake.Reader().CheckDeep(2));
    }

    [Theory]
    [InlineData("a.parquet", "z.parquet", 1)]
    [InlineData("day=1/a.parquet", "day=2/a.parquet", 4)]
    public async Task Rows_of_a_file_that_was_renamed_before_a_commit_are_read_under_its_new_name(string name, string renamed, int partitions)
    {
        _lake.Options = _lake.Options with { Partitions = partitions };
        Directory.CreateDirectory(Path.GetDirectoryName(_lake[$"{Folder}/{name}"])!);
        Directory.CreateDirectory(Path.GetDirectoryName(_lake[$"{Folder}/{renamed}"])!);
        string path = ExternalBronzeFile.Put(_lake, name, ExternalBronzeFile.Bytes(_first));
        await TakeInOnlyAsync();
        File.Move(path, _lake[$"{Folder}/{renamed}"]);
        var notices = new List<string>();
        await using (Lake open = await _lake.OpenAsync())
        {
            await open.RunAsync(LakeUnderTest.CaughtUp, new Sink<RunProgress>(p => notices.Add(p.Notice)));
            Assert.Equal(40, open.Status.Ledger.Bronze);
            Assert.Equal(ExternalFileState.Renamed, Assert.Single(open.Status.ExternalFiles).State);
        }

        Assert.DoesNotContain(notices, notice => notice.Contains("nulls", StringComparison.Ordinal));
        await AcceptAsync(name);
        await ReplayAsync();
        Assert.Equal(40, _lake.Reader().Ledger.Total.Bronze);
        if (partitions == 1)
        {
            _lake.AssertHolds(_first);
        }

        LakeUnderTest.AssertPasses(_lake.Reader().CheckDeep(2));
    }

    [Fact]
    public async Task Replay_of_what_was_only_taken_in_goes_on_without_the_file()
    {
        string path = ExternalBronzeFile.Put(_lake, "a.parquet", ExternalBronzeFile.Bytes(_first));
        await TakeInOnlyAsync();
        File.Delete(path);
        await ReplayAsync();
        Assert.Equal(40, _lake.Reader().Ledger.Total.Bronze);
        Assert.Equal("external file", Assert.Single(_lake.Reader().CheckDeep(2).Findings, finding => !finding.IsRight).Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commit_in_the_middle_of_a_file_that_goes_then_keeps_the_rows_before_it(bool comesBack)
    {
        _lake.Options = _lake.Options with { PendingRowsMax = 250 };
        SentMessage[] rows = [.. SentStreams.Many(700, 9), SentStreams.Of(1_935_792_000_000_000), .. SentStreams.Many(299, 10)];
        byte[] bytes = ExternalBronzeFile.Bytes([.. rows.Chunk(100)]);
        string path = ExternalBronzeFile.Put(_lake, "large.parquet", bytes);
        string obstacle = _lake.Scratch.Write("lake/silver/messages/data/date=2031-05-06", "");
        await Assert.ThrowsAnyAsync<SystemException>(_lake.CatchUpAsync);
        File.Delete(obstacle);
        File.Delete(path);
        if (comesBack)
        {
            // After some of the places were published without their rows.
            _lake.Options = _lake.Options with { PendingRowsMax = 130 };
        }

        await _lake.CatchUpAsync();
        Ledger ledger = _lake.Reader().Ledger;
        Assert.Equal(1000, ledger.Total.Bronze);
        Assert.InRange(ledger.Total.MessagesCorrupted, SentCorrupted(rows[..250]), 1000);
        ExternalBronzeFile.Put(_lake, "large.parquet", bytes, seconds: 3);
        await ReplayAsync();
        _lake.AssertHolds(rows);
    }

    [Fact]
    public async Task Lake_whose_files_were_accepted_is_repartitioned_and_knows_them_when_they_come_back()
    {
        byte[] bytes = ExternalBronzeFile.Bytes(_first);
        string path = ExternalBronzeFile.Put(_lake, "a.parquet", bytes);
        await using (Lake open = await _lake.OpenAsync())
        {
            await open.AppendAsync(SentMessage.Batch(_second));
            await open.RunAsync(LakeUnderTest.CaughtUp);
            await open.AppendAsync(SentMessage.Batch(_third));
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        (string, string) reports = Reports();
        File.Delete(path);
        LakeException refused = await Assert.ThrowsAsync<LakeException>(() => LakePartitioning.RepartitionAsync(_lake.Options, 3));
        Assert.Contains("lake bronze accept a.parquet", refused.Message, StringComparison.Ordinal);
        await AcceptAsync("a.parquet");
        await LakePartitioning.RepartitionAsync(_lake.Options, 3);
        _lake.Options = _lake.Options with { Partitions = 3 };
        AssertSound(reports);
        ExternalBronzeFile.Put(_lake, "a.parquet", bytes, seconds: 8);
        Assert.Equal(0, (await _lake.CatchUpAsync()).Accepted);
        AssertSound(reports);
        Assert.Equal(150, _lake.Reader().Ledger.Total.Bronze);
    }

    [Fact]
    public async Task File_that_may_not_be_read_stops_nothing()
    {
        // Root reads everything: what it may not is tested with the command, which can be run without its rights.
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            return;
        }

        string taken = ExternalBronzeFile.Put(_lake, "a.parquet", ExternalBronzeFile.Bytes(_first));
        await _lake.CatchUpAsync();
        File.SetUnixFileMode(taken, UnixFileMode.None);
        string fresh = ExternalBronzeFile.Put(_lake, "b.parquet", ExternalBronzeFile.Bytes(_second), seconds: 3);
        File.SetUnixFileMode(fresh, UnixFileMode.None);
        ExternalBronzeFile.Put(_lake, "c.parquet", ExternalBronzeFile.Bytes(_third), seconds: 4);
        await using Lake open = await _lake.OpenAsync();
        RunSummary summary = await open.RunAsync(LakeUnderTest.CaughtUp);
        Assert.Equal(60, summary.Accepted);
        Assert.Contains("b.parquet", Assert.Single(summary.UnreadableFiles), StringComparison.Ordinal);
        Assert.Equal(2, _lake.Reader().Check().Findings.Count(finding => !finding.IsRight && finding.Found.Contains("cannot be read", StringComparison.Ordinal)));
        await open.ReplayAsync();
        File.SetUnixFileMode(fresh, UnixFileMode.UserRead);
        Assert.Equal(50, (await open.RunAsync(LakeUnderTest.CaughtUp)).Accepted);
        Assert.Equal(ExternalFileState.Unreadable, Assert.Single(await open.AcceptExternalAsync(["a.parquet"])).File!.State);
        _lake.AssertHolds([.. _first, .. _third, .. _second]);
    }

    // As a process leaves it that is killed between taking a file in and its commit.
    private async Task TakeInOnlyAsync()
    {
        var store = new LocalStore(_lake.Path);
        await using (await _lake.OpenAsync())
        {
        }

        var work = new ParallelWork(1);
        LakeOptions options = _lake.Options;
        LakeDescription lake = LakeDescription.Read(store);
        var zone = _lake.Reader().TimeZone;
        var partitions = lake.PartitionIds.Select((id, place) => new LakePartition(store, PartitionStore.Open(store, id), new PartitionSettings
        {
            Zone = zone,
            Countries = Core.Countries.CountryTable.Notebook,
            Work = work,
            PendingRowsMax = options.PendingRowsMax,
            Clock = TimeProvider.System,
            Reports = options.Reports,
            Share = new PartitionSlice(place, lake.Partitions),
        })).ToList();
        new ExternalFileIngestor(
            store, new LakePartitions(partitions, work, new Lock()), zone, work, options, new ExternalBoard(), (partition, content) => partition.Accept(content))
            .IngestNewFiles(null, CancellationToken.None);
        partitions.ForEach(partition => partition.Dispose());
    }

    private void Spoil(string how, string path, byte[] bytes)
    {
        switch (how)
        {
            case "gone":
                File.Delete(path);
                break;
            case "changed":
                byte[] changed = [.. bytes];
                changed[20] ^= 1;
                ExternalBronzeFile.Put(_lake, "a.parquet", changed, seconds: 1);
                break;
            case "longer":
                ExternalBronzeFile.Put(_lake, "a.parquet", [.. bytes, 0]);
                break;
            case "truncated":
                ExternalBronzeFile.Put(_lake, "a.parquet", bytes[..(bytes.Length / 2)]);
                break;
            case "empty":
                ExternalBronzeFile.Put(_lake, "a.parquet", []);
                break;
            case "folder":
                File.Delete(path);
                Directory.CreateDirectory(path);
                break;
            case "link":
                File.Move(path, _lake.Scratch["elsewhere.parquet"]);
                File.CreateSymbolicLink(path, _lake.Scratch["elsewhere.parquet"]);
                break;
            case "renamed":
                File.Move(path, _lake[$"{Folder}/z.parquet"]);
                break;
            default:
                Directory.CreateDirectory(_lake[$"{Folder}/old"]);
                File.Move(path, _lake[$"{Folder}/old/a.parquet"]);
                break;
        }
    }

    private async Task AcceptAsync(params string[] names)
    {
        await using Lake open = await _lake.OpenAsync();
        Assert.All(await open.AcceptExternalAsync(names), one => Assert.Equal(AcceptOutcome.Accepted, one.Outcome));
    }

    private async Task ReplayAsync()
    {
        await using Lake open = await _lake.OpenAsync();
        await open.ReplayAsync();
    }

    private (string Name, ExternalFileState State, long Rows)[] States() => [.. _lake.Reader().ExternalFiles().Select(file => (file.Name, file.State, file.Rows))];

    private (string Report1, string Report2) Reports() => (LakeUnderTest.Ndjson(_lake.Reader().Report("report1")), LakeUnderTest.Ndjson(_lake.Reader().Report("report2")));

    // Files that were accepted need not be there; a file of broken bytes may be refused.
    private void AssertSound((string Report1, string Report2) reports)
    {
        Assert.Equal(reports, Reports());
        LakeUnderTest.AssertPasses(_lake.Reader().Check(2));
        LakeUnderTest.AssertPasses(_lake.Reader().CheckDeep(2));
    }

    private static long SentCorrupted(SentMessage[] rows) => rows.LongCount(row => Oracle.IsCorrupted(row.Message!));
}
