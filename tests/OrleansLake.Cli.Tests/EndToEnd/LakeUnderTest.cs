using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>A lake in a folder of its own, spoken to by the command line alone.</summary>
internal sealed class LakeUnderTest : IDisposable
{
    public LakeUnderTest()
    {
        Folder = Scratch["lake"];
    }

    public ScratchFolder Scratch { get; } = new();

    /// <summary>The lake's root; it need not be there.</summary>
    public string Folder { get; }

    public string BronzeFolder => Path.Combine(Folder, "bronze", "messages", "data");

    /// <summary>Runs a command on this lake.</summary>
    public LakeResult Run(params string[] arguments) => LakeProcess.Run(Call(arguments));

    /// <summary>Runs a command on this lake and holds that it ends well.</summary>
    public LakeResult Ok(params string[] arguments) => Expect(0, arguments);

    /// <summary>Runs a command on this lake and holds that it ends with this exit code and without a stack trace.</summary>
    public LakeResult Expect(int exitCode, params string[] arguments) => Expect(exitCode, Call(arguments));

    public static LakeResult Expect(int exitCode, LakeCall call)
    {
        var result = LakeProcess.Run(call);
        Assert.True(
            result.ExitCode == exitCode,
            $"lake {string.Join(' ', call.Arguments)}: exit code {result.ExitCode}, not {exitCode}\n{result.Output}\n{result.Error}");
        AssertNoStackTrace(result);
        return result;
    }

    public LakeCall Call(params string[] arguments) => new([.. arguments, "--lake", Folder]);

    /// <summary>Publishes all that was accepted.</summary>
    public LakeResult CatchUp(params string[] options) => Ok(["run", "--until-caught-up", .. options]);

    public string Report(string name) => Ok("report", name, "--format", "ndjson").Output;

    /// <summary>The ledger, from a check that holds.</summary>
    public LedgerCounts Ledger() => LedgerCounts.OfCheck(Ok("check", "--format", "json").Output);

    /// <summary>Every file under a folder of the lake that a reader of Parquet would take, ordered.</summary>
    public string[] ParquetFiles(string relative)
    {
        var folder = Path.Combine(Folder, relative);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>A silver table as an SQL relation, with its date column.</summary>
    public string SilverSql(string table) =>
        $"read_parquet({DuckDb.Text(Path.Combine(Folder, "silver", table, "data", "**", "*.parquet"))}, hive_partitioning = true)";

    public string BronzeSql => $"read_parquet({DuckDb.Text(Path.Combine(BronzeFolder, "*.parquet"))})";

    public string GoldSql(string report) => $"read_parquet({DuckDb.Text(Path.Combine(Folder, "gold", report, "data", "*.parquet"))})";

    /// <summary>Silver's rows as JSON objects in bronze order.</summary>
    public IReadOnlyList<string> SilverRows(string table) => DuckDb.Query(
        "set timezone = 'UTC'",
        $"select timestamp, value, event_type, message_id, channel, country_id, user_id, country, date from {SilverSql(table)} order by bronze_offset").ObjectLines;

    public static void AssertNoStackTrace(LakeResult result)
    {
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Scratch.Dispose();
}
