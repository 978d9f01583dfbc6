using System.Diagnostics;
using OrleansLake.Benchmarks.Comparing;

namespace OrleansLake.Benchmarks.Works;

/// <summary>The whole job from NDJSON.</summary>
internal sealed class NdjsonToGold : Work
{
    private const int UsualRounds = 3;

    public override string Name => "ndjson-to-gold";

    public override string About =>
        """
        The same from a file of NDJSON, bronze written too: `lake ingest FILE --run` beside DuckDB's `read_json` (columns given,
        newline-delimited) and Polars' `scanJson` (columns inferred from 100 lines: the binding takes no schema). All agree to the
        row. Nobody fsyncs; ours with fsync is shown beside.
        """;

    public override ProcessStartInfo Profiled(CompareOptions options, BenchData data) =>
        MeasuredProcess.LakeCommand("ingest", data.Ndjson(options.Messages), "--run", "--no-fsync", "--lake", data.Fresh("out-profiled"));

    public override WorkResult Measure(CompareOptions options, BenchData data)
    {
        Contender[] contenders =
        [
            new LakeIngestContender(durable: false),
            new LakeIngestContender(durable: true),
            new ScriptContender("DuckDB", "duckdb.mjs", "ndjson"),
            new ScriptContender("Polars", "polars.mjs", "ndjson"),
        ];
        IReadOnlyList<ResultRow> rows = new SideBySide(Name, contenders).Run(data.Ndjson(options.Messages), options.Messages, options.Rounds ?? UsualRounds, data);
        return new WorkResult(rows, [Goal.AtLeast(Name, "DuckDB's time over ours", rows[2].Ratio, 2.5, "F2", "x")]);
    }
}
