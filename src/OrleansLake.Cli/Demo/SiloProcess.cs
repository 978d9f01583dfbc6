using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansLake.Cli.Demo;

/// <summary>A silo as a process on this machine, whose output goes to a file.</summary>
internal sealed partial class SiloProcess : IDisposable
{
    private const int Sigterm = 15;
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(30);

    private readonly Lock _writing = new();
    private readonly Process _process;
    private readonly StreamWriter _output;
    private string _lastLine = "";

    private SiloProcess(ProcessStartInfo start, string outputFile)
    {
        OutputFile = outputFile;
        _output = new StreamWriter(outputFile, append: true, new UTF8Encoding(false)) { AutoFlush = true };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Gets the file that holds what it printed.</summary>
    public string OutputFile { get; }

    /// <summary>Gets the exit code; null while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Gets the last line that it printed.</summary>
    public string LastLine
    {
        get
        {
            lock (_writing)
            {
                return _lastLine;
            }
        }
    }

    /// <summary>Starts a silo's process.</summary>
    /// <param name="settings">Its settings, by name: <c>Lake:Folder</c>.</param>
    /// <param name="outputFile">Where its output goes, behind what is there.</param>
    /// <exception cref="IOException">The program is not beside this one, or the file cannot be written.</exception>
    public static SiloProcess Start(IEnumerable<KeyValuePair<string, string>> settings, string outputFile)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "silo", "lake-silo.dll");
        if (!File.Exists(program))
        {
            throw new IOException($"There is no silo program at {program}: build the solution, or install lake again.");
        }

        var start = new ProcessStartInfo(DotNet(), [program]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };

        // What else is in the environment for a silo is not for these.
        foreach (string name in start.Environment.Keys.Where(static name => name.Contains("__", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach ((string name, string value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new SiloProcess(start, outputFile);
    }

    /// <summary>Ends it at once, as a power cut would.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Asks it to leave the cluster, and waits until it has; one that does not is killed.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited && (OperatingSystem.IsWindows() || Signal(_process.Id, Sigterm) != 0))
        {
            _process.Kill();
        }

        using var tooLong = new CancellationTokenSource(StopMax);
        try
        {
            await _process.WaitForExitAsync(tooLong.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Kill();
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
        lock (_writing)
        {
            _output.Dispose();
        }
    }

    // The one that runs this process: a tool's own program is not dotnet, and dotnet need not be on the path.
    private static string DotNet()
    {
        string beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return File.Exists(beside) ? beside : "dotnet";
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_writing)
        {
            _lastLine = line;
            _output.WriteLine(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}
