using System.Buffers;
using System.Text;
using OrleansLake.Core.Reports;
using OrleansLake.Engine.Live;
using OrleansLake.Parquet;
using OrleansLake.Storage;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Engine.Tests;

/// <summary>The names of gold's columns: once given, they are kept.</summary>
public sealed class ColumnNamesTests : IDisposable
{
    private readonly LakeUnderTest _lake = new();
    private int _count;

    public void Dispose() => _lake.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Names_are_kept_through_commits_replays_repartitioning_and_starts(int partitions)
    {
        _lake.Options = _lake.Options with { Partitions = partitions };
        await SendAsync("Open", "SENT");
        AssertColumns("Open", "SENT");
        await SendAsync("OPEN");
        AssertColumns("OPEN_", "Open", "SENT");
        await SendAsync("oPEN", "open");
        string[] expected = ["OPEN_", "Open", "SENT", "oPEN__", "open___"];
        AssertColumns(expected);
        await using (Lake open = await _lake.OpenAsync())
        {
            await open.ReplayAsync();
        }

        AssertColumns(expected);
        int other = partitions == 1 ? 2 : 1;
        await LakePartitioning.RepartitionAsync(_lake.Options, other);
        _lake.Options = _lake.Options with { Partitions = other };
        AssertColumns(expected);
        await SendAsync("OPEN", "OPEn");
        AssertColumns("OPEN_", "OPEn____", "Open", "SENT", "oPEN__", "open___");

        // Without gold, which is written again.
        Directory.Delete(_lake["gold"], recursive: true);
        await SendAsync("SENT");
        AssertColumns("OPEN_", "OPEn____", "Open", "SENT", "oPEN__", "open___");
    }

