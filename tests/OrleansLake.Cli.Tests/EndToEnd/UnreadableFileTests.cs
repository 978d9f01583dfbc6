using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Files and folders that other programs put into bronze, and that this user may not read.</summary>
public sealed class UnreadableFileTests : IDisposable
{
    private readonly LakeUnderTest _lake = new();

    public void Dispose()
    {
        foreach (string folder in Directory.Exists(_lake.BronzeFolder) ? Directory.GetDirectories(_lake.BronzeFolder) : [])
        {
            UnprivilegedUser.SetReadable(folder, true);
        }

        _lake.Dispose();
    }

    [UnprivilegedFact]
    public void File_that_was_ingested_is_told_by_every_command_and_its_rows_stay()
    {
        string file = Put("a.parquet");
        Expect(0, "run", "--until-caught-up");
        UnprivilegedUser.SetReadable(file, false);
        const string Sentence = "bronze/messages/data/a.parquet cannot be read any more (Permission denied); its 700 rows are in silver and stay.";
        Assert.Contains(Sentence, Expect(0, "run", "--until-caught-up").Error, StringComparison.Ordinal);
        Assert.Contains("\"state\":\"unreadable\",\"rows\":700", Expect(0, "bronze", "list", "--open", "--format", "ndjson").Output, StringComparison.Ordinal);
        Assert.Contains(Sentence, Expect(1, "check").Output, StringComparison.Ordinal);
        Assert.Contains(Sentence, Expect(1, "check", "--deep").Output, StringComparison.Ordinal);
        Assert.Contains(Sentence, Expect(0, "replay", "--yes").Error, StringComparison.Ordinal);

        // A copy beside it is a file of its own.
        Put("copy.parquet");
        Expect(0, "run", "--until-caught-up");
        Assert.Contains("a.parquet cannot be read; its 700 rows stay in silver as they are.", Expect(0, "bronze", "accept", "a.parquet").Error, StringComparison.Ordinal);
        Assert.Equal("", Notices(Expect(0, "run", "--until-caught-up")));
        Assert.Equal(1400, LedgerCounts.OfCheck(Expect(0, "check", "--format", "json").Output).Bronze);
        UnprivilegedUser.SetReadable(file, true);
        Expect(0, "run", "--until-caught-up");
        Assert.Equal(1400, LedgerCounts.OfCheck(Expect(0, "check", "--deep", "--format", "json").Output).Bronze);
    }

    [UnprivilegedFact]
    public void New_file_is_told_until_it_may_be_read()
    {
        Put("a.parquet");
        string file = Put("b.parquet");
        UnprivilegedUser.SetReadable(file, false);
        const string Sentence = "bronze/messages/data/b.parquet cannot be read (Permission denied), so it is not ingested. Make it readable, or move it away.";
        for (int i = 0; i < 2; i++)
        {
            LakeResult run = Expect(1, "run", "--until-caught-up");
            Assert.Equal($"{Sentence}\nlake: 1 file or folder in bronze is not ingested; `lake bronze list` shows which.", Notices(run));
            Assert.Contains(Sentence, Expect(1, "check").Output, StringComparison.Ordinal);
            Expect(1, "bronze", "list");
            Assert.Contains("b.parquet,unreadable,0", Expect(1, "bronze", "list", "--open", "--format", "csv").Output, StringComparison.Ordinal);
        }

        Assert.Contains("the lake is right, but files that others put into bronze are to be settled", Expect(1, "check", "--deep").Error, StringComparison.Ordinal);
        UnprivilegedUser.SetReadable(file, true);
        Assert.Equal("", Notices(Expect(0, "run", "--until-caught-up")));
        Assert.Equal(1400, LedgerCounts.OfCheck(Expect(0, "check", "--deep", "--format", "json").Output).Bronze);
    }

