using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.Comparing;

/// <summary>
/// Runs a process and takes its time, its processor time and the greatest memory that was resident (VmHWM; a peak, so
/// the last look before the end tells it).
/// </summary>
internal static partial class MeasuredProcess
{
    private const int PollIntervalMs = 5;
    private const int ChildrenThatEnded = -1;

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static Measurement Run(string program, params IEnumerable<string> arguments) => Run(new ProcessStartInfo(program, arguments), out _);

    /// <summary>Runs the built <c>lake</c>.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static Measurement Lake(params IEnumerable<string> arguments) => Run(LakeCommand(arguments), out _);

    /// <summary>Returns how the built <c>lake</c> is started.</summary>
    public static ProcessStartInfo LakeCommand(params IEnumerable<string> arguments) => new(LakeProcess.DotnetPath, [BuiltProgram.Lake, .. arguments]);

    /// <summary>Runs a process to its end and gives what it wrote.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static Measurement Run(ProcessStartInfo start, out string output)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        TimeSpan processorBefore = ProcessorTimeOfChildren();
        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        Task<string> text = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        double peak = 0;
        while (!process.WaitForExit(PollIntervalMs))
        {
            peak = Math.Max(peak, PeakMegabytesOf(process.Id));
        }

        double seconds = watch.Elapsed.TotalSeconds;
        process.WaitForExit();
        output = text.GetAwaiter().GetResult();
        return process.ExitCode == 0
            ? new Measurement(seconds, peak, (ProcessorTimeOfChildren() - processorBefore).TotalSeconds)
            : throw new InvalidOperationException(
                $"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}\n{output}\n{error.GetAwaiter().GetResult()}");
    }

    /// <summary>The most memory that was resident in a process so far; 0 where it is not known.</summary>
    public static double PeakMegabytesOf(int processId)
    {
        try
        {
            foreach (string line in File.ReadLines($"/proc/{processId}/status"))
            {
                if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
                {
                    return long.Parse(line.AsSpan(6).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture) / 1024.0;
                }
            }
        }
        catch (IOException)
        {
            // It has ended, or this is not Linux: no figure is better than a wrong one.
        }

        return 0;
    }

    // A process that has ended does not tell its processor time any more, but its parent does.
    private static TimeSpan ProcessorTimeOfChildren()
    {
        if (!OperatingSystem.IsLinux() || ResourceUsage(ChildrenThatEnded, out Usage usage) != 0)
        {
            return TimeSpan.Zero;
        }

        return TimeSpan.FromSeconds(usage.UserSeconds + usage.SystemSeconds, 0) + TimeSpan.FromMicroseconds(usage.UserMicros + usage.SystemMicros);
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int ResourceUsage(int who, out Usage usage);

    /// <summary>Linux's <c>struct rusage</c>: two times, then 14 words.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 18 * 8)]
    private struct Usage
    {
        public long UserSeconds;
        public long UserMicros;
        public long SystemSeconds;
        public long SystemMicros;
    }
}
