using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using OrleansLake.TestSupport;

namespace OrleansLake.Silo.Tests;

/// <summary>The built silo as a process of its own: what is killed in these tests is not a simulation.</summary>
internal sealed partial class SiloProcess : IAsyncDisposable
{
    private const int Sigterm = 15;
    private const int Sigstop = 19;
    private const int Sigcont = 18;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiloProcess(IReadOnlyDictionary<string, string> settings, params IReadOnlyList<string> arguments)
    {
        Settings = settings;
        Port = int.Parse(settings.GetValueOrDefault("Silo__Port", "11111"), CultureInfo.InvariantCulture);
        GatewayPort = int.Parse(settings.GetValueOrDefault("Silo__GatewayPort", "30000"), CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo("dotnet", [BuiltProgram.Silo, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in settings)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Exited += (_, _) =>
        {
            _started.TrySetException(new InvalidOperationException($"the silo ended: {Output}"));

            // Of those that are to end nobody asks.
            _ = _started.Task.Exception;
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The port by which other silos know it.</summary>
    internal int Port { get; }

    /// <summary>The port for clients.</summary>
    internal int GatewayPort { get; }

    internal string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    internal static SiloProcess Begin(string lake, string postgreSql, int partitions, params (string Name, string Value)[] more) =>
        Begin(postgreSql, partitions, [("Lake__Folder", lake), .. more]);

    internal static SiloProcess Begin(string postgreSql, int partitions, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["Lake__Partitions"] = $"{partitions}",
            ["Lake__TriggerMs"] = "500",
            ["Cluster__Kind"] = "PostgreSql",
            ["Cluster__PostgreSql"] = postgreSql,
            ["Cluster__ProbeMs"] = "1000",
            ["Silo__Address"] = "127.0.0.1",
            ["Silo__Port"] = $"{FreePort.Take()}",
            ["Silo__GatewayPort"] = $"{FreePort.Take()}",
        };
        foreach ((string name, string value) in more)
        {
            settings[name] = value;
        }

        return new SiloProcess(settings);
    }

    internal static SiloProcess Begin(IReadOnlyDictionary<string, string> environment, params string[] arguments) => new(environment, arguments);

    /// <summary>One silo alone, which needs no database, with the HTTP API.</summary>
    internal static SiloProcess BeginAlone(string lake, string? httpUrl = null, params (string Name, string Value)[] more)
    {
        string port = $"{FreePort.Take()}";
        var settings = new Dictionary<string, string>
        {
            ["Lake__Folder"] = lake,
            ["Lake__Partitions"] = "4",
            ["Silo__Port"] = port,
            ["Cluster__PrimaryPort"] = port,
            ["Silo__GatewayPort"] = $"{FreePort.Take()}",
        };
        if (httpUrl is not null)
        {
            settings["Http__Urls"] = httpUrl;
        }

        foreach ((string name, string value) in more)
        {
            settings[name] = value;
        }

        return new SiloProcess(settings);
    }

    /// <summary>Gets what it wrote, a line each.</summary>
    internal string[] Lines => Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    internal int Id => _process.Id;

    internal bool HasEnded => _process.HasExited;

    /// <summary>Ends when it has ended by itself, with its exit code.</summary>
    internal async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return _process.ExitCode;
    }

    /// <summary>Ends when it has written something.</summary>
    internal async Task SaidAsync(string text)
    {
        using var tooLong = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(tooLong.IsCancellationRequested, $"'{text}' was not said: {Output}");
            await Task.Delay(50);
        }
    }

    internal Task StartedAsync() => _started.Task.WaitAsync(TimeSpan.FromMinutes(2));

    /// <summary>The environment that it was begun with, for another one like it.</summary>
    internal IReadOnlyDictionary<string, string> Settings { get; }

    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, and gives its exit code.</summary>
    internal async Task<int> TerminateAsync()
    {
        Terminate();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return _process.ExitCode;
    }

    internal void Terminate() => Assert.Equal(0, kill(_process.Id, Sigterm));

    internal void Freeze() => Assert.Equal(0, kill(_process.Id, Sigstop));

    internal void Thaw() => Assert.Equal(0, kill(_process.Id, Sigcont));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line.Contains("the HTTP API and the dashboard are at", StringComparison.Ordinal) || line.Contains("serves no HTTP", StringComparison.Ordinal))
        {
            _started.TrySetResult();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int kill(int process, int signal);
}
