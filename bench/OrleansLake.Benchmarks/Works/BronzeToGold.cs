using System.Diagnostics;
using OrleansLake.Benchmarks.Comparing;

namespace OrleansLake.Benchmarks.Works;

/// <summary>The whole job.</summary>
internal sealed class BronzeToGold : Work
{
    private const int UsualRounds = 5;

    public override string Name => "bronze-to-gold";

    public override string About =>
        """
        Bronze Parquet to both silver tables (countries joined, by date), first occurrences, both reports, all written as
        Parquet: `lake run --until-caught-up` beside [DuckDB](contenders/duckdb.mjs) and [Polars](contenders/polars.mjs). All agree
        to the row. Nobody fsyncs; ours with fsync is shown beside.
        """;

    public override ProcessStartInfo Profiled(CompareOptions options, BenchData data)
    {
        string output = data.Fresh("out-profiled");
        new LakeContender(durable: false).Prepare(data.Bronze(options.Messages), output);
        return MeasuredProcess.LakeCommand("run", "--until-caught-up", "--no-fsync", "--lake", output);
    }

    public override WorkResult Measure(CompareOptions options, BenchData data)
    {
        Contender[] contenders =
        [
            new LakeContender(durable: false),
            new LakeContender(durable: true),
            new ScriptContender("DuckDB", "duckdb.mjs", "bronze"),
            new ScriptContender("Polars", "polars.mjs", "bronze"),
        ];
        IReadOnlyList<ResultRow> rows = new SideBySide(Name, contenders).Run(data.Bronze(options.Messages), options.Messages, options.Rounds ?? UsualRounds, data);
        return new WorkResult(
            rows,
            [
                Goal.AtLeast(Name, "DuckDB's time over ours", rows[2].Ratio, 3, "F2", "x"),
                Goal.AtLeast(Name, "Polars' time over ours", rows[3].Ratio, 4, "F2", "x"),
                Goal.AtMost(Name, "our memory, DuckDB's being the most", rows[0].PeakMegabytes, rows[2].PeakMegabytes, "F0", " MB"),
            ]);
    }
}
