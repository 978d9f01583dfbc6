using BenchmarkDotNet.Attributes;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;

namespace OrleansLake.Benchmarks.Micro;

/// <summary>NDJSON into columns.</summary>
public class Parse : MicroBenchmark
{
    // Two numbers of 8 bytes, an id of 16 and its kind, two codes, two numbers of 4, and the value's text.
    private const int ColumnBytes = 8 + 16 + 1 + (2 * 4) + (2 * 4) + 4 + 6;

    private readonly NdjsonParser _parser = new(LakeTimeZone.Utc);
    private readonly MessageBatch _batch = new();
    private readonly List<Rejection> _rejections = [];

    internal override MicroWork Work => new(
        "NDJSON parsed", "message", MicroMessages.Count, MicroMessages.Ndjson.Length + ((double)MicroMessages.Count * ColumnBytes), 0, "memory: the text read, the columns written");

    [GlobalSetup]
    public override void Setup() => Run();

    [Benchmark]
    public override long Run()
    {
        _batch.Truncate(0);
        return _parser.Parse(MicroMessages.Ndjson, 1, 1, _batch, _rejections).Accepted;
    }
}
