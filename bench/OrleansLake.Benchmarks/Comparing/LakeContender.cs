namespace OrleansLake.Benchmarks.Comparing;

/// <summary>The built <c>lake</c>: a folder whose bronze somebody filled, ingested by <c>run --until-caught-up</c>.</summary>
internal class LakeContender(bool durable) : Contender
{
    public override string Name => durable ? "OrleansLake, with fsync" : "OrleansLake";

    public override void Prepare(string source, string output) =>
        Links.Fill(Path.Combine(output, "bronze", "messages", "data"), Directory.EnumerateFiles(source, "*.parquet"));

    public override Measurement Run(string source, string output) => MeasuredProcess.Lake(["run", "--until-caught-up", "--lake", output, .. Fsync]);

    public override string Files(string output, string layer) => PathOf(output, layer);

    /// <summary>Returns the place where a lake has the files of a layer, as a pattern.</summary>
    public static string PathOf(string lake, string layer) =>
        Path.Combine(lake, layer, "data", layer.StartsWith("silver", StringComparison.Ordinal) ? "**/*.parquet" : "*.parquet");

    protected IEnumerable<string> Fsync => durable ? [] : ["--no-fsync"];
}
