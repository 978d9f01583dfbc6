using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace OrleansLake.TestSupport;

/// <summary>
/// Programs of others from npm, in a folder under tests/. They are installed once, by the lock file, at the first use on
/// a machine; processes that test at the same time wait for each other.
/// </summary>
/// <param name="name">The folder's name.</param>
/// <param name="purpose">What they are needed for.</param>
internal sealed class NpmFolder(string name, string purpose)
{
    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(10);

    private readonly Lazy<string?> _missing = new(() => Install(name, purpose));

    /// <summary>Gets the reason why they cannot be used on this machine, in one line; null when they can.</summary>
    public string? MissingBecause => _missing.Value;

    /// <summary>The path of something in the folder.</summary>
    public string this[string relative] => Path.Combine(Folder(name), relative);

    /// <summary>Runs a program in the folder to its end.</summary>
    public (int ExitCode, string Output, string Error) Run(string tool, string[] arguments, string input, TimeSpan timeout) =>
        Run(Folder(name), tool, arguments, input, timeout);

    /// <summary>A program's path; null if it is not installed.</summary>
    public static string? Find(string tool)
    {
        string[] names = OperatingSystem.IsWindows() ? [$"{tool}.exe", $"{tool}.cmd"] : [tool];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Where(static folder => folder.Length > 0)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }

    private static string Folder(string name) => Path.Combine(Fixtures.Root, "tests", name);

    private static string? Install(string name, string purpose)
    {
        if (Find("node") is null)
        {
            return $"needs Node 20 or later for {purpose}: no 'node' on the PATH";
        }

        if (Find("npm") is null)
        {
            return $"needs npm for {purpose}: no 'npm' on the PATH";
        }

        string folder = Folder(name);
        var wanted = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "package-lock.json"))));
        var marker = Path.Combine(folder, "node_modules", ".installed-lock-sha256");
        using var mutex = LockFile(Path.Combine(Path.GetTempPath(), $"orleanslake-{name}-{StableName(folder)}.lock"));
        if (File.Exists(marker) && File.ReadAllText(marker) == wanted)
        {
            return null;
        }

        var (exitCode, _, error) = Run(folder, "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], "", InstallTimeout);
        if (exitCode != 0)
        {
            var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return $"'npm ci' in tests/{name} ended with {exitCode}: {string.Join(' ', lines.Take(3))}";
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

    private static (int ExitCode, string Output, string Error) Run(string folder, string tool, string[] arguments, string input, TimeSpan timeout)
    {
        var start = new ProcessStartInfo(Find(tool)!, arguments)
        {
            WorkingDirectory = folder,
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
