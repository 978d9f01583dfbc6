using OrleansLake.Core.Reports;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Tests.Partitions;

/// <summary>A manifest keeps the names of the reports' columns.</summary>
public class ColumnNamesTests
{
    private static readonly ReportNames[] Names =
        [new("report1", [new KeptName("Open", "Open"), new KeptName("OPEN", "OPEN_")]), new("report2", [new KeptName(null, "null"), new KeptName("", "_"), new KeptName("a\"\n\u0001é", "x")])];

    [Fact]
    public void Names_are_carried_on_by_commits_and_openings_and_go_with_an_empty_generation()
    {
        using var lake = new TemporaryLake();
        using (PartitionStore store = lake.Open())
        {
            Assert.Equal((1, 0), (store.Current.FormatVersion, store.Current.Columns.Count));
            store.Commit(new CommitDraft { Applied = store.Current.Applied, Ledger = store.Ledger, Columns = Names });
            store.Commit(new CommitDraft { Applied = store.Current.Applied, Ledger = store.Ledger });
            Assert.Equal(2, store.Current.FormatVersion);
        }

        using PartitionStore again = lake.Open();
        Assert.Equivalent(Names, again.Current.Columns, strict: true);
        Assert.Equivalent(Names, PartitionReader.ReadLatest(lake.Store, again.Partition)!.Manifest.Columns, strict: true);
        again.StartEmptyGeneration();
        Assert.Equal((1, 0), (again.Current.FormatVersion, again.Current.Columns.Count));
    }

    [Fact]
    public void Manifest_with_names_is_this_json()
    {
        using var lake = new TemporaryLake();
        using PartitionStore store = lake.Open();
        store.Commit(new CommitDraft { Applied = store.Current.Applied, Ledger = store.Ledger, Columns = [new ReportNames("report2", [new KeptName("SMS", "SMS"), new KeptName(null, "null")])] });
        string json = System.Text.Encoding.UTF8.GetString(lake.Store.ReadAll(LakePaths.Manifest(store.Partition, store.Current.Number))).ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal);
        Assert.StartsWith("{\"formatVersion\":2,", json, StringComparison.Ordinal);
        Assert.Contains("\"columns\":[{\"report\":\"report2\",\"names\":[{\"value\":\"SMS\",\"name\":\"SMS\"},{\"name\":\"null\"}]}],", json, StringComparison.Ordinal);
    }
}
