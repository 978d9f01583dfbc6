using System.Diagnostics;

namespace OrleansLake.Engine.Tests;

/// <summary>Tests what lies in a folder of Parquet and is not a file that can be ingested: it is reported, and never opened.</summary>
public sealed class LeftOutFileTests : IDisposable
{
    private const string Folder = "bronze/messages/data";

    private readonly LakeUnderTest _lake = new();
    private readonly SentMessage[] _first = SentStreams.Many(40, 1);
    private readonly SentMessage[] _second = SentStreams.Many(50, 2);

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task In_bronze_it_is_told_once_and_the_rest_is_taken_whatever_the_case_of_its_ending()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string taken = ExternalBronzeFile.Put(_lake, "a.parquet", ExternalBronzeFile.Bytes(_first));
        ExternalBronzeFile.Put(_lake, "B.PARQUET", ExternalBronzeFile.Bytes(_second), seconds: 3);
        string elsewhere = _lake.Scratch.Write("elsewhere/c.parquet", ExternalBronzeFile.Bytes(_second));
        Shell(
            _lake[Folder],
            $"mkfifo pipe.parquet; mkdir _hidden; mkfifo _hidden/x.parquet; ln -s {elsewhere} link.parquet; ln -s {Path.GetDirectoryName(elsewhere)} linked; "
            + "ln -s /nowhere dead.parquet; ln -s /nowhere other.txt; f=$(printf '\\377'); cp a.parquet $f.parquet; mkdir $f; cp a.parquet $f");
        (string, string)[] leftOut = [("dead.parquet", "a link"), ("link.parquet", "a link"), ("linked", "a link to a folder"), ("pipe.parquet", "a named pipe"), ("\uFFFD", "not UTF-8"), ("\uFFFD.parquet", "not UTF-8")];
        var notices = new List<string>();
        await using (Lake open = await _lake.OpenAsync())
        {
            for (int i = 0; i < 2; i++)
            {
                Assert.Empty((await open.RunAsync(LakeUnderTest.CaughtUp, new Sink<RunProgress>(p => notices.Add(p.Notice)))).UnreadableFiles);
            }

            string[] told = [.. notices.Where(notice => notice.Contains("left out", StringComparison.Ordinal))];
            Assert.Equal(leftOut.Length, told.Length);
            Assert.All(leftOut, one => Assert.Single(told, notice => notice.StartsWith($"{Folder}/{one.Item1} ", StringComparison.Ordinal) && notice.Contains(one.Item2, StringComparison.Ordinal)));

            // A pipe is where a file was.
            File.Delete(taken);
            Shell(_lake[Folder], "mkfifo a.parquet");
            await open.RunAsync(LakeUnderTest.CaughtUp);
            await open.ReplayAsync();
        }

        ExternalFile[] files = [.. _lake.Reader().ExternalFiles()];
        Assert.Equal(leftOut.Length + 1, files.Count(file => file.State == ExternalFileState.LeftOut));
        Assert.Equal(ExternalFileState.Gone, Assert.Single(files, file => file.IsUnsettled).State);
        Assert.Single(_lake.Reader().Check().Findings, finding => !finding.IsRight);
        Assert.Single(_lake.Reader().CheckDeep().Findings, finding => !finding.IsRight);
        Assert.Equal(90, _lake.Reader().Ledger.Total.Bronze);
    }

    [Fact]
    public async Task Pipes_in_a_folder_that_is_ingested_are_told_and_the_rest_is_taken()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        _lake.Scratch.Write("in/a.parquet", ExternalBronzeFile.Bytes(_first));
        Shell(_lake.Scratch["in"], "mkfifo b.parquet c.json");
        await using Lake open = await _lake.OpenAsync();
        IngestSummary summary = await open.IngestAsync(new IngestFolder(_lake.Scratch["in"]), LakeUnderTest.Plain);
        Assert.Equal((40, 0), (summary.Accepted, summary.UnreadableFiles.Count));
        Assert.Equal(["b.parquet", "c.json"], summary.Notes.Where(note => note.Contains("a named pipe", StringComparison.Ordinal)).Select(note => Path.GetFileName(note.Split(' ')[0])).Order());
    }

    private static void Shell(string folder, string commands)
    {
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-ec", commands]) { WorkingDirectory = folder })!;
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}
