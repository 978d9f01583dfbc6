using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>The demo, in this process and by silos.</summary>
public class DemoTests
{
    private const int Count = 3_000;

    [Fact]
    public void Silos_one_of_which_is_killed_give_the_reports_of_one_process()
    {
        using var one = new LakeUnderTest();
        using var silos = new LakeUnderTest();
        string[] same = ["--count", $"{Count}", "--seed", "7", "--rate", "1000"];
        one.Ok(["demo", .. same]);
        LakeResult demo = silos.Ok(["demo", "--silos", "3", "--kill", "--partitions", "4", .. same]);
        Assert.Contains("killed silo 3", demo.Error, StringComparison.Ordinal);
        Assert.Contains("3,000", demo.Output, StringComparison.Ordinal);
        silos.Ok("check", "--deep");
        Assert.Equal(Count, silos.Ledger().Bronze);
        Assert.Equal(one.Ledger(), silos.Ledger());
        Assert.Equal(one.Report("report1"), silos.Report("report1"));
        Assert.Equal(one.Report("report2"), silos.Report("report2"));
        Assert.All(["1", "2", "3"], silo => Assert.Contains("serves the lake", File.ReadAllText($"{silos.Folder}.silo-{silo}.log"), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--kill kills a silo", "--kill")]
    [InlineData("exclude each other", "--count", "5", "--for", "1s")]
    [InlineData("--silos 1: expected a number from 2 to 16", "--silos", "1")]
    public void What_means_nothing_is_refused(string said, params string[] options)
    {
        using var lake = new LakeUnderTest();
        Assert.Contains(said, lake.Expect(2, ["demo", .. options]).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(lake.Folder));
    }
}
