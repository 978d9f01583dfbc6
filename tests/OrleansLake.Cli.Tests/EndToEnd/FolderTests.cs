using System.Globalization;
using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Folders that cannot be a lake now.</summary>
public class FolderTests
{
    private const string Message = """{"timestamp":"2024-12-16T12:01:05Z","message_id":"m1","event_type":"SENT"}""" + "\n";

    [Theory]
    [InlineData("ingest")]
    [InlineData("run")]
    [InlineData("replay")]
    public void A_folder_that_is_neither_empty_nor_a_lake_is_left_alone(string command)
    {
        using var lake = new LakeUnderTest();
        lake.Scratch.Write("lake/thesis.txt", "years of work");
        string[] arguments = command switch
        {
            "ingest" => ["ingest", lake.Scratch.Write("input.ndjson", Message)],
            "run" => ["run", "--until-caught-up"],
            _ => ["replay", "--yes"],
        };

        var result = lake.Expect(5, arguments);

        Assert.Contains(lake.Folder, result.Error, StringComparison.Ordinal);
        Assert.Equal([lake.Scratch["lake/thesis.txt"]], Directory.EnumerateFileSystemEntries(lake.Folder));
    }

    [Theory]
    [InlineData("run", "--until-caught-up")]
    [InlineData("serve", "--urls", "http://127.0.0.1:0")]
    public void A_name_that_no_folder_can_have_is_said_to_be_too_long(params string[] command)
    {
        using var lake = new LakeUnderTest();
        string folder = lake.Scratch[new string('a', 300)];

        var result = LakeUnderTest.Expect(5, new LakeCall([.. command, "--lake", folder]));

        Assert.Contains("has 300 bytes; a name has 255 at most", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("let this user write", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("report", "report1")]
    [InlineData("check")]
    [InlineData("quarantine", "list")]
    public void A_reading_command_makes_no_lake(params string[] command)
    {
        using var lake = new LakeUnderTest();
        var result = lake.Expect(5, command);
        Assert.Contains(lake.Folder, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(lake.Folder));
    }

    [ReadOnlyFolderFact]
    public void A_folder_that_is_read_only_is_said_to_be_and_can_still_be_read()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", lake.Scratch.Write("first.ndjson", Message), "--run");
        var file = lake.Scratch.Write("input.ndjson", Message);

        var refused = LakeUnderTest.Expect(5, ReadOnlyFolder.Seen(lake.Folder, lake.Call("ingest", file)));
        var report = LakeUnderTest.Expect(0, ReadOnlyFolder.Seen(lake.Folder, lake.Call("report", "report1", "--format", "ndjson")));
        LakeUnderTest.Expect(0, ReadOnlyFolder.Seen(lake.Folder, lake.Call("check")));

        Assert.Matches("(?i)read-only|permission|denied", refused.Error);
        Assert.Equal(1, ReportCells.Sum(report.Output, "total"));
        Assert.Equal(1, lake.Ledger().Bronze);
    }

    [Fact]
    public void A_lake_in_use_is_said_to_be_with_the_owners_process_and_can_still_be_read()
    {
        using var lake = new LakeUnderTest();
        var file = lake.Scratch.Write("input.ndjson", Message);
        using var owner = LakeProcess.Start(lake.Call("ingest", "-", "--run", "--trigger", "100ms", "--acks") with { InputStaysOpen = true });
        owner.Input.Write(Golden.Lines(0, 10));
        owner.Input.Flush();
        owner.WaitUntil(static process => process.OutputSoFar.Contains('\n', StringComparison.Ordinal), "its first acknowledgement");

        foreach (var command in new string[][] { ["ingest", file], ["run", "--until-caught-up"], ["replay", "--yes"] })
        {
            var refused = lake.Expect(4, command);
            Assert.Matches($@"\b{owner.Id.ToString(CultureInfo.InvariantCulture)}\b", refused.Error);
        }

        lake.Ok("report", "report1", "--format", "ndjson");
        owner.Input.Close();
        Assert.Equal(0, owner.Wait().ExitCode);
        Assert.Equal(10, lake.Ledger().Bronze);
    }
}
