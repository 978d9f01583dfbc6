using System.Diagnostics;
using System.Globalization;
using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.Serving;

/// <summary>The built <c>lake serve</c> as a process of its own, over a new lake, on a free port of loopback.</summary>
internal sealed class ServedLake : IDisposable
{
    private const string Listening = "listening on ";

    // Linux counts processor time in these, whatever its own clock's rate is (USER_HZ).
    private const double TicksPerSecond = 100;

    private readonly Process _process;
    private readonly string _folder;

    public ServedLake(string folder, params IEnumerable<string> more)
    {
        _folder = folder;
        _process = Process.Start(new ProcessStartInfo(
            LakeProcess.DotnetPath, [BuiltProgram.Lake, "serve", "--quiet", "--urls", "http://127.0.0.1:0", "--lake", folder, .. more])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var listening = new TaskCompletionSource<Uri>();
        new Thread(() => Read(listening)) { IsBackground = true }.Start();
        Address = listening.Task.GetAwaiter().GetResult();
    }

    /// <summary>Gets the place where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Processor seconds that it has taken since its start, the kernel's for it included.</summary>
    public double ProcessorSeconds
    {
        get
        {
            string stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

    /// <summary>Memory that is resident now, in MB.</summary>
    public double ResidentMegabytes
    {
        get
        {
            string line = File.ReadLines($"/proc/{_process.Id}/status").First(one => one.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.AsSpan(6).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture) / 1024.0;
        }
    }

    public void Dispose()
    {
        using (Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        if (!_process.WaitForExit(TimeSpan.FromMinutes(3)))
        {
            _process.Kill();
            throw new InvalidOperationException("lake serve did not end when it was asked to");
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // To its end, or the pipe would fill and hold it up.
    private void Read(TaskCompletionSource<Uri> listening)
    {
        while (_process.StandardError.ReadLine() is { } line)
        {
            int at = line.IndexOf(Listening, StringComparison.Ordinal);
            if (at < 0)
            {
                Console.Error.WriteLine(line);
            }
            else
            {
                listening.TrySetResult(new Uri(line[(at + Listening.Length)..].Split(';', ',')[0]));
            }
        }

        listening.TrySetException(new InvalidOperationException("lake serve ended before it listened"));
    }
}
