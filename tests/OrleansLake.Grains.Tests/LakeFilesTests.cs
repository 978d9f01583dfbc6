using OrleansLake.Core.Reports;
using OrleansLake.Engine;
using OrleansLake.Parquet;
using OrleansLake.Storage;
using OrleansLake.Testing;

namespace OrleansLake.Grains.Tests;

/// <summary>What a cluster leaves on disk is a lake like any other.</summary>
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

    [Fact]
    public async Task A_lake_of_one_partition_goes_from_the_engine_to_a_cluster_and_back()
    {
        using var folder = new ScratchFolder();
        byte[][] pieces = [.. GoldenEvents.Pieces(4_000)];
        var options = new LakeOptions { Path = folder["lake"], Create = true };
        await using (Lake engine = await Lake.OpenAsync(options))
        {
            using var first = new MemoryStream(pieces[0]);
            await engine.IngestAsync(new IngestInput(first), new IngestOptions());
            await engine.CommitAsync();
        }

        await using (LakeCluster cluster = await LakeCluster.StartAsync(1, 1, folder: folder))
        {
            SendReceipt receipt = await cluster.Gateway.SendAsync(new SendRequest { Ndjson = pieces[1] });
            Assert.Equal(8_000, receipt.EndOffsets[0]);
        }

        await using (Lake engine = await Lake.OpenAsync(options))
        {
            using var last = new MemoryStream(pieces[2]);
            await engine.IngestAsync(new IngestInput(last), new IngestOptions());
            await engine.CommitAsync();
            Assert.Equal(GoldenEvents.Report1, LakeCluster.Ndjson(engine.Report(LakeReports.Report1)));
            Assert.Equal(GoldenEvents.Report2, LakeCluster.Ndjson(engine.Report(LakeReports.Report2)));
        }

        Assert.True(LakeReader.Open(folder["lake"]).Check().Passed);
    }

    [Fact]
    public async Task A_cluster_of_the_same_messages_writes_what_the_engine_writes()
    {
        using var folder = new ScratchFolder();
        await using (Lake engine = await Lake.OpenAsync(new LakeOptions { Path = folder["engine"], Create = true }))
        {
            using var events = new MemoryStream(GoldenEvents.Ndjson);
            await engine.IngestAsync(new IngestInput(events), new IngestOptions());
            await engine.CommitAsync();
        }

        await using LakeCluster cluster = await LakeCluster.StartAsync(1, 1, options => options.Trigger = TimeSpan.FromHours(1));
        await cluster.Gateway.SendAsync(new SendRequest { Ndjson = GoldenEvents.Ndjson });
        await cluster.Gateway.CommitAsync();
        foreach (string path in DataFiles(folder["engine"]))
        {
            Assert.Equal(File.ReadAllBytes(folder["engine/" + path]), File.ReadAllBytes(Path.Combine(cluster.Folder, path)));
        }

        Assert.Equal(DataFiles(folder["engine"]), DataFiles(cluster.Folder));
    }

    private static string[] DataFiles(string lake) =>
    [
        .. Directory.EnumerateFiles(lake, "*.parquet", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(lake, path))
            .Where(path => !path.StartsWith("gold", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];
}
