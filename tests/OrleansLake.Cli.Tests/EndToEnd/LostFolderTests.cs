using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>A lake of which folders are gone, or may not be read, is not an empty one.</summary>
public sealed class LostFolderTests : IDisposable
{
    private static readonly string[][] Readers =
    [
        ["check"], ["check", "--deep"], ["report", "report1"], ["report", "ledger"], ["quarantine", "list"], ["bronze", "list"],
    ];

    private static readonly string[][] Writers =
    [
        ["run", "--until-caught-up"], ["ingest", Golden.EventsFile], ["repartition", "2"], ["bronze", "accept", "a.parquet"], ["quarantine", "replay"],
        ["quarantine", "dismiss", "--all", "--reason", "none"],
    ];

    private readonly LakeUnderTest _lake = new();

    public void Dispose() => _lake.Dispose();

    [Theory]
    [InlineData("bronze/messages/checkpoint/lake/p00000/manifests")]
    [InlineData("bronze/messages/checkpoint/lake/p00001")]
    [InlineData("bronze/messages/checkpoint/lake")]
    [InlineData("bronze/messages/checkpoint")]
    [InlineData("bronze/messages")]
    [InlineData("bronze")]
    public void Lake_whose_manifests_are_gone_is_damaged(string folder)
    {
        _lake.Ok("ingest", Golden.EventsFile, "--run", "--partitions", "2");
        Directory.Delete(Path.Combine(_lake.Folder, folder), recursive: true);
        string[] left = Files();
        foreach (string[] arguments in Readers.Append(["run", "--until-caught-up"]))
        {
            LakeResult result = _lake.Expect(3, arguments);
            Assert.Contains("manifests", result.Output + result.Error, StringComparison.Ordinal);
            Assert.Contains("Restore the lake from a backup", result.Output + result.Error, StringComparison.Ordinal);
        }

        // What is left may be all that there is to restore it from.
        Assert.Equal(left, Files());
    }

    [Theory]
    [InlineData(false, "manifests is damaged at byte 0: no manifest is there, but gold/")]
    [InlineData(true, "lake.json is damaged: it is missing, but gold/")]
    public void Lake_of_which_only_gold_is_left_is_damaged(bool isDescriptionLost, string says)
    {
        _lake.Ok("ingest", Golden.EventsFile, "--run", "--partitions", "2");
        foreach (string folder in (string[])["bronze", "silver"])
        {
            Directory.Delete(Path.Combine(_lake.Folder, folder), recursive: true);
        }

        if (isDescriptionLost)
        {
            File.Delete(Path.Combine(_lake.Folder, "lake.json"));
            File.Delete(Path.Combine(_lake.Folder, "countries.csv"));
        }

        string[] left = Files();
        string[][] servers = [["serve", "--urls", "http://127.0.0.1:0"], ["validate"]];
        foreach (string[] arguments in (string[][])[.. Readers, ["run", "--until-caught-up"], ["ingest", Golden.EventsFile], ["replay", "--yes"], .. servers])
        {
            LakeResult result = _lake.Expect(3, arguments);
            Assert.Contains(says, result.Output + result.Error, StringComparison.Ordinal);
            Assert.Contains("Restore the lake from a backup", result.Output + result.Error, StringComparison.Ordinal);
        }

        Assert.Equal(left, Files());
    }

    [Fact]
    public void Lake_whose_description_is_gone_is_damaged()
    {
        _lake.Ok("ingest", Golden.EventsFile, "--run");
        File.Delete(Path.Combine(_lake.Folder, "lake.json"));
        foreach (string[] arguments in (string[][])[.. Readers, ["run", "--until-caught-up"], ["ingest", Golden.EventsFile]])
        {
            Assert.Contains("lake.json is damaged: it is missing, but ", _lake.Expect(3, arguments).Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Lake_that_has_nothing_yet_is_right()
    {
        _ = _lake.Run("ingest", _lake.Scratch.Write("empty.ndjson", ""));
        Assert.True(File.Exists(Path.Combine(_lake.Folder, "lake.json")));
        _lake.Ok("check");
        _lake.Ok("check", "--deep");

        // Its creator was killed before it was opened.
        Directory.Delete(Path.Combine(_lake.Folder, "bronze"), recursive: true);
        _lake.Ok("check");
        _lake.Ok("check", "--deep");
        _lake.Ok("report", "ledger");
    }

    [UnprivilegedFact]
    public void Folder_that_may_not_be_read_is_named()
    {
        _lake.Ok("ingest", Golden.EventsFile, "--run");
        foreach (string folder in (string[])["", "bronze", "bronze/messages/checkpoint", "bronze/messages/checkpoint/lake", "bronze/messages/checkpoint/lake/p00000", "bronze/messages/checkpoint/lake/p00000/manifests"])
        {
            string path = Path.Combine(_lake.Folder, folder).TrimEnd('/');
            UnprivilegedUser.SetReadable(path, false);
            try
            {
                foreach (string[] arguments in Readers.Concat(Writers))
                {
                    LakeResult result = LakeProcess.Run(UnprivilegedUser.Of(_lake.Call(arguments)));
                    Assert.True(result.ExitCode == 5, $"{string.Join(' ', arguments)} on '{folder}': {result.ExitCode}, {result.Output}{result.Error}");
                    Assert.Contains(path, result.Error, StringComparison.Ordinal);
                    Assert.Contains("Permission denied", result.Error, StringComparison.Ordinal);
                }
            }
            finally
            {
                UnprivilegedUser.SetReadable(path, true);
            }
        }

        _lake.Ok("check", "--deep");
    }

    [UnprivilegedFact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Lake_that_may_not_be_written_to_says_what_to_do()
    {
        _lake.Ok("ingest", Golden.EventsFile, "--run");
        const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        File.SetUnixFileMode(_lake.Folder, Read);
        try
        {
            foreach (string[] arguments in Writers)
            {
                LakeResult result = LakeProcess.Run(UnprivilegedUser.Of(_lake.Call(arguments)));
                Assert.True(result.ExitCode == 5, $"{string.Join(' ', arguments)}: {result.ExitCode}, {result.Output}{result.Error}");
                Assert.Contains($"{_lake.Folder} cannot be written to: Permission denied; name another with --lake", result.Error, StringComparison.Ordinal);
            }
        }
        finally
        {
            UnprivilegedUser.SetReadable(_lake.Folder, true);
        }
    }

    private string[] Files() => [.. Directory.EnumerateFiles(_lake.Folder, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
