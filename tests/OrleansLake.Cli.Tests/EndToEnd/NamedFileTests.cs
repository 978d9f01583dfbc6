using System.IO.Compression;
using System.Text.Json;
using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Options and arguments that name a file to read: what they read where a pipe, a FIFO or standard input is named.</summary>
public sealed class NamedFileTests : IDisposable
{
    private const string Line = """{"timestamp":"2024-12-16T12:01:05Z","message_id":"m1","event_type":"SENT","value":"v","channel":"SMS","country_id":1,"user_id":1}""";
    private const string Countries = "country_id,country\n1,Germania\n";

    // Of SIGTERM, in the moment before the command handles it.
    private const int EndedByRuntime = 143;

    private readonly LakeUnderTest _lake = new();

    public static TheoryData<string[], string> Reading => new()
    {
        { ["ingest", "FIFO"], "" },
        { ["ingest", "-"], "FIFO" },
        { ["ingest", "EVENTS", "--countries", "FIFO"], "" },
        { ["run", "--countries", "FIFO"], "" },
        { ["run", "--countries", "/dev/stdin"], "FIFO" },
        { ["produce", "--count", "1", "--to", "LAKE", "--countries", "FIFO"], "" },
        { ["replay", "--yes", "--countries", "FIFO"], "" },
        { ["quarantine", "replay", "--fix", "FIFO"], "" },
        { ["quarantine", "replay", "--fix", "-"], "FIFO" },
        { ["inspect", "FIFO"], "" },
        { ["inspect", "-"], "FIFO" },
        { ["serve", "--urls", "http://127.0.0.1:0", "--keys", "FIFO"], "" },
        { ["serve", "--urls", "http://127.0.0.1:0", "--embed-keys", "/dev/stdin"], "FIFO" },
        { ["serve", "--urls", "http://127.0.0.1:0", "--countries", "FIFO"], "" },
        { ["validate", "--keys", "FIFO"], "" },
        { ["validate", "--countries", "FIFO"], "" },
        { ["validate", "--keys", "FIFO", "--partitions", "x"], "" },
    };

    public void Dispose() => _lake.Dispose();

