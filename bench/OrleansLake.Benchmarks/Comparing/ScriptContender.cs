using System.Diagnostics;
using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.Comparing;

/// <summary>A contender whose job is a script for Node in bench/contenders.</summary>
/// <param name="name">As the results name it.</param>
/// <param name="script">The script's file.</param>
/// <param name="kind">What it starts from: <c>bronze</c> or <c>ndjson</c>.</param>
internal sealed class ScriptContender(string name, string script, string kind) : Contender
{
    private const string Threads = "2";

    public override string Name => name;

    public override void Prepare(string source, string output)
    {
        foreach (string folder in (string[])["silver/messages", "silver/messages_corrupted", "gold/report1", "gold/report2"])
        {
            Directory.CreateDirectory(Path.Combine(output, folder));
        }
    }

    public override Measurement Run(string source, string output) => Run(script, kind, source, output);

    public override string Files(string output, string layer) => PathOf(output, layer);

    /// <summary>Returns the place where the scripts have the files of a layer, as a pattern.</summary>
    public static string PathOf(string output, string layer) =>
        Path.Combine(output, layer, layer.StartsWith("silver", StringComparison.Ordinal) ? "**/*.parquet" : "*.parquet");

    /// <summary>Runs a script with some arguments.</summary>
    public static Measurement Run(string script, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Fixtures.Root, "bench", "contenders", script), .. arguments]);
        start.Environment["POLARS_MAX_THREADS"] = Threads;
        return MeasuredProcess.Run(start, out _);
    }
}
