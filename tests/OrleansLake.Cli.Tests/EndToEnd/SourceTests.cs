using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Tests what ingest takes beside files of lines, and what it says of the rest.</summary>
public class SourceTests
{
    private const string Line = """{"timestamp":"2024-12-16T12:01:05Z","message_id":"m1","event_type":"SENT","value":"v","channel":"SMS","country_id":1,"user_id":1}""";

    [Theory]
    [InlineData("/dev/stdin")]
    [InlineData("/dev/fd/0")]
    [InlineData("/proc/self/fd/0")]
    [InlineData("-")]
    public void Standard_input_by_any_name_is_read_as_a_pipe(string name)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var lake = new LakeUnderTest();
        LakeUnderTest.Expect(0, lake.Call("ingest", name, "--run") with { Input = System.Text.Encoding.UTF8.GetBytes($"[{Line},\n{Line}]") });
        Assert.Equal(2, lake.Ledger().Bronze);
    }

    [Fact]
    public void Columns_that_several_files_lack_are_named_once()
    {
        using var lake = new LakeUnderTest();
        string[] files = [.. Enumerable.Range(0, 3).Select(i => lake.Scratch.Write($"{i}.ndjson", $$"""{"timestamp":"2024-12-16T12:01:05Z","message_id":"m{{i}}","event_type":"SENT","channel":"SMS"}""" + "\n"))];
        string other = lake.Scratch.Write("whole.ndjson", Line + "\n");
        string told = lake.Ok(["ingest", .. files, other, "--run"]).Error;
        string note = Assert.Single(told.Split('\n'), line => line.Contains("note:", StringComparison.Ordinal));
        Assert.Equal("note: no value, country_id or user_id anywhere in 0.ndjson and 2 others.", note.TrimEnd());
        string alone = lake.Ok(["ingest", "--again", files[1]]).Error;
        Assert.Contains("  note: no value, country_id or user_id anywhere in ", alone, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_several_names_is_taken_once()
    {
        using var lake = new LakeUnderTest();
        var file = lake.Scratch.Write("a.ndjson", Line + "\n");
        var link = lake.Scratch["b.ndjson"];
        File.CreateSymbolicLink(link, file);
        var result = lake.Ok("ingest", file, link, file, "--run");
        Assert.Contains("b.ndjson is the same file as", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, lake.Ledger().Bronze);
    }

    [Fact]
    public void Names_that_are_not_UTF_8_are_told_and_the_other_files_are_taken()
    {
        using var lake = new LakeUnderTest();
        var file = lake.Scratch.Write("a.ndjson", Line + "\n");
        var result = lake.Expect(1, "ingest", "\uFFFD.ndjson", file, "--run");
        Assert.Contains("\uFFFD.ndjson: the name is not UTF-8", result.Error, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
        {
            // Below a folder, where only a shell can put it.
            string folder = Directory.CreateDirectory(lake.Scratch["folder"]).FullName;
            using var shell = System.Diagnostics.Process.Start("bash", ["-c", $"touch {folder}/$'\\xff.parquet'; mkdir {folder}/$'\\xfe'"]);
            shell.WaitForExit();
            string told = lake.Expect(1, "ingest", folder).Error;
            Assert.Contains("\uFFFD.parquet: the name is not UTF-8", told, StringComparison.Ordinal);
            Assert.Contains("\uFFFD: the name is not UTF-8, so it cannot be opened; rename it." + Environment.NewLine, told, StringComparison.Ordinal);
        }

        Assert.Equal(1, lake.Ledger().Bronze);
    }

    [Fact]
    public void What_a_terminal_would_obey_in_names_is_not_printed()
    {
        using var lake = new LakeUnderTest();
        var file = lake.Scratch.Write("a\e[31m\n.ndjson", Line + "\n");
        foreach (var result in (LakeResult[])[lake.Ok("ingest", file), lake.Ok("ingest", file), lake.Ok("ingest", file, file), lake.Expect(5, "ingest", file + "\e"), LakeUnderTest.Expect(5, new("check", "--lake", "x\e"))])
        {
            Assert.Contains("\\u001b", result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("\e", result.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("validate", "--keys")]
    [InlineData("key", "x", "--keys")]
    [InlineData("embed-key", "x", "--embed-keys")]
    [InlineData("quarantine", "replay", "--fix")]
    public void A_folder_in_a_files_place_is_told_as_one(params string[] arguments)
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", lake.Scratch.Write("a.ndjson", Line + "\n"));
        var result = LakeProcess.Run(arguments[0] is "key" or "embed-key" ? new([.. arguments, lake.Scratch.Path]) : lake.Call([.. arguments, lake.Scratch.Path]));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains($"{lake.Scratch.Path} is a folder", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_above_a_link_is_what_the_system_opens()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var lake = new LakeUnderTest();
        lake.Scratch.Write("releases/5/shared/a.ndjson", Line + "\n");
        Directory.CreateDirectory(lake.Scratch["releases/5/data"]);
        Directory.CreateSymbolicLink(lake.Scratch["current"], "releases/5/data");
        string Above(string name) => Path.Combine(lake.Scratch["current"], "..", name);
        LakeUnderTest.Expect(0, new("ingest", Above("shared/a.ndjson"), "--lake", Above("lake"), "--run"));
        Assert.True(File.Exists(lake.Scratch["releases/5/lake/lake.json"]));
        LakeUnderTest.Expect(0, new("produce", "--count", "3", "--parquet", Above("files")));
        LakeUnderTest.Expect(0, new("inspect", Directory.GetFiles(lake.Scratch["releases/5/files"]).Select(file => Above("files/" + Path.GetFileName(file))).First()));
        LakeUnderTest.Expect(0, new("key", "shop", "--keys", Above("keys.txt")));
        LakeUnderTest.Expect(0, new("embed-key", "site", "--embed-keys", Above("embed.txt")));
        LakeUnderTest.Expect(0, new("validate", "--keys", Above("keys.txt"), "--embed-keys", Above("embed.txt"), "--lake", Above("lake")));
        lake.Scratch.Write("releases/5/countries.csv", "country_id,country\n1,Brazil\n");
        lake.Ok("ingest", lake.Scratch["releases/5/shared/a.ndjson"], "--countries", Above("countries.csv"), "--run");
        LakeUnderTest.Expect(1, lake.Call("ingest", "-") with { Input = "x"u8.ToArray() });
        lake.Scratch.Write("releases/5/fix.json", Line);
        string id = lake.Ok("quarantine", "list", "--format", "ndjson").Lines[0].Split('"')[3];
        lake.Ok("quarantine", "replay", id, "--fix", Above("fix.json"));
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_no_file()
    {
        using var lake = new LakeUnderTest();
        var link = lake.Scratch["dead.ndjson"];
        File.CreateSymbolicLink(link, "nowhere");
        Assert.Contains("leads nowhere", lake.Expect(5, "ingest", link).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("epoch-ms", """{"timestamp":1734350465123,"message_id":"m"}""")]
    [InlineData("dd/MM/yyyy HH:mm", """{"timestamp":"16/12/2024 12:01","message_id":"m"}""")]
    public void Timestamps_are_read_as_they_are_said_to_be_written(string format, string line)
    {
        using var lake = new LakeUnderTest();
        var file = lake.Scratch.Write("a.ndjson", line + "\n");
        Assert.Contains("--timestamp-format", lake.Expect(1, "ingest", file).Error, StringComparison.Ordinal);
        lake.Ok("ingest", file, "--timestamp-format", format, "--run");
        Assert.Equal(1, lake.Ledger().Bronze);
        Assert.Contains("Skipped", lake.Ok("ingest", file, "--timestamp-format", format).Error, StringComparison.Ordinal);
        LakeUnderTest.Expect(1, lake.Call("ingest", "-") with { Input = System.Text.Encoding.UTF8.GetBytes(line) });
        lake.Ok("quarantine", "replay", "--timestamp-format", format);
        Assert.Empty(lake.Ok("quarantine", "list", "--open", "--format", "ndjson").Lines);
        Assert.Contains("expected epoch-s", lake.Expect(2, "ingest", file, "--timestamp-format", "soon").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_is_told_in_a_line_and_the_rest_is_taken()
    {
        using var lake = new LakeUnderTest();
        var packed = lake.Scratch.Write("a.json.bz2", "BZh91AY&SY"u8.ToArray());
        var good = lake.Scratch.Write("b.ndjson", Line + "\n");
        var result = lake.Expect(1, "ingest", packed, good, "--run");
        Assert.Contains("a.json.bz2: it is packed with bzip2", result.Error, StringComparison.Ordinal);
        Assert.Equal(new LedgerCounts(1, 1, 0, 1), lake.Ledger());
        Assert.Empty(lake.Ok("quarantine", "list", "--format", "ndjson").Lines);
    }
}
