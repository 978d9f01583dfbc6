using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansLake.TestSupport;

/// <summary>
/// The built <c>lake</c> as a process: what a user gets. The project of the tests must refer to OrleansLake.Cli.
/// </summary>
public sealed partial class LakeProcess : IDisposable
{
    private const int Sigint = 2;
    private const int Sigterm = 15;
    private const int Sigcont = 18;
    private const int Sigstop = 19;

    private readonly Process _process;
    private readonly LakeCall _call;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Task _readers;

    private LakeProcess(LakeCall call)
    {
        _call = call;
        string[] command = [.. HearsInterrupts, .. call.Through, DotnetPath, BuiltProgram.Lake, .. call.Arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = call.WorkingFolder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment.Remove("LAKE_DIR");
        foreach (var (name, value) in call.Environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _readers = Task.WhenAll(Collect(_process.StandardOutput, _output), Collect(_process.StandardError, _error));
        Input = _process.StandardInput.BaseStream;
        if (!call.InputStaysOpen)
        {
            _ = Task.Run(FeedInput);
        }
    }

    /// <summary>The <c>dotnet</c> that runs it.</summary>
    public static string DotnetPath { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    // A test run that was started in the background of a script ignores SIGINT, and so would every process that it
    // starts: the command is given back what it has at a terminal.
    private static string[] HearsInterrupts { get; } = IgnoresInterrupts() ? ["env", "--default-signal=INT"] : [];

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Its standard input, when <see cref="LakeCall.InputStaysOpen"/>.</summary>
    public Stream Input { get; }

    /// <summary>Gets a value indicating whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Gets what it has written to standard output so far.</summary>
    public string OutputSoFar => TextOf(_output);

    /// <summary>Gets what it has written to standard error so far.</summary>
    public string ErrorSoFar => TextOf(_error);

    /// <summary>Starts it.</summary>
    public static LakeProcess Start(LakeCall call) => new(call);

    /// <summary>Runs it to its end.</summary>
    public static LakeResult Run(LakeCall call)
    {
        using var process = new LakeProcess(call);
        return process.Wait();
    }

    /// <summary>Runs it to its end.</summary>
    public static LakeResult Run(params string[] arguments) => Run(new LakeCall(arguments));

    /// <summary>Waits until something holds, looking at it every few milliseconds; fails when the process ends before or time runs out.</summary>
    public void WaitUntil(Func<LakeProcess, bool> condition, string what)
    {
        while (!condition(this))
        {
            if (_process.HasExited)
            {
                // What it wrote last may still be on its way.
                _readers.Wait(_call.Timeout);
                if (condition(this))
                {
                    return;
                }

                throw new InvalidOperationException($"lake ended ({_process.ExitCode}) before {what}:\n{OutputSoFar}\n{ErrorSoFar}");
            }

            if (_watch.Elapsed > _call.Timeout)
            {
                throw new TimeoutException($"not within {_call.Timeout}: {what}\n{OutputSoFar}\n{ErrorSoFar}");
            }

            Thread.Sleep(5);
        }
    }

    /// <summary>Sends what ctrl-C sends.</summary>
    public void Interrupt() => Send(Sigint);

    /// <summary>Sends what a service's stop sends.</summary>
    public void Terminate() => Send(Sigterm);

    /// <summary>Lets it hang, as a machine does that swaps: SIGSTOP, as Linux numbers it.</summary>
    public void Stop() => Send(Sigstop);

    /// <summary>Lets it continue: SIGCONT.</summary>
    public void Continue() => Send(Sigcont);

    /// <summary>Ends it as a crash does: SIGKILL.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    /// <summary>Waits for its end.</summary>
    /// <exception cref="TimeoutException">It had to be killed.</exception>
    public LakeResult Wait()
    {
        var left = _call.Timeout - _watch.Elapsed;
        if (!_process.WaitForExit(left > TimeSpan.Zero ? left : TimeSpan.Zero))
        {
            Kill();
            throw new TimeoutException($"lake {string.Join(' ', _call.Arguments)} took longer than {_call.Timeout}\n{OutputSoFar}\n{ErrorSoFar}");
        }

        _readers.Wait(TimeSpan.FromSeconds(10));
        return new LakeResult(_process.ExitCode, OutputSoFar, ErrorSoFar, _watch.Elapsed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static string TextOf(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private static async Task Collect(StreamReader reader, StringBuilder into)
    {
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            lock (into)
            {
                into.Append(buffer, 0, read);
            }
        }
    }

    private void FeedInput()
    {
        try
        {
            if (_call.Input is { } bytes)
            {
                Input.Write(bytes);
            }

            Input.Close();
        }
        catch (IOException)
        {
            // It ended without reading all of its input: its exit code tells the test.
        }
    }

    private void Send(int signal)
    {
        if (!_process.HasExited && SendSignal(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"signal {signal} could not be sent");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);

    private static bool IgnoresInterrupts()
    {
        const string Status = "/proc/self/status";
        const string Ignored = "SigIgn:";
        string? line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(Ignored, StringComparison.Ordinal)) : null;
        return line is not null && (Convert.ToUInt64(line[Ignored.Length..].Trim(), 16) >> (Sigint - 1) & 1) != 0;
    }
}
