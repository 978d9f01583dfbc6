using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Tests what Parquet files are compressed with, as DuckDB sees it.</summary>
public class CodecTests
{
    [ForeignTheory]
    [InlineData("SNAPPY")]
    [InlineData("ZSTD", "--codec", "zstd")]
    [InlineData("LZ4_RAW", "--codec", "lz4_raw")]
    [InlineData("GZIP", "--codec", "gzip")]
    [InlineData("BROTLI", "--codec", "brotli")]
    [InlineData("UNCOMPRESSED", "--codec", "none")]
    public void Files_have_the_codec_that_was_given_or_snappy(string codec, params string[] option)
    {
        using var lake = new LakeUnderTest();
        lake.Ok(["ingest", Golden.EventsFile, "--run", .. option]);
        foreach (string files in new[] { "bronze/messages/data/*.parquet", "silver/messages/data/**/*.parquet" })
        {
            // A column that loses nothing by it is not compressed.
            string metadata = $"parquet_metadata({DuckDb.Text(Path.Combine(lake.Folder, files))})";
            Assert.Equal([$"{{\"compression\":\"{codec}\"}}"], DuckDb.Query($"select distinct compression from {metadata} where '{codec}' = 'UNCOMPRESSED' or compression <> 'UNCOMPRESSED'").ObjectLines);
        }

        lake.Ok("check", "--deep");
        Assert.Equal([$"{{\"n\":{lake.Ledger().Messages}}}"], DuckDb.Query($"select count(*)::int as n from {lake.SilverSql("messages")}").ObjectLines);
    }

    [Fact]
    public void Files_of_another_codec_stay_and_a_replay_writes_all_of_them_again()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile, "--run", "--codec", "zstd");
        string[] before = lake.ParquetFiles("silver");
        lake.Ok("ingest", "--again", Golden.EventsFile, "--run");
        Assert.All(before, file => Assert.True(File.Exists(file)));
        lake.Ok("replay", "--yes", "--codec", "gzip");
        lake.Ok("check", "--deep");
        Assert.Contains("gzip", lake.Ok("inspect", lake.ParquetFiles("silver/messages")[0]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_codec_that_is_not_written_is_refused()
    {
        using var lake = new LakeUnderTest();
        Assert.Contains("--codec lzo: expected snappy, zstd, lz4_raw, gzip, brotli or none", lake.Expect(2, "ingest", Golden.EventsFile, "--codec", "lzo").Error, StringComparison.Ordinal);
    }
}