    [Theory]
    [InlineData("<(cat FILE)", "/dev/fd/63")]
    [InlineData("/dev/stdin < <(cat FILE)", "stdin")]
    [InlineData("- < FILE", "stdin")]
    [InlineData("FIFO & cat FILE > FIFO; wait $!", null)]
    public void A_Parquet_file_is_inspected_from_a_pipe_as_from_its_file(string named, string? name)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        _lake.Ok("ingest", _lake.Scratch.Write("events.ndjson", Line + "\n"), "--run");
        string file = _lake.ParquetFiles("silver")[0];
        string fifo = MakeFifo();
        string expected = Shell(0, "inspect FILE", file, fifo).Output;
        string text = Shell(0, $"inspect {named}", file, fifo).Output;
        Assert.Equal(expected.Replace(file, name ?? fifo, StringComparison.Ordinal), text);
        Assert.Contains("1 row,", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_that_is_not_Parquet_is_told_as_a_file_is_and_not_read_to_its_end()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        Assert.Equal("lake: /dev/zero: The file does not start as a Parquet file does.\n", _lake.Expect(1, "inspect", "/dev/zero").Error);
        Assert.Equal("lake: stdin: The file is empty.\n", _lake.Expect(1, "inspect", "-").Error);
        Assert.StartsWith("lake: standard input is closed", Shell(5, "inspect - <&-", "", "").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inspect FILE", "FILE is packed with gzip; unpack it (zcat FILE | lake inspect -).")]
    [InlineData("inspect - < FILE", "stdin is packed with gzip; unpack it (zcat FILE | lake inspect -).")]
    [InlineData("inspect <(cat FILE)", "/dev/fd/63 is packed with gzip; unpack it (zcat FILE | lake inspect -).")]
    [InlineData("inspect <(printf 'BZh91AY')", "/dev/fd/63 is packed with bzip2; unpack it (bzcat FILE | lake inspect -).")]
    [InlineData("ingest EVENTS --countries <(printf 'BZh91AY\\x8a')", "it is packed with bzip2, but CSV or Parquet is expected; CSV may be packed with gzip or zstd, once.")]
    [InlineData("ingest EVENTS --countries <(printf '\\xfd7zXZ\\0')", "it is packed with xz, but CSV or Parquet is expected")]
    [InlineData("ingest EVENTS --countries <(gzip -c FILE)", "it is packed with gzip, but CSV or Parquet is expected")]
    [InlineData("run --countries <(printf 'PK\\3\\4xxxx')", "it is a zip archive, but CSV or Parquet is expected")]
    public void What_is_packed_otherwise_is_named_by_its_packing(string command, string told)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string events = _lake.Scratch.Write("events.ndjson", Line + "\n");
        string file = _lake.Scratch["packed"];
        using (var gzip = new GZipStream(File.Create(file), CompressionLevel.Optimal))
        {
            gzip.Write("PAR1xxxxPAR1"u8);
        }

        if (command.StartsWith("ingest", StringComparison.Ordinal) && command.Contains("FILE", StringComparison.Ordinal))
        {
            byte[] once = File.ReadAllBytes(file);
            using var twice = new GZipStream(File.Create(file), CompressionLevel.Optimal);
            twice.Write(once);
        }

        Assert.Contains(told.StartsWith("FILE", StringComparison.Ordinal) ? file + told[4..] : told, Shell(1, command.Replace("EVENTS", events, StringComparison.Ordinal), file, "").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_description_of_a_lake_that_is_damaged_is_told_without_its_parsers_words()
    {
        _lake.Ok("ingest", _lake.Scratch.Write("events.ndjson", Line + "\n"));
        _lake.Scratch.Write("lake/lake.json", "{");
        string told = _lake.Expect(3, "run", "--until-caught-up").Error;
        Assert.StartsWith($"lake: {_lake.Folder}/lake.json is damaged at byte ", told, StringComparison.Ordinal);
        Assert.EndsWith(". Restore the file from a backup.\n", told, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", told, StringComparison.Ordinal);
        Assert.DoesNotContain("..", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FILE")]
    [InlineData("<(cat FILE)")]
    [InlineData("/dev/stdin < FILE")]
    [InlineData("/dev/stdin < <(cat FILE)")]
    [InlineData("FIFO & cat FILE > FIFO; wait $!")]
    [InlineData("<(gzip -c FILE)")]
    [InlineData("FILE.gz")]
    [InlineData("PARQUET")]
    [InlineData("<(cat PARQUET)")]
    public void Countries_are_read_from_whatever_is_named(string named)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string file = _lake.Scratch.Write("countries.csv", Countries);
        using (var gzip = new GZipStream(File.Create(file + ".gz"), CompressionLevel.Optimal))
        {
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(Countries));
        }

        if (named.Contains("PARQUET", StringComparison.Ordinal))
        {
            // Silver has a country_id and a country.
            using var other = new LakeUnderTest();
            other.Ok("ingest", other.Scratch.Write("e.ndjson", Line + "\n"), "--run", "--countries", file);
            string parquet = _lake.Scratch["countries.parquet"];
            File.Copy(other.ParquetFiles("silver/messages")[0], parquet);
            named = named.Replace("PARQUET", parquet, StringComparison.Ordinal);
        }

        string events = _lake.Scratch.Write("events.ndjson", Line + "\n");
        Shell(0, $"ingest {events} --run --countries {named}", file, MakeFifo());
        Assert.Equal(Countries, File.ReadAllText(Path.Combine(_lake.Folder, "countries.csv")));
        using JsonDocument row = JsonDocument.Parse(Assert.Single(_lake.SilverRows("messages")));
        Assert.Equal("Germania", row.RootElement.GetProperty("country").GetString());
    }

    [Theory]
    [InlineData("/dev/zero", 5, "/dev/zero holds more than 64 MiB, which is the most that is read of it")]
    [InlineData("/dev/null", 1, "the header country_id,country is missing")]
    [InlineData("<(gzip -c FILE | head -c 30)", 1, "the gzip data are cut off; nothing of it was ingested")]
    [InlineData("/dev/stdin <&-", 5, "standard input is closed")]
    public void Countries_that_cannot_be_read_are_told_and_no_lake_is_made(string named, int exitCode, string why)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        LakeResult result = Shell(exitCode, $"run --until-caught-up --countries {named}", _lake.Scratch.Write("countries.csv", Countries), "");
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(Directory.Exists(_lake.Folder));
    }

    [Fact]
    public void Standard_input_is_not_asked_for_two_things()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        Assert.Contains("can be read once only", _lake.Expect(2, "ingest", "-", "--countries", "/dev/stdin").Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_lake.Folder));
    }

    [Theory]
    [InlineData("<(cat FILE)")]
    [InlineData("- < FILE")]
    [InlineData("/dev/stdin < <(cat FILE)")]
    [InlineData("FIFO & cat FILE > FIFO; wait $!")]
    public void Fixes_are_read_from_whatever_is_named(string named)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        _lake.Expect(1, "ingest", _lake.Scratch.Write("events.ndjson", "no message\n"), "--run");
        Shell(0, $"quarantine replay --fix {named}", _lake.Scratch.Write("fixes.ndjson", $$"""{"id":"0.0","message":{{Line}}}""" + "\n"), MakeFifo());
        Assert.Equal(1, _lake.Ledger().Messages);
    }

