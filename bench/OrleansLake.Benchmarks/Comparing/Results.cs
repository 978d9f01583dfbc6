using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.Comparing;

/// <summary>The results of a comparison: a page for people, and a list for programs.</summary>
internal sealed class Results(CompareOptions options)
{
    /// <summary>The format of figures.</summary>
    public static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    private const string LimitsFile = "LIMITS.md";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly List<(Work Work, WorkResult? Result)> _measured = [];

    /// <summary>Gets a value indicating whether a work failed.</summary>
    public bool HasFailures => _measured.Any(static one => one.Result is null);

    private IEnumerable<Goal> Goals => _measured.SelectMany(static one => one.Result?.Goals ?? []);

    /// <summary>Adds what a work measured; null: it failed.</summary>
    public void Add(Work work, WorkResult? result) => _measured.Add((work, result));

    /// <summary>Writes RESULTS.md and results.json.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "RESULTS.md"), Text());
        IEnumerable<Dictionary<string, object>> list = _measured.SelectMany(static one => one.Result?.Rows ?? []).Select(static row => new Dictionary<string, object>
        {
            ["work"] = row.Work,
            ["contender"] = row.Contender.Replace("`", "", StringComparison.Ordinal),
            ["median_s"] = Math.Round(row.MedianSeconds, 4),
            ["peak_mb"] = Math.Round(row.PeakMegabytes, 1),
            ["ratio"] = Math.Round(row.Ratio, 3),
        });
        File.WriteAllText(Path.Combine(folder, "results.json"), JsonSerializer.Serialize(list, Indented) + "\n");
    }

    /// <summary>The page.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        text.AppendLine("# Side by side\n");
        text.AppendLine(Plain, $"One run of one command, on messages of `lake produce --profile bench`: {options.Messages:N0}, unless a work says otherwise.\n");
        text.AppendLine("```sh");
        text.AppendLine(options.Command);
        text.AppendLine("```\n");
        text.AppendLine(Plain, $"{Environment.ProcessorCount} cores ({Processor()}), {Memory():F0} GB, {RuntimeInformation.OSDescription}; {Versions()}.\n");
        text.AppendLine("Contenders run in processes of their own, alternating, with 2 threads, and their start-up is in their times. `ratio` is");
        text.AppendLine("the median over the rounds of the contender's time over ours in the same round: above 1 it took longer than OrleansLake.\n");
        AppendGoals(text);
        foreach ((Work work, WorkResult? result) in _measured)
        {
            Append(text, work, result);
        }

        AppendLimits(text);
        return text.ToString().ReplaceLineEndings("\n");
    }

    private void AppendGoals(StringBuilder text)
    {
        text.AppendLine("## Goals\n");
        if (options.Messages != CompareOptions.MessagesOfGoals)
        {
            text.AppendLine(Plain, $"They are meant for {CompareOptions.MessagesOfGoals:N0} messages; this run had {options.Messages:N0}.\n");
        }

        text.AppendLine("| work | what | goal | measured | |");
        text.AppendLine("|---|---|---:|---:|---|");
        foreach (Goal goal in Goals)
        {
            text.AppendLine(Plain, $"| {goal.Work} | {goal.What} | {goal.Target} | {goal.Measured} | {(goal.IsHeld ? "held" : "**missed**")} |");
        }

        foreach ((Work work, _) in _measured.Where(static one => one.Result is null))
        {
            text.AppendLine(Plain, $"| {work.Name} | | | it failed | **missed** |");
        }

        text.AppendLine();
    }

    private static void Append(StringBuilder text, Work work, WorkResult? result)
    {
        text.AppendLine(Plain, $"## {work.Name}\n");
        text.AppendLine(work.About + "\n");
        if (result is null)
        {
            text.AppendLine("It failed.\n");
            return;
        }

        text.AppendLine("| contender | median s | peak MB | ratio |");
        text.AppendLine("|---|---:|---:|---:|");
        foreach (ResultRow row in result.Rows)
        {
            text.AppendLine(Plain, $"| {row.Contender} | {Seconds(row.MedianSeconds)} | {row.PeakMegabytes:F0} | {row.Ratio:F2} |");
        }

        text.AppendLine();
        if (result.Details.Length > 0)
        {
            text.AppendLine(result.Details.TrimEnd() + "\n");
        }
    }

    // The profile is of this run; what it means is in a file of its own, written by hand: a section for each work.
    private void AppendLimits(StringBuilder text)
    {
        (Work Work, WorkResult Result)[] missed = [.. _measured.Where(static one => one.Result is { Profile.Length: > 0 }).Select(static one => (one.Work, one.Result!))];
        if (missed.Length == 0)
        {
            return;
        }

        text.AppendLine("## What limits the goals that were missed\n");
        text.AppendLine(Plain, $"The notes are those of [{LimitsFile}]({LimitsFile}); the shares are of one more run of ours under `perf record -e cpu-clock`.");
        text.AppendLine("All of it but start-up is compiled while it runs there, so that functions have names: the compiler's share is greater than else.\n");
        IReadOnlyDictionary<string, string> notes = Sections(Path.Combine(Fixtures.Root, "bench", LimitsFile));
        foreach ((Work work, WorkResult result) in missed)
        {
            text.AppendLine(Plain, $"### {work.Name}\n");
            if (notes.TryGetValue(work.Name, out string? note))
            {
                text.AppendLine(note + "\n");
            }

            text.AppendLine(result.Profile);
        }
    }

    /// <summary>The sections of a Markdown file by their headings of the second level.</summary>
    public static IReadOnlyDictionary<string, string> Sections(string file)
    {
        var sections = new Dictionary<string, string>();
        if (File.Exists(file))
        {
            foreach (string section in File.ReadAllText(file).ReplaceLineEndings("\n").Split("\n## ").Skip(1))
            {
                int end = section.IndexOf('\n', StringComparison.Ordinal);
                sections[end < 0 ? section : section[..end].Trim()] = end < 0 ? "" : section[end..].Trim();
            }
        }

        return sections;
    }

    private static string Seconds(double seconds) => seconds.ToString(seconds < 1 ? "F3" : "F2", Plain);

    private static string Versions()
    {
        string duckdb = DuckDb.Query("select version()").Rows[0][0].GetString()!;
        var polars = JsonDocument.Parse(File.ReadAllText(Path.Combine(Fixtures.Root, "tests", "foreign", "node_modules", "nodejs-polars", "package.json")));
        return $".NET {Environment.Version}, DuckDB {duckdb}, nodejs-polars {polars.RootElement.GetProperty("version").GetString()}";
    }

    private static double Memory() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);

    private static string Processor()
    {
        const string facts = "/proc/cpuinfo";
        return File.Exists(facts)
            ? File.ReadLines(facts).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown"
            : "unknown";
    }
}
