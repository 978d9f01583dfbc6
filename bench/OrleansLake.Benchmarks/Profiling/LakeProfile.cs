using System.Diagnostics;
using System.Text;
using OrleansLake.Benchmarks.Comparing;

namespace OrleansLake.Benchmarks.Profiling;

/// <summary>Profiles where the time of a process of ours goes, by what the code is for.</summary>
internal static class LakeProfile
{
    private const int FunctionsShown = 8;
    private const double PercentShownMin = 0.5;

    // The first that fits a function's name counts. What the compiler inlined counts where it was inlined.
    private static readonly (string Work, string[] Names)[] Works =
    [
        ("checksums", ["Crc32"]),
        ("Snappy", ["Snappier"]),
        ("parsing", ["OrleansLake.Core.Parsing"]),
        ("first occurrences", ["OrleansLake.Core.State"]),
        ("reports", ["OrleansLake.Core.Reports"]),
        ("reading Parquet", ["Parquet.Internal.Reading", "Decoder", "BitUnpacker", "MatchCopy", "Engine.Reading"]),
        ("writing Parquet", ["OrleansLake.Parquet"]),
        ("the log, snapshots, manifests", ["OrleansLake.Storage"]),
        ("columns of messages", ["OrleansLake.Core.Messages", "Engine.Publishing"]),
        ("the rest of ours", ["OrleansLake."]),
        ("copies of bytes", ["memmove", "memcpy", "memset"]),
    ];

    private static readonly (string Work, string[] Libraries)[] Others =
    [
        ("the compiler (JIT)", ["clrjit"]),
        ("the collector", ["clrgc"]),
        ("the runtime", ["coreclr", "libhost", "ld-linux", "System.Native"]),
        ("ours, compiled ahead of time", ["OrleansLake.", "lake.dll"]),
        ("libraries, compiled ahead of time", [".dll"]),
    ];

    /// <summary>Tables in Markdown; a line that says so where there is no profile.</summary>
    /// <param name="command">The process.</param>
    /// <param name="data">A file that the samples may take meanwhile.</param>
    /// <param name="thread">The name of the threads that count; null: all.</param>
    /// <param name="isAsStarted">
    /// Whether it uses code that was compiled ahead of time, as always. Perf knows no names of its functions, so what runs for
    /// long is compiled while it runs instead.
    /// </param>
    public static string Of(ProcessStartInfo command, string data, string? thread, bool isAsStarted)
    {
        if (!isAsStarted)
        {
            command.Environment["DOTNET_ReadyToRun"] = "0";
        }

        if (PerfProfile.Of(command, data, thread) is not { } functions)
        {
            return "No profile: there is no `perf` that works on this machine.\n";
        }

        var text = new StringBuilder();
        text.AppendLine("| share of processor time | % |\n|---|---:|");
        foreach (IGrouping<string, ProfiledFunction> work in functions.GroupBy(WorkOf).OrderByDescending(Sum).Where(static work => Sum(work) >= PercentShownMin))
        {
            text.AppendLine(Results.Plain, $"| {work.Key} | {Sum(work):F0} |");
        }

        text.AppendLine("\n| function | % |\n|---|---:|");
        foreach (ProfiledFunction function in functions.Where(static function => function.IsNamed).OrderByDescending(static function => function.Percent).Take(FunctionsShown))
        {
            text.AppendLine(Results.Plain, $"| `{Short(function)}` | {function.Percent:F1} |");
        }

        return text.ToString();
    }

    private static double Sum(IEnumerable<ProfiledFunction> functions) => functions.Sum(static function => function.Percent);

    private static string WorkOf(ProfiledFunction function)
    {
        if (function.IsKernel)
        {
            return "the kernel: files, memory";
        }

        foreach ((string work, string[] libraries) in Others)
        {
            if (libraries.Any(library => function.Library.Contains(library, StringComparison.Ordinal)))
            {
                return function.Name.Contains("gc_heap", StringComparison.Ordinal) ? "the collector" : work;
            }
        }

        return Works.FirstOrDefault(work => work.Names.Any(name => function.Name.Contains(name, StringComparison.Ordinal))).Work ?? "the rest";
    }

    // "[.] bool [OrleansLake.Core] OrleansLake.Core.Parsing.JsonFastPath::TryParse(...)[Optimized]": the last two names.
    private static string Short(ProfiledFunction function)
    {
        string name = function.Name;
        int kind = name.StartsWith("[.]", StringComparison.Ordinal) || name.StartsWith("[k]", StringComparison.Ordinal) ? 3 : 0;
        int end = name.IndexOf('(', StringComparison.Ordinal);
        name = (end < 0 ? name[kind..] : name[kind..end]).Trim();
        int space = name.LastIndexOf(' ');
        name = space < 0 ? name : name[(space + 1)..];
        string[] parts = name.Split('.');
        name = parts.Length > 1 && name.Contains("::", StringComparison.Ordinal) ? parts[^1] : name;
        return function.IsKernel ? $"{name} (kernel)" : name;
    }
}