    [Theory]
    [InlineData("<(gzip -c FILE)", 1, "/dev/fd/63 is packed with gzip; unpack it (zcat FILE | lake quarantine replay --fix -).")]
    [InlineData("- <&-", 5, "standard input is closed")]
    [InlineData("FILE.nosuch", 5, "fixes.ndjson.nosuch: no such file.")]
    public void Fixes_that_cannot_be_read_are_told(string named, int exitCode, string why)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        _lake.Expect(1, "ingest", _lake.Scratch.Write("events.ndjson", "no message\n"), "--run");
        LakeResult result = Shell(exitCode, $"quarantine replay 0.0 --fix {named}", _lake.Scratch.Write("fixes.ndjson", Line + "\n"), "");
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_read_from_pipes_and_written_to_files_only()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string keys = _lake.Scratch["keys"], embed = _lake.Scratch["embed"];
        _lake.Ok("key", "shop", "--keys", keys);
        _lake.Ok("embed-key", "site", "--embed-keys", embed);
        string fifo = MakeFifo();

        // Beyond loopback it is asked for keys: that it is content says that it has read them, once.
        Shell(0, $"validate --urls http://0.0.0.0:0 --keys <(cat FILE) --embed-keys <(cat {embed})", keys, fifo);
        Shell(0, "validate --urls http://0.0.0.0:0 --keys /dev/stdin < FILE", keys, fifo);
        Shell(0, "validate --urls http://0.0.0.0:0 --keys FIFO & cat FILE > FIFO; wait $!", keys, fifo);
        Assert.Contains("is packed with gzip; unpack it", Shell(2, "validate --keys <(gzip -c FILE)", keys, fifo).Error, StringComparison.Ordinal);
        Assert.Contains("standard input is closed", Shell(5, "validate --keys /dev/stdin <&-", keys, fifo).Error, StringComparison.Ordinal);
        Assert.Contains("holds more than 16 MiB", _lake.Expect(5, "validate", "--embed-keys", "/dev/zero").Error, StringComparison.Ordinal);
        Assert.Contains("is a named pipe, and keeps nothing; name a file", _lake.Expect(2, "key", "b", "--keys", fifo).Error, StringComparison.Ordinal);
        Assert.Contains("is a named pipe, and keeps nothing; name a file", _lake.Expect(2, "embed-key", "b", "--embed-keys", fifo).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Reading))]
    public void A_command_that_waits_for_what_it_reads_ends_when_it_is_told_to(string[] command, string input)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string events = _lake.Scratch.Write("events.ndjson", Line + "\n");
        _lake.Ok("ingest", events);
        string fifo = MakeFifo();
        string[] arguments = [.. command.Select(argument => argument switch { "FIFO" => fifo, "LAKE" => _lake.Folder, "EVENTS" => events, _ => argument })];

        // Once nobody opens the FIFO, and once somebody has and says nothing.
        foreach (bool isOpen in input.Length > 0 ? [true] : new[] { false, true })
        {
            using FileStream? silent = isOpen ? new FileStream(fifo, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 1) : null;
            string[] through = input.Length > 0 ? ["bash", "-c", $"exec \"$@\" < {fifo}", "bash"] : [];
            foreach (bool isTerminated in new[] { true, false })
            {
                LakeResult result;
                do
                {
                    using LakeProcess process = LakeProcess.Start(_lake.Call(arguments) with { Through = through, Timeout = TimeSpan.FromSeconds(60) });
                    process.WaitUntil(HandlesSignals, "it handles signals");
                    (isTerminated ? (Action)process.Terminate : process.Interrupt)();
                    result = process.Wait();
                }
                while (result.ExitCode == EndedByRuntime);
                Assert.Equal(130, result.ExitCode);
                LakeUnderTest.AssertNoStackTrace(result);
            }
        }
    }

    // The runtime's thread for signals is there from when the command asks for them; before, they do what they do to every program.
    private static bool HandlesSignals(LakeProcess process)
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{process.Id}/task")
                .Any(static thread => File.ReadAllText(Path.Combine(thread, "comm")).StartsWith(".NET SigHandler", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            // A thread that has ended.
            return false;
        }
    }

    private string MakeFifo()
    {
        string fifo = _lake.Scratch["fifo"];
        using var made = System.Diagnostics.Process.Start("mkfifo", [fifo]);
        made.WaitForExit();
        return fifo;
    }

    // The rest of a command line, as a shell reads it.
    private LakeResult Shell(int exitCode, string rest, string file, string fifo) => LakeUnderTest.Expect(exitCode, new LakeCall
    {
        Through = ["bash", "-c", $"\"$@\" {rest.Replace("FILE", file, StringComparison.Ordinal).Replace("FIFO", fifo, StringComparison.Ordinal)}", "bash"],
        Environment = new Dictionary<string, string?> { ["LAKE_DIR"] = _lake.Folder },
        Timeout = TimeSpan.FromSeconds(60),
    });
}
