using System.Diagnostics;
using System.Globalization;

namespace OrleansLake.Benchmarks.Comparing;

/// <summary>Runs a process and takes its time and the greatest memory that was resident (VmHWM; a peak, so the last look before the end tells it).</summary>
internal static class MeasuredProcess
{
    private const int LookEveryMs = 5;

    public static Measurement Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var peakKilobytes = 0L;
        while (!process.WaitForExit(LookEveryMs))
        {
            peakKilobytes = Math.Max(peakKilobytes, PeakOf(process.Id));
        }

        var seconds = watch.Elapsed.TotalSeconds;
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}\n{output.GetAwaiter().GetResult()}\n{error.GetAwaiter().GetResult()}");
        }

        return new Measurement(seconds, peakKilobytes / 1024.0);
    }

    private static long PeakOf(int processId)
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{processId}/status"))
            {
                if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
                {
                    return long.Parse(line.AsSpan(6).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture);
                }
            }
        }
        catch (IOException)
        {
            // It has ended, or this is no Linux: no figure is better than a wrong one.
        }

        return 0;
    }
}
