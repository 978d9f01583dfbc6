using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansLake.Testing;

namespace OrleansLake.Benchmarks.Comparing;

/// <summary>The comparison's outcome as a table, and as a list for programs.</summary>
internal sealed class Results(CompareOptions options, IEnumerable<ContenderResult> results)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly ContenderResult[] _results = [.. results];

    public string Table()
    {
        var text = new StringBuilder();
        text.AppendLine("| work | contender | median s | peak MB | ratio to OrleansLake |");
        text.AppendLine("|---|---|---:|---:|---:|");
        foreach (var result in _results)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {result.Work} | {result.Contender} | {result.MedianSeconds:F2} | {result.PeakMegabytes:F0} | {result.Ratio:F2} |");
        }

        return text.ToString();
    }

    public void Write(string folder)
    {
        var duckdb = DuckDb.Query("select version()").Rows[0][0].GetString();
        File.WriteAllText(
            Path.Combine(folder, "RESULTS.md"),
            $"""
            # Side by side

            {options.Messages.ToString("N0", CultureInfo.InvariantCulture)} messages of `lake produce --profile bench`, {options.Rounds} rounds, alternating, each contender in a
            process of its own (its start-up is in its time) on {Environment.ProcessorCount} cores ({Processor()}).
            The work `bronze-to-gold`: bronze Parquet to both silver tables (countries joined, by date), first occurrences, both
            reports, all written as Parquet. Contenders do not fsync; ours with fsync stands beside. All agree to the row. The
            ratio is the median over the rounds of the contender's time over ours.
            .NET {Environment.Version}, DuckDB {duckdb} (2 threads, row order not preserved).

            {Table()}
            Again: `dotnet run -c Release --project bench/OrleansLake.Benchmarks -- compare --messages {options.Messages} --rounds {options.Rounds}`

            """);
        var list = _results.Select(static result => new Dictionary<string, object>
        {
            ["work"] = result.Work,
            ["contender"] = result.Contender,
            ["median_s"] = Math.Round(result.MedianSeconds, 3),
            ["peak_mb"] = Math.Round(result.PeakMegabytes, 1),
            ["ratio"] = Math.Round(result.Ratio, 3),
        });
        File.WriteAllText(Path.Combine(folder, "results.json"), JsonSerializer.Serialize(list, Indented) + "\n");
    }

    private static string Processor()
    {
        const string facts = "/proc/cpuinfo";
        return File.Exists(facts)
            ? File.ReadLines(facts).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown"
            : "unknown";
    }
}