    [Fact]
    public async Task Name_of_a_value_that_goes_is_there_when_it_comes_back()
    {
        await SendAsync("SENT");
        await SendLineAsync("x", "2024-12-16T10:00:00Z", "Chat");
        await SendLineAsync("y", "2024-12-16T10:00:00Z", "CHAT");
        Assert.Equal(["CHAT_", "Chat", "SMS"], Columns("report2"));

        // Ids are once for each channel, so the column of a channel goes only with a lake that starts empty.
        await using (Lake open = await _lake.OpenAsync())
        {
            await open.StartEmptyAsync();
        }

        await SendLineAsync("y", "2024-12-16T10:00:00Z", "CHAT");
        Assert.Equal(["CHAT"], Columns("report2"));
        Assert.Equal(["report1", "report2"], Manifest().Columns.Select(report => report.Report));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Gold_of_an_earlier_version_keeps_the_names_that_it_shows(int partitions)
    {
        _lake.Options = _lake.Options with { Partitions = partitions };
        await SendAsync("Open", "open");
        string[] before = ["Open", "open_"];
        AssertColumns(before);
        ForgetNames(partitions);
        Assert.Empty(Manifest().Columns);
        AssertColumns(before);
        await SendAsync("OPEN");
        AssertColumns("OPEN__", "Open", "open_");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Report_of_now_has_golds_names_before_and_after_its_commit(int partitions)
    {
        _lake.Options = _lake.Options with { Partitions = partitions };
        await SendAsync("Open");
        await using Lake open = await _lake.OpenAsync();
        await LakeUnderTest.IngestTextAsync(open, Line("OPEN"), new IngestOptions { FollowUp = true });
        ReportTable live = open.Report(LakeReports.Report1);
        Assert.Equal(["date", "channel", "OPEN_", "Open", "total"], live.ColumnNames);
        Assert.Equal(["date", "channel", "OPEN_", "Open", "total"], _lake.Reader().Report("report1").ColumnNames);
        File.Delete(_lake["gold/report1/data/report1.parquet"]);
        Assert.Equal(["date", "channel", "OPEN_", "Open", "total"], _lake.Reader().Report("report1").ColumnNames);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Name_once_shown_stays_its_events_whether_a_commit_has_it_or_not(int partitions)
    {
        _lake.Options = _lake.Options with { Partitions = partitions };
        await using (Lake open = await _lake.OpenAsync())
        {
            LiveView live = open.GoLive();
            await SendNowAsync(open, "total", "total");
            Assert.Equal(["date", "channel", "total_", "total"], live.Read(LakeReports.Report1).Table.ColumnNames);
            using LiveSubscription? watcher = partitions == 1 ? live.Subscribe(LakeReports.Report1) : null;

            // It sorts before the other, and would have the name if both were new.
            await SendNowAsync(open, "total_", "Date");
            string[] expected = ["date", "channel", "Date_", "total_", "total__", "total"];
            Assert.Equal(expected, live.Read(LakeReports.Report1).Table.ColumnNames);
            Assert.Equal(expected, live.ReadTogether(LakeReports.Report1).Tables[0].ColumnNames);
            Assert.Equal(expected, open.Report(LakeReports.Report1).ColumnNames);
            if (watcher is not null)
            {
                LiveStep step = await watcher.NextAsync(CancellationToken.None);
                Assert.Equal(expected, step.Changes[0].Rows.ColumnNames);
                Assert.Equal("""[{"date":"2024-12-16","channel":"SMS","Date_":1,"total_":2,"total__":1,"total":4}]""", Json(step.Changes[0].Rows));
            }

            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        AssertColumns("Date_", "total_", "total__");
        Assert.Equal("""[{"date":"2024-12-16","channel":"SMS","Date_":1,"total_":2,"total__":1,"total":4}]""", Json(_lake.Reader().Report("report1")));
        File.Delete(_lake["gold/report1/data/report1.parquet"]);
        Assert.Equal("""[{"date":"2024-12-16","channel":"SMS","Date_":1,"total_":2,"total__":1,"total":4}]""", Json(_lake.Reader().Report("report1")));

        async Task SendNowAsync(Lake open, params string[] eventTypes)
        {
            SendOutcome outcome = await open.SendAsync(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(string.Concat(eventTypes.Select(Line)))), new SendOptions());
            await open.GoLive().WaitAppliedAsync(outcome.EndOffsets, CancellationToken.None);
        }
    }

    private static string Json(ReportTable table)
    {
        var text = new ArrayBufferWriter<byte>();
        table.WriteJsonLine(text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    [Fact]
    public async Task Manifest_with_names_is_of_a_version_that_earlier_programs_refuse()
    {
        await SendAsync("Open");
        string manifest = Directory.GetFiles(_lake["bronze/messages/checkpoint/lake/p00000/manifests"]).Max(StringComparer.Ordinal)!;
        Assert.Contains("\"formatVersion\": 2", await File.ReadAllTextAsync(manifest), StringComparison.Ordinal);
    }

    private async Task SendAsync(params string[] eventTypes)
    {
        await using Lake open = await _lake.OpenAsync();
        await LakeUnderTest.IngestTextAsync(open, string.Concat(eventTypes.Select(Line)));
        await open.RunAsync(LakeUnderTest.CaughtUp);
    }

    private async Task SendLineAsync(string id, string time, string channel)
    {
        await using Lake open = await _lake.OpenAsync();
        await LakeUnderTest.IngestTextAsync(open, $$"""{"timestamp":"{{time}}","message_id":"{{id}}","event_type":"SENT","channel":"{{channel}}"}""" + "\n");
        await open.RunAsync(LakeUnderTest.CaughtUp);
    }

    private string Line(string eventType) =>
        $$"""{"timestamp":"2024-12-16T10:00:00Z","message_id":"m{{_count++}}","event_type":"{{eventType}}","channel":"SMS","user_id":1}""" + "\n";

    private void AssertColumns(params string[] expected)
    {
        Assert.Equal(expected, Columns("report1"));
        LakeUnderTest.AssertPasses(_lake.Reader().Check(2));
        LakeUnderTest.AssertPasses(_lake.Reader().CheckDeep(2));
    }

    private string[] Columns(string report)
    {
        using ParquetReader reader = ParquetReader.Open(_lake[$"gold/{report}/data/{report}.parquet"]);
        string[] names = [.. reader.Schema.Fields.Select(field => field.Name)];
        return report == "report1" ? names[2..^1] : names[2..];
    }

    private Manifest Manifest()
    {
        var store = new LocalStore(_lake.Path);
        return PartitionReader.ReadLatest(store, LakeDescription.Read(store).PartitionIds[0])!.Manifest;
    }

    // As a lake is that an earlier version has written to last.
    private void ForgetNames(int partitions)
    {
        var store = new LocalStore(_lake.Path);
        foreach (PartitionId id in LakeDescription.Read(store).PartitionIds.Take(partitions))
        {
            using PartitionStore partition = PartitionStore.Open(store, id);
            partition.Commit(new CommitDraft { Applied = partition.Current.Applied, Ledger = partition.Ledger, Columns = [] });
        }
    }
}
