using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansLake.Benchmarks.Serving;

/// <summary>Debian's wrk, and what it says.</summary>
internal sealed partial class WrkRun
{
    private WrkRun(string output)
    {
        Output = output;
        PerSecond = double.Parse(Rate().Match(output).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        MedianMs = Ms(Latency("50").Match(output));
        P99Ms = Ms(Latency("99").Match(output));
        Requests = long.Parse(Count().Match(output).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        if (output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"not all requests succeeded:\n{output}");
        }
    }

    public string Output { get; }

    public double PerSecond { get; }

    public double MedianMs { get; }

    public double P99Ms { get; }

    public long Requests { get; }

    public static WrkRun Of(Uri url, int connections, TimeSpan time, params string[] more)
    {
        string seconds = string.Create(CultureInfo.InvariantCulture, $"-d{Math.Max(1, (int)time.TotalSeconds)}s");
        using Process process = Process.Start(new ProcessStartInfo("wrk", ["-t1", $"-c{connections}", seconds, "--latency", .. more[..Math.Min(2, more.Length)], url.ToString(), .. more[Math.Min(2, more.Length)..]])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? new WrkRun(output) : throw new InvalidOperationException(error.GetAwaiter().GetResult());
    }

    private static double Ms(Match match)
    {
        double value = double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return match.Groups[2].Value switch
        {
            "us" => value / 1000,
            "s" => value * 1000,
            _ => value,
        };
    }

    private static Regex Latency(string percent) => new($@"{percent}%\s+([\d.]+)(us|ms|s)");

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Count();
}
