using OrleansLake.Core.Reports;
using OrleansLake.Engine;
using OrleansLake.Parquet;
using OrleansLake.Storage;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Partitions;
using OrleansLake.Storage.Stores;
using OrleansLake.TestSupport;

namespace OrleansLake.Grains.Tests;

/// <summary>Tests what a cluster leaves on disk is a lake like any other.</summary>
public class LakeFilesTests
{
    [Fact]
    public async Task Gold_is_that_of_the_whole_lake_after_a_commit()
    {
        await using LakeCluster lake = await LakeCluster.StartAsync(2, 4);
        await lake.Gateway.SendAsync(new SendRequest { Ndjson = GoldenEvents.Ndjson });
        await lake.Gateway.CommitAsync();
        foreach ((ReportDefinition report, string expected) in new[] { (LakeReports.Report1, GoldenEvents.Report1), (LakeReports.Report2, GoldenEvents.Report2) })
        {
            using ParquetReader gold = ParquetReader.Open(Path.Combine(lake.Folder, LakePaths.GoldFile(report.Name)));
            Assert.Equal(expected, LakeCluster.Ndjson(GoldFiles.Read(gold, report)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16)]
    public async Task A_lake_goes_from_the_engine_to_a_cluster_and_back(int partitions)
    {
        using var folder = new ScratchFolder();
        byte[][] pieces = [.. GoldenEvents.Pieces(4_000)];
        var options = new LakeOptions { Path = folder["lake"], Create = true, Partitions = partitions };
        await using (Lake engine = await Lake.OpenAsync(options))
        {
            using var first = new MemoryStream(pieces[0]);
            await engine.IngestAsync(new IngestInput(first), new IngestOptions());
            await engine.CommitAsync();
        }

        // Sent to the cluster under a key, of which some partitions get nothing: the engine knows it, and the other way round.
        var sent = new SendRequest { Ndjson = pieces[1], Key = "second" };
        await using (LakeCluster cluster = await LakeCluster.StartAsync(1, partitions, folder: folder))
        {
            SendReceipt receipt = await cluster.Gateway.SendAsync(sent);
            Assert.Equal((4_000, 8_000), (receipt.Accepted, receipt.EndOffsets.Sum()));
        }

        await using (Lake engine = await Lake.OpenAsync(options))
        {
            Engine.SendOutcome again = await engine.SendAsync(pieces[1], new Engine.SendOptions { Key = SendKey.Idempotency("second") });
            Assert.Equal((SendStatus.Repeated, 4_000), (again.Status, again.Accepted));
            Engine.SendOutcome last = await engine.SendAsync(pieces[2], new Engine.SendOptions { Key = SendKey.Idempotency("third") });
            Assert.Equal((SendStatus.Stored, 4_000), (last.Status, last.Accepted));
            await engine.CommitAsync();
            Assert.Equal(GoldenEvents.Report1, LakeCluster.Ndjson(engine.Report(LakeReports.Report1)));
            Assert.Equal(GoldenEvents.Report2, LakeCluster.Ndjson(engine.Report(LakeReports.Report2)));
        }

        await using (LakeCluster cluster = await LakeCluster.StartAsync(2, partitions, folder: folder))
        {
            SendReceipt repeated = await cluster.Gateway.SendAsync(new SendRequest { Ndjson = pieces[2], Key = "third" });
            Assert.Equal((0, 4_000), (repeated.Accepted, repeated.Duplicates));
            Assert.Equal(GoldenEvents.Report1, await cluster.NdjsonAsync(LakeReports.Report1));
        }

        Assert.True(LakeReader.Open(folder["lake"]).CheckDeep().Passed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16)]
    public async Task A_cluster_of_the_same_messages_writes_what_the_engine_writes(int partitions)
    {
        using var folder = new ScratchFolder();
        await using (Lake engine = await Lake.OpenAsync(new LakeOptions { Path = folder["engine"], Create = true, Partitions = partitions }))
        {
            using var events = new MemoryStream(GoldenEvents.Ndjson);
            await engine.IngestAsync(new IngestInput(events), new IngestOptions());
            await engine.CommitAsync();
        }

        await using LakeCluster cluster = await LakeCluster.StartAsync(1, partitions, options => options.Trigger = TimeSpan.FromHours(1));
        await cluster.Gateway.SendAsync(new SendRequest { Ndjson = GoldenEvents.Ndjson });
        await cluster.Gateway.CommitAsync();
        foreach (string path in DataFiles(folder["engine"]))
        {
            Assert.Equal(File.ReadAllBytes(folder["engine/" + path]), File.ReadAllBytes(Path.Combine(cluster.Folder, path)));
        }

        Assert.Equal(DataFiles(folder["engine"]), DataFiles(cluster.Folder));
    }

    [Theory]
    [InlineData(DeduplicationKind.MessageGrains)]
    [InlineData(DeduplicationKind.KeyRanges)]
    public async Task Files_that_other_programs_add_are_taken_in_by_the_silos(DeduplicationKind kind)
    {
        await using LakeCluster cluster = await LakeCluster.StartAsync(2, 4, options => options.Deduplication = kind);
        await cluster.Gateway.SendAsync(new SendRequest { Ndjson = "{\"timestamp\":\"2024-12-16T10:00:00Z\",\"event_type\":\"NONE\",\"message_id\":\"own\"}\n"u8.ToArray() });
        foreach (string file in Directory.EnumerateFiles(Fixtures.Path("golden/spark-lake/bronze/messages/data"), "*.parquet"))
        {
            File.Copy(file, Path.Combine(Directory.CreateDirectory(Path.Combine(cluster.Folder, LakePaths.BronzeData)).FullName, Path.GetFileName(file)));
        }

        await cluster.Gateway.CommitAsync();
        Assert.Equal(GoldenEvents.Report1, await cluster.NdjsonAsync(LakeReports.Report1));
        await cluster.Gateway.CommitAsync();
        LakeReader reader = LakeReader.Open(cluster.Folder);
        Assert.Equal((12_001, 6_741), (reader.Ledger.Total.Bronze, reader.Ledger.Total.Deduplicated));
        Assert.True(reader.CheckDeep().Passed);
    }

    [Fact]
    public async Task File_of_another_program_that_goes_stops_no_silo_and_is_told_with_the_standings()
    {
        await using LakeCluster cluster = await LakeCluster.StartAsync(2, 4);
        string file = Directory.EnumerateFiles(Fixtures.Path("golden/spark-lake/bronze/messages/data"), "*.parquet").Order(StringComparer.Ordinal).First();
        string theirs = Path.Combine(Directory.CreateDirectory(Path.Combine(cluster.Folder, LakePaths.BronzeData)).FullName, "theirs.parquet");
        File.Copy(file, theirs);
        await cluster.Gateway.CommitAsync();
        long rows = LakeReader.Open(cluster.Folder).Ledger.Total.Bronze;
        Assert.True(rows > 0);
        File.Delete(theirs);
        await cluster.Gateway.SendAsync(new SendRequest { Ndjson = "{\"timestamp\":\"2024-12-16T10:00:00Z\",\"event_type\":\"NONE\",\"message_id\":\"own\"}\n"u8.ToArray() });
        await cluster.Gateway.CommitAsync();
        Assert.Equal(rows + 1, LakeReader.Open(cluster.Folder).Ledger.Total.Bronze);
        PartitionStatus[] standings = await cluster.Gateway.GetStatusesAsync();
        Assert.All(standings, standing => Assert.Equal(ExternalFileState.Gone, Assert.Single(standing.ExternalFiles).State));
        Assert.Equal(rows, standings.Sum(standing => standing.ExternalFiles[0].Rows));
    }

    [Fact]
    public async Task Refusal_is_forgotten_by_every_partition_once_the_file_is_gone()
    {
        await using LakeCluster cluster = await LakeCluster.StartAsync(2, 4, options => options.Trigger = TimeSpan.FromMilliseconds(200));
        string theirs = Path.Combine(Directory.CreateDirectory(Path.Combine(cluster.Folder, LakePaths.BronzeData)).FullName, "theirs.parquet");
        await File.WriteAllTextAsync(theirs, "not Parquet");
        await UntilAsync(() => LakeReader.Open(cluster.Folder).ExternalFiles() is [{ State: ExternalFileState.Refused }]);
        File.Delete(theirs);
        Assert.Empty(LakeReader.Open(cluster.Folder).ExternalFiles());
        var store = new LocalStore(cluster.Folder);
        await UntilAsync(() => LakeDescription.Read(store).PartitionIds
            .All(id => PartitionReader.ReadRegistry(store, PartitionReader.ReadLatest(store, id)!.Manifest).ExternalFileRegistry.Count == 0));
        Assert.True(LakeReader.Open(cluster.Folder).CheckDeep().Passed);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!holds())
        {
            await Task.Delay(20, timeout.Token);
        }
    }

    private static string[] DataFiles(string lake) =>
    [
        .. Directory.EnumerateFiles(lake, "*.parquet", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(lake, path))
            .Where(path => !path.StartsWith("gold", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];
}
