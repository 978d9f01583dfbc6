using System.Text;
using OrleansLake.Core.Reports;
using OrleansLake.Storage;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Stores;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

public class RepartitionTests
{
    [Fact]
    public async Task Golden_in_one_four_two_and_one_partition_has_the_same_reports_ledger_and_quarantine()
    {
        using var lake = new LakeUnderTest();
        await IngestAsync(lake);
        string[] expected = Describe(lake);
        long generation = 1;
        foreach (int partitions in (int[])[4, 2, 1])
        {
            await LakePartitioning.RepartitionAsync(lake.Options, partitions);
            LakeReader reader = lake.Reader();
            Assert.Equal(partitions, reader.Partitions);
            Assert.Equal(expected, Describe(lake));
            LakeUnderTest.AssertPasses(reader.Check(2));
            LakeUnderTest.AssertPasses(reader.CheckDeep(2));
            foreach (PartitionId id in LakeDescription.Read(new LocalStore(lake.Path)).PartitionIds)
            {
                Assert.Equal(generation + 1, PartitionReader.ReadLatest(new LocalStore(lake.Path), id)!.Manifest.Generation);
            }

            generation++;
        }

        // The engine runs it again, and what was ingested and sent is known.
        await using Lake opened = await lake.OpenAsync();
        IngestSummary again = await opened.IngestAsync(new IngestFile(Fixtures.Path("golden/events.ndjson.gz")), LakeUnderTest.Plain);
        Assert.Equal(0, again.Accepted);
        SendOutcome repeated = await opened.SendAsync(Sent, new SendOptions { Key = SendKey.Idempotency("one") });
        Assert.Equal(SendStatus.Repeated, repeated.Status);
        Assert.Equal(1, repeated.Accepted);
        await opened.AppendAsync(new Core.Messages.MessageBatch());
        await opened.RunAsync(LakeUnderTest.CaughtUp);
        Assert.Equal(12_001, opened.Status.Ledger.Bronze);
    }

    [Fact]
    public async Task Readers_by_folder_see_every_row_once_afterwards()
    {
        using var lake = new LakeUnderTest();
        await IngestAsync(lake);
        string[] before = Rows(lake);
        await LakePartitioning.RepartitionAsync(lake.Options, 3);
        Assert.Equal(before, Rows(lake));
        Assert.Empty(Directory.EnumerateFiles(lake.Path, "*.staged", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(lake.Path, "part-p00000*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_lake_that_is_open_or_has_files_of_other_programs_or_is_damaged_stays_what_it_is()
    {
        using var lake = new LakeUnderTest();
        await IngestAsync(lake);
        await using (await lake.OpenAsync())
        {
            await Assert.ThrowsAsync<LakeInUseException>(() => LakePartitioning.RepartitionAsync(lake.Options, 4));
        }

        string bronze = Directory.EnumerateFiles(lake["bronze/messages/data"], "*.parquet").First();
        File.Copy(bronze, lake["bronze/messages/data/other.parquet"]);
        LakeException refused = await Assert.ThrowsAsync<LakeException>(() => LakePartitioning.RepartitionAsync(lake.Options, 4));
        Assert.Contains("other.parquet", refused.Message, StringComparison.Ordinal);
        File.Delete(lake["bronze/messages/data/other.parquet"]);

        string[] expected = Describe(lake);
        byte[] bytes = await File.ReadAllBytesAsync(bronze);
        bytes[100] ^= 1;
        File.Delete(bronze);
        await File.WriteAllBytesAsync(bronze, bytes);
        await Assert.ThrowsAsync<Core.CorruptDataException>(() => LakePartitioning.RepartitionAsync(lake.Options, 4));
        Assert.Equal(1, lake.Reader().Partitions);
        bytes[100] ^= 1;
        await File.WriteAllBytesAsync(bronze, bytes);
        Assert.Equal(expected, Describe(lake));
        LakeUnderTest.AssertPasses(lake.Reader().CheckDeep(2));
    }

    private static readonly byte[] Sent = """{"timestamp":"2024-12-16T10:00:00Z","message_id":"sent","event_type":"SENT","channel":"SMS","country_id":2001,"user_id":1}"""u8.ToArray();

    private static async Task IngestAsync(LakeUnderTest lake)
    {
        await using Lake opened = await lake.OpenAsync();
        await opened.IngestAsync(new IngestFile(Fixtures.Path("golden/events.ndjson.gz")), LakeUnderTest.Plain);
        await LakeUnderTest.IngestTextAsync(opened, "no json\n[1]\n");
        await opened.SendAsync(Sent, new SendOptions { Key = SendKey.Idempotency("one") });
        await opened.RunAsync(LakeUnderTest.CaughtUp);
    }

    private static string[] Describe(LakeUnderTest lake)
    {
        LakeReader reader = lake.Reader();
        return
        [
            .. LakeReports.All.Select(report => LakeUnderTest.Ndjson(reader.Report(report.Name))),
            reader.Ledger.Total.ToString(),
            string.Join('\n', reader.Ledger.ByDate.OrderBy(day => day.Key)),
            string.Join('\n', reader.Quarantine().Select(entry => $"{entry.Source} {entry.RejectedAt} {entry.Settlement.IsReplayed} {Encoding.UTF8.GetString(entry.Rejection.Raw)} {entry.Rejection.Reason}")),
        ];
    }

    // Without the offsets, which are each partition's own.
    private static string[] Rows(LakeUnderTest lake) =>
        [.. SilverRows.Read(lake.Path).Select(row => string.Join('|', row.Split('|')[..^1])).Order(StringComparer.Ordinal)];
}
