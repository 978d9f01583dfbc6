using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrleansLake.Testing;

/// <summary>
/// The tools of others (tests/foreign, from npm) that our files are held against. They are installed once, by the lock file,
/// at the first use on a machine; processes that test at the same time wait for each other.
/// Where Node is not to be had a <see cref="ForeignFactAttribute"/> is skipped, unless <see cref="Required"/>.
/// </summary>
public static class ForeignReaders
{
    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(2);
    private static readonly string Folder = Path.Combine(Fixtures.Root, "tests", "foreign");
    private static readonly Lazy<string?> Missing = new(Install);

    /// <summary>Why the tools cannot be used on this machine, in one line; null when they can.</summary>
    public static string? MissingBecause => Missing.Value;

    /// <summary>Whether a missing tool is a failure rather than a skip: in CI, or when ORLEANSLAKE_REQUIRE_TOOLS is 1.</summary>
    public static bool Required =>
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase)
        || Environment.GetEnvironmentVariable("ORLEANSLAKE_REQUIRE_TOOLS") == "1";

    /// <summary>The rows of a Parquet file as another reader sees them.</summary>
    /// <exception cref="ForeignReaderException">The reader refused the file.</exception>
    public static ForeignRows Read(ForeignReader reader, string file)
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

    /// <summary>What a script in tests/foreign answers to a request on its standard input.</summary>
    /// <exception cref="ForeignReaderException">The script failed.</exception>
    public static string Ask(string script, string request)
    {
        if (MissingBecause is { } reason)
        {
            throw new InvalidOperationException(reason);
        }

        var (exitCode, output, error) = Run("node", [script], request, AnswerTimeout);
        return exitCode == 0
            ? output
            : throw new ForeignReaderException($"node ended with {exitCode}: {error}");
    }

    internal static ForeignRows Ask(string request) => ForeignRows.Parse(Ask("judge.mjs", request));

    private static string? Install()
    {
        if (Find("node") is null)
        {
            return "needs Node 20 or later for the readers of others (DuckDB, Polars): no 'node' on the PATH";
        }

        if (Find("npm") is null)
        {
            return "needs npm for the readers of others (DuckDB, Polars): no 'npm' on the PATH";
        }

        var wanted = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder, "package-lock.json"))));
        var marker = Path.Combine(Folder, "node_modules", ".installed-lock-sha256");
        using var mutex = LockFile(Path.Combine(Path.GetTempPath(), $"orleanslake-foreign-{StableName(Folder)}.lock"));
        if (File.Exists(marker) && File.ReadAllText(marker) == wanted)
        {
            return null;
        }

        var (exitCode, _, error) = Run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], "", InstallTimeout);
        if (exitCode != 0)
        {
            var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return $"'npm ci' in tests/foreign ended with {exitCode}: {string.Join(' ', lines.Take(3))}";
        }

        File.WriteAllText(marker, wanted);
        return null;
    }

    private static FileStream LockFile(string path)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited.Elapsed < InstallTimeout)
            {
                Thread.Sleep(100);
            }
        }
    }

    private static string StableName(string folder) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16];

    private static string? Find(string tool)
    {
        string[] names = OperatingSystem.IsWindows() ? [$"{tool}.exe", $"{tool}.cmd"] : [tool];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Where(static folder => folder.Length > 0)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }

    private static (int ExitCode, string Output, string Error) Run(string tool, string[] arguments, string input, TimeSpan timeout)
    {
        var start = new ProcessStartInfo(Find(tool)!, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(timeout))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{tool} {string.Join(' ', arguments)} took longer than {timeout}");
        }

        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}