    [UnprivilegedFact]
    public void Folder_hides_what_is_in_it_and_stops_neither_checks_nor_a_replay()
    {
        Put("a.parquet");
        string folder = Path.GetDirectoryName(Put("day=1/b.parquet"))!;
        Expect(0, "run", "--until-caught-up", "--partitions", "3");
        Put("day=1/c.parquet");
        UnprivilegedUser.SetReadable(folder, false);
        const string File1 = "bronze/messages/data/day=1/b.parquet cannot be read any more (Permission denied)";
        const string Folder1 = "bronze/messages/data/day=1 cannot be read (Permission denied), so what is in it is not ingested.";
        foreach (LakeResult result in (LakeResult[])[Expect(1, "run", "--until-caught-up"), Expect(1, "check"), Expect(1, "check", "--deep"), Expect(0, "replay", "--yes")])
        {
            Assert.Contains(File1, result.Output + result.Error, StringComparison.Ordinal);
            Assert.Contains(Folder1, result.Output + result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("gone", result.Output + result.Error, StringComparison.Ordinal);
        }

        Assert.Equal(
            ["a.parquet,taken,700", "day=1,unreadable,0", "day=1/b.parquet,unreadable,700"],
            Expect(1, "bronze", "list", "--format", "csv").Lines.Skip(1).Select(line => string.Join(',', line["bronze/messages/data/".Length..].Split(',').Take(3))));
        Assert.Contains("are of other programs", Expect(1, "repartition", "1").Error, StringComparison.Ordinal);
        UnprivilegedUser.SetReadable(folder, true);
        Expect(0, "run", "--until-caught-up");
        Assert.Equal(2100, LedgerCounts.OfCheck(Expect(0, "check", "--deep", "--format", "json").Output).Bronze);
    }

    [UnprivilegedFact]
    public void Folder_that_becomes_a_lake_may_have_one_in_bronze_and_nowhere_else()
    {
        Put("a.parquet");
        string folder = Path.GetDirectoryName(Put("day=1/b.parquet"))!;
        UnprivilegedUser.SetReadable(folder, false);
        Assert.Contains("day=1 cannot be read (Permission denied)", Expect(1, "run", "--until-caught-up").Error, StringComparison.Ordinal);
        UnprivilegedUser.SetReadable(folder, true);
        Expect(0, "run", "--until-caught-up");
        Assert.Equal(1400, LedgerCounts.OfCheck(Expect(0, "check", "--format", "json").Output).Bronze);

        string other = Path.GetDirectoryName(_lake.Scratch.Write("other/private/x", "x"))!;
        UnprivilegedUser.SetReadable(other, false);
        LakeResult refused = LakeUnderTest.Expect(5, UnprivilegedUser.Of(new LakeCall("run", "--until-caught-up", "--lake", _lake.Scratch["other"])));
        UnprivilegedUser.SetReadable(other, true);
        Assert.Contains("private", refused.Error, StringComparison.Ordinal);
    }

    [UnprivilegedFact]
    public void Source_that_may_not_be_looked_at_is_there_all_the_same()
    {
        string file = _lake.Scratch.Write("s/sub/b.parquet", File.ReadAllBytes(Fixtures.Path("foreign-parquet/arrow-snappy.parquet")));
        string folder = Path.GetDirectoryName(file)!;
        UnprivilegedUser.SetReadable(folder, false);
        LakeResult[] told = [Expect(5, "ingest", file), Expect(1, "ingest", folder)];
        UnprivilegedUser.SetReadable(folder, true);
        Assert.Contains($"{file} cannot be read: Permission denied.", told[0].Error, StringComparison.Ordinal);
        Assert.Contains("the folder cannot be read (Permission denied)", told[1].Error, StringComparison.Ordinal);
        Assert.DoesNotContain("no Parquet files", told[1].Error, StringComparison.Ordinal);

        UnprivilegedUser.SetReadable(file, false);
        LakeResult hidden = Expect(1, "ingest", file);
        UnprivilegedUser.SetReadable(file, true);
        Assert.Contains("b.parquet: the file cannot be read (Permission denied); let this user read it.", hidden.Error, StringComparison.Ordinal);
    }

    [UnprivilegedFact]
    public void Messages_that_are_stored_though_silver_may_not_be_written_are_told()
    {
        Put("a.parquet");
        Expect(0, "run", "--until-caught-up");
        string file = _lake.Scratch.Write("in.csv", "timestamp,message_id,event_type\n2024-12-16T10:00:00Z,1,SENT\n2024-12-16T10:00:00Z,2,SENT\n");
        string[] folders = [.. Directory.GetDirectories(Path.Join(_lake.Folder, "silver"), "*", SearchOption.AllDirectories)];
        UnixFileMode reading = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        Array.ForEach(folders, folder => SetMode(folder, reading));
        LakeResult ended = Expect(5, "ingest", file, "--run", "--format", "CSV");
        Array.ForEach(folders, folder => SetMode(folder, reading | UnixFileMode.UserWrite));
        Assert.Contains("2 messages of ", ended.Error, StringComparison.Ordinal);
        Assert.Contains(" are stored; `lake run` publishes them once this is put right:", ended.Error, StringComparison.Ordinal);
        Expect(0, "run", "--until-caught-up");
        Assert.Equal(702, LedgerCounts.OfCheck(Expect(0, "check", "--format", "json").Output).Bronze);
    }

    private static void SetMode(string folder, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, mode);
        }
    }

    private string Put(string name) =>
        _lake.Scratch.Write($"lake/bronze/messages/data/{name}", File.ReadAllBytes(Fixtures.Path("foreign-parquet/arrow-snappy.parquet")));

    private LakeResult Expect(int exitCode, params string[] arguments) => LakeUnderTest.Expect(exitCode, UnprivilegedUser.Of(_lake.Call(arguments)));

    // What a run says of files.
    private static string Notices(LakeResult run) =>
        string.Join('\n', run.Error.Split('\n').Where(line => line.StartsWith("bronze/", StringComparison.Ordinal) || line.StartsWith("lake: ", StringComparison.Ordinal)));
}
