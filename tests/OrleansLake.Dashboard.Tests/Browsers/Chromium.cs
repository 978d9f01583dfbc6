using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansLake.TestSupport;

namespace OrleansLake.Dashboard.Tests.Browsers;

/// <summary>
/// A real Chromium, driven by playwright-core from npm (browser/bridge.mjs). It is started at the first use and lent to all
/// tests; each has pages of its own, with nothing stored.
/// </summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(1);
    private static readonly Lazy<string?> Missing = new(Install);
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private readonly Process _process;
    private readonly Dictionary<long, TaskCompletionSource<JsonElement>> _asked = [];
    private readonly StringBuilder _errors = new();
    private readonly Lock _gate = new();
    private long _lastId;

    private Chromium(Process process)
    {
        _process = process;
        _ = Task.Run(ReadAsync);
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_gate)
            {
                _errors.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    /// <summary>Gets the reason why there is no browser to test with here, in one line; null if there is one.</summary>
    internal static string? MissingBecause => Missing.Value;

    internal static string Folder { get; } = Path.Combine(Fixtures.Root, "tests", "OrleansLake.Dashboard.Tests", "browser");

    internal static Chromium Start()
    {
        if (MissingBecause is { } reason)
        {
            throw new InvalidOperationException(reason);
        }

        var start = new ProcessStartInfo(OnPath("node")!, ["bridge.mjs", Names.Select(OnPath).First(path => path is not null)!])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        return new Chromium(Process.Start(start)!);
    }

    /// <summary>Opens a page; in a browser with nothing stored, unless it is to be another window beside one.</summary>
    internal async Task<BrowserPage> OpenAsync(string url, PageOptions? options = null, BrowserPage? beside = null)
    {
        PageOptions page = options ?? new PageOptions();
        JsonElement number = await AskAsync(new
        {
            @do = "open",
            url,
            width = page.Width,
            height = page.Height,
            scheme = page.IsDark ? "dark" : "light",
            scale = page.Scale,
            touch = page.HasTouch,
            reduced = page.HasReducedMotion,
            beside = beside?.Number,
            before = page.Before,
        });
        return new BrowserPage(this, number.GetInt32());
    }

    internal async Task<JsonElement> AskAsync(object request, TimeSpan? timeout = null)
    {
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        Dictionary<string, object?> members = JsonSerializer.Deserialize<Dictionary<string, object?>>(JsonSerializer.Serialize(request))!;
        lock (_gate)
        {
            long id = ++_lastId;
            members["id"] = id;
            _asked.Add(id, answer);
            _process.StandardInput.WriteLine(JsonSerializer.Serialize(members));
            _process.StandardInput.Flush();
        }

        return await answer.Task.WaitAsync(timeout ?? AnswerTimeout);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            using JsonDocument answer = JsonDocument.Parse(line);
            TaskCompletionSource<JsonElement>? asked;
            lock (_gate)
            {
                _asked.Remove(answer.RootElement.GetProperty("id").GetInt64(), out asked);
            }

            if (answer.RootElement.TryGetProperty("error", out JsonElement error))
            {
                asked?.TrySetException(new InvalidOperationException(error.GetString()));
            }
            else
            {
                asked?.TrySetResult(answer.RootElement.GetProperty("result").Clone());
            }
        }

        lock (_gate)
        {
            foreach (TaskCompletionSource<JsonElement> asked in _asked.Values)
            {
                asked.TrySetException(new InvalidOperationException($"The browser ended: {_errors}"));
            }
        }
    }

    private static string? Install()
    {
        if (OnPath("node") is null || OnPath("npm") is null)
        {
            return "needs Node 20 or later and npm to drive a browser: not on the PATH";
        }

        if (!Names.Any(name => OnPath(name) is not null))
        {
            return "needs Chromium: none of 'chromium', 'chromium-browser', 'google-chrome' is on the PATH";
        }

        string wanted = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder, "package-lock.json"))));
        string marker = Path.Combine(Folder, "node_modules", ".installed-lock-sha256");
        if (File.Exists(marker) && File.ReadAllText(marker) == wanted)
        {
            return null;
        }

        var start = new ProcessStartInfo(OnPath("npm")!, ["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        {
            WorkingDirectory = Folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(InstallTimeout))
        {
            process.Kill(entireProcessTree: true);
            return $"'npm ci' in {Path.GetRelativePath(Fixtures.Root, Folder)} took longer than {InstallTimeout}";
        }

        _ = output.GetAwaiter().GetResult();
        if (process.ExitCode != 0)
        {
            string[] lines = error.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return $"'npm ci' in {Path.GetRelativePath(Fixtures.Root, Folder)} ended with {process.ExitCode}: {string.Join(' ', lines.Take(3))}";
        }

        File.WriteAllText(marker, wanted);
        return null;
    }

    private static string? OnPath(string tool) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(static folder => folder.Length > 0)
        .SelectMany(folder => OperatingSystem.IsWindows() ? new[] { $"{tool}.exe", $"{tool}.cmd" } : [tool], Path.Combine)
        .FirstOrDefault(File.Exists);
}
