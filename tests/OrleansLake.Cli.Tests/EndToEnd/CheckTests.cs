using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Check counts every file again: what was taken away or bent is found and named.</summary>
public class CheckTests
{
    [Theory]
    [InlineData("silver/messages/data", "deleted")]
    [InlineData("silver/messages/data", "cut off")]
    [InlineData("silver/messages/data", "bent")]
    [InlineData("silver/messages_corrupted/data", "deleted")]
    [InlineData("bronze/messages/data", "deleted")]
    [InlineData("bronze/messages/data", "bent")]
    [InlineData("gold/report1/data", "deleted")]
    [InlineData("gold/report2/data", "bent")]
    public void A_file_that_was_harmed_is_found(string folder, string harm)
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile, "--run");
        lake.Ok("check");
        var file = lake.ParquetFiles(folder)[0];
        Harm(file, harm);

        var result = lake.Run("check");

        Assert.True(result.ExitCode is 1 or 3, $"exit code {result.ExitCode}: {result.Output}{result.Error}");
        LakeUnderTest.AssertNoStackTrace(result);
        Assert.Contains(Path.GetFileName(file), result.Output + result.Error, StringComparison.Ordinal);
    }

    [ForeignFact]
    public void Rows_that_somebody_added_to_silver_are_found()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile, "--run");
        var file = lake.ParquetFiles("silver/messages/data")[0];
        File.Copy(file, Path.Combine(Path.GetDirectoryName(file)!, "part-of-somebody.parquet"));

        var result = lake.Expect(1, "check");
        Assert.Contains("part-of-somebody.parquet", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bronze/messages/checkpoint/lake/p00000/manifests", 3)]
    [InlineData("bronze/messages/checkpoint/lake/p00000/state", 3)]
    [InlineData("bronze/messages/data", 3)]
    [InlineData("silver/messages/data", 3)]
    [InlineData("gold/report1/data", 1)]
    [InlineData("gold/ledger/data", 1)]
    public void Deep_check_names_what_is_damaged_and_says_what_to_do(string folder, int exitCode)
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile, "--run");
        Assert.Contains("counted again from bronze", lake.Ok("check", "--deep").Output, StringComparison.Ordinal);
        var file = Directory.EnumerateFiles(Path.Combine(lake.Folder, folder), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last();
        Harm(file, "bent");

        var result = lake.Expect(exitCode, "check", "--deep");

        Assert.Contains(Path.GetFileName(file), result.Output, StringComparison.Ordinal);
        Assert.Matches("(?i)restore|replay|lake run", result.Output);
        Assert.Contains("\"ok\":false", lake.Expect(exitCode, "check", "--deep", "--format", "json").Output, StringComparison.Ordinal);
        if (folder.EndsWith("manifests", StringComparison.Ordinal))
        {
            Assert.Contains(Path.GetFileName(file), lake.Expect(3, "check").Output, StringComparison.Ordinal);
            lake.Expect(3, "report", "report1");
        }
    }

    [Theory]
    [InlineData()]
    [InlineData("--deep")]
    public void Gold_that_is_behind_is_told_and_the_lake_is_right(params string[] how)
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile, "--run");
        var file = lake.ParquetFiles("gold/report1/data")[0];
        byte[] old = File.ReadAllBytes(file);
        string one = Path.Combine(lake.Folder, "..", "one.ndjson");
        File.WriteAllText(one, "{\"timestamp\":\"2024-12-15T08:00:00Z\",\"event_type\":\"SENT\",\"message_id\":\"one more\",\"channel\":\"CHAT\"}\n");
        lake.Ok("ingest", one, "--run");
        File.WriteAllBytes(file, old);

        LakeResult result = lake.Expect(0, ["check", .. how]);
        Assert.Contains("BEHIND", result.Output, StringComparison.Ordinal);
        Assert.Contains("The lake is right. Gold is behind", result.Error, StringComparison.Ordinal);
        string json = lake.Ok(["check", .. how, "--format", "json"]).Output;
        Assert.Contains("\"ok\":true,\"ledger\"", json, StringComparison.Ordinal);
        Assert.Contains("\"behind\":true", json, StringComparison.Ordinal);
        lake.Ok("run", "--until-caught-up");
        Assert.DoesNotContain("behind", lake.Ok(["check", .. how]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_mends_silver_and_gold()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", Golden.EventsFile, "--run");
        Harm(lake.ParquetFiles("silver/messages/data")[0], "deleted");
        Harm(lake.ParquetFiles("gold/report1/data")[0], "bent");

        lake.Ok("replay", "--yes");

        Assert.Equal(Golden.Ledger(), lake.Ledger());
        Assert.Equal(Golden.Report("report1"), lake.Report("report1"));
    }

    private static void Harm(string file, string harm)
    {
        var bytes = File.ReadAllBytes(file);
        File.Delete(file);
        if (harm == "cut off")
        {
            File.WriteAllBytes(file, bytes[..(bytes.Length - 7)]);
        }
        else if (harm == "bent")
        {
            bytes[bytes.Length / 3] ^= 0x10;
            File.WriteAllBytes(file, bytes);
        }
    }
}
