using System.Text.Json;

namespace OrleansLake.TestSupport;

/// <summary>
/// The tools of others (tests/foreign, from npm) that our files are held against. They are installed once, by the lock file,
/// at the first use on a machine; processes that test at the same time wait for each other.
/// Where Node is not installed a <see cref="ForeignFactAttribute"/> is skipped, unless <see cref="Required"/>.
/// </summary>
public static class ForeignReaders
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(2);
    private static readonly NpmFolder Tools = new("foreign", "the readers of others (DuckDB, Polars)");

    /// <summary>Gets the reason why the tools cannot be used on this machine, in one line; null when they can.</summary>
    public static string? MissingBecause => Tools.MissingBecause;

    /// <summary>Gets a value indicating whether a missing tool is a failure rather than a skip: in CI, or when
    /// ORLEANSLAKE_REQUIRE_TOOLS is 1.</summary>
    public static bool Required =>
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase)
        || Environment.GetEnvironmentVariable("ORLEANSLAKE_REQUIRE_TOOLS") == "1";

    /// <summary>The rows of a Parquet file as another reader sees them.</summary>
    /// <exception cref="ForeignReaderException">The reader refused the file.</exception>
    public static ExternalRows Read(ForeignReader reader, string file)
    {
        if (reader == ForeignReader.DuckDb)
        {
            return DuckDb.Query($"select * from read_parquet({DuckDb.Text(file)}, hive_partitioning = false)");
        }

        var tool = reader switch
        {
            ForeignReader.Polars => "polars",
            ForeignReader.Hyparquet => "hyparquet",
            _ => "parquet-wasm",
        };
        return Ask(JsonSerializer.Serialize(new Dictionary<string, string> { ["tool"] = tool, ["file"] = file }));
    }

    /// <summary>The rows of several Parquet files as Polars sees them, their columns put together by name.</summary>
    /// <exception cref="ForeignReaderException">Polars refused a file.</exception>
    public static ExternalRows ReadByName(params IReadOnlyList<string> files) =>
        Ask(JsonSerializer.Serialize(new Dictionary<string, object> { ["tool"] = "polars", ["files"] = files }));

    /// <summary>Returns what a script in tests/foreign answers to a request on its standard input.</summary>
    /// <exception cref="ForeignReaderException">The script failed.</exception>
    public static string Ask(string script, string request)
    {
        if (MissingBecause is { } reason)
        {
            throw new InvalidOperationException(reason);
        }

        var (exitCode, output, error) = Tools.Run("node", [script], request, AnswerTimeout);
        return exitCode == 0
            ? output
            : throw new ForeignReaderException($"node ended with {exitCode}: {error}");
    }

    internal static ExternalRows Ask(string request) => ExternalRows.Parse(Ask("judge.mjs", request));
}
