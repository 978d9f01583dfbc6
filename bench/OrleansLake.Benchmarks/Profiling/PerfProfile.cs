using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace OrleansLake.Benchmarks.Profiling;

/// <summary>Profiles where a process's time on processors goes, by Linux's <c>perf</c>, sampled by the clock.</summary>
internal static class PerfProfile
{
    private const string SamplesPerSecond = "2000";

    /// <summary>The shares by function, in percent; null where there is no <c>perf</c> that works, or the process failed.</summary>
    /// <param name="command">The process.</param>
    /// <param name="data">A file that the samples may take meanwhile.</param>
    /// <param name="thread">The name of the threads that count; null: all do, and those of its children.</param>
    public static IReadOnlyList<ProfiledFunction>? Of(ProcessStartInfo command, string data, string? thread = null)
    {
        try
        {
            string[] record = ["record", "-q", "-e", "cpu-clock", "-F", SamplesPerSecond, "-o", data, command.FileName, .. command.ArgumentList];
            string[] report = ["report", "-i", data, "--no-children", "--stdio", "--sort", "dso,symbol", "-F", "overhead,dso,symbol", "-t", "|"];
            string[] counted = thread is null ? [] : ["--comms", thread, "--percentage", "relative"];
            if (Run(record, command.Environment) is null || Run([.. report, .. counted], null) is not { } text)
            {
                return null;
            }

            List<ProfiledFunction> functions = [];
            foreach (string line in text.Split('\n'))
            {
                // What follows the name is a column that was not asked for.
                string[] parts = line.Split('|', StringSplitOptions.TrimEntries);
                if (parts.Length >= 3 && parts[0].EndsWith('%') && double.TryParse(parts[0].TrimEnd('%'), CultureInfo.InvariantCulture, out double share))
                {
                    functions.Add(new ProfiledFunction(parts[1], parts[2].TrimEnd('-', ' '), share));
                }
            }

            return functions.Count == 0 ? null : functions;
        }
        finally
        {
            File.Delete(data);
        }
    }

    private static string? Run(string[] arguments, IDictionary<string, string?>? environment)
    {
        var start = new ProcessStartInfo("perf", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        // Perf needs the names of compiled methods, and code that is not mapped twice.
        start.Environment["DOTNET_PerfMapEnabled"] = "1";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> error = process.StandardError.ReadToEndAsync();
            string answer = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            _ = error.GetAwaiter().GetResult();
            return process.ExitCode == 0 ? answer : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
