using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Standard streams that are closed, full, or have nobody at their other end.</summary>
public class StandardStreamTests
{
    private const string Line = """{"timestamp":"2024-12-16T12:01:05Z","message_id":"m1","event_type":"SENT","value":"v","channel":"SMS","country_id":1,"user_id":1}""";

    [Theory]
    [InlineData("2>/dev/full")]
    [InlineData("2>&-")]
    [InlineData("<&- 2>&-")]
    [InlineData("2>&1 | true")]
    [InlineData("2>&1 | head -1")]
    public void Standard_error_that_cannot_be_written_changes_neither_the_work_nor_the_exit_code(string redirection)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var lake = new LakeUnderTest();
        var good = lake.Scratch.Write("good.ndjson", Line + "\n");
        var bad = lake.Scratch.Write("bad.ndjson", "no message\n");
        Expect(lake, 0, redirection, "ingest", good, "--run");
        Expect(lake, 0, redirection, "ingest", good);
        Expect(lake, 1, redirection, "ingest", bad, "--verbose");
        Expect(lake, 2, redirection, "nocommand");
        Expect(lake, 5, redirection, "ingest", lake.Scratch["nosuch"], "--verbose");
        Expect(lake, 0, redirection, "run", "--until-caught-up");
        Expect(lake, 0, redirection, "check");
        Assert.Equal(1, lake.Ledger().Bronze);
    }

    [Theory]
    [InlineData(">/dev/full", "standard output: no space left on the device.")]
    [InlineData(">&-", "standard output: it is closed.")]
    [InlineData("<&- >&-", "standard output: it is closed.")]
    [InlineData(">/dev/full 2>/dev/full", "")]
    [InlineData("<&- >&- 2>&-", "")]
    public void Standard_output_that_cannot_be_written_is_the_environment_and_a_line(string redirection, string why)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var lake = new LakeUnderTest();
        lake.Ok("ingest", lake.Scratch.Write("good.ndjson", Line + "\n"), "--run");
        foreach (string[] arguments in new string[][] { ["report", "report1", "--format", "csv"], ["inspect", lake.ParquetFiles("silver")[0]], ["produce", "--count", "9"], ["report", "--help"], ["--version"] })
        {
            var result = Expect(lake, 5, redirection, arguments);
            Assert.Equal(why.Length == 0 ? 0 : 1, result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
            Assert.EndsWith(why, result.Error.TrimEnd(), StringComparison.Ordinal);
        }

        // Who has nothing to say there does not ask whether it could.
        Expect(lake, 0, redirection, "run", "--until-caught-up");
    }

    [Theory]
    [InlineData("-")]
    [InlineData("/dev/stdin")]
    [InlineData("/proc/self/fd/0")]
    [InlineData("-", "--producer", "p", "--batch", "1")]
    public void Standard_input_that_is_closed_is_told_and_no_lake_is_made(params string[] source)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var lake = new LakeUnderTest();
        var result = Expect(lake, 5, "<&-", ["ingest", .. source]);
        Assert.Equal("lake: standard input is closed, so nothing can be read from it; give it a file or a pipe (< FILE, or < /dev/null for nothing).\n", result.Error);
        Assert.False(Directory.Exists(lake.Folder));
    }

    [Fact]
    public void A_descriptor_of_the_runtime_is_not_read_as_an_input()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var lake = new LakeUnderTest();
        var result = Expect(lake, 5, "18>&-", "ingest", "/dev/fd/18");
        Assert.StartsWith("lake: file descriptor 18 is not open.", result.Error, StringComparison.Ordinal);
    }

    private static LakeResult Expect(LakeUnderTest lake, int exitCode, string redirection, params string[] arguments) => LakeUnderTest.Expect(
        exitCode,
        lake.Call(arguments) with { Through = ["bash", "-c", $"\"$@\" {redirection}; exit ${{PIPESTATUS[0]}}", "bash"], Timeout = TimeSpan.FromSeconds(60) });
}
