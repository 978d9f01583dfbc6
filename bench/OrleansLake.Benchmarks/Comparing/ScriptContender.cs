using OrleansLake.Testing;

namespace OrleansLake.Benchmarks.Comparing;

/// <summary>A contender whose whole job is a script for Node in bench/contenders.</summary>
internal sealed class ScriptContender(string name, string script) : Contender
{
    public override string Name => name;

    public override void Prepare(string bronze, string output)
    {
        foreach (var folder in new[] { "silver/messages", "silver/messages_corrupted", "gold/report1", "gold/report2" })
        {
            Directory.CreateDirectory(Path.Combine(output, folder));
        }
    }

    public override Measurement Run(string bronze, string output) =>
        MeasuredProcess.Run("node", Path.Combine(Fixtures.Root, "bench", "contenders", script), bronze, output);

    public override string Files(string output, string layer) =>
        Path.Combine(output, layer, layer.StartsWith("silver", StringComparison.Ordinal) ? "**/*.parquet" : "*.parquet");
}
