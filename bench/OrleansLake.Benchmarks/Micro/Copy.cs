using BenchmarkDotNet.Attributes;

namespace OrleansLake.Benchmarks.Micro;

/// <summary>A copy of more than the caches hold: the bandwidth that others are held against.</summary>
public class Copy : MicroBenchmark
{
    private const int Bytes = 128 << 20;

    private byte[] _from = [];
    private byte[] _to = [];

    internal override MicroWork Work => new("memory copied", "byte", Bytes, 2.0 * Bytes, 0, "is the bound: bytes read and written");

    [GlobalSetup]
    public override void Setup()
    {
        _from = new byte[Bytes];
        _to = new byte[Bytes];
        _from.AsSpan().Fill(1);
        _to.AsSpan().Fill(2);
    }

    [Benchmark]
    public override long Run()
    {
        _from.CopyTo(_to, 0);
        return _to[^1];
    }
}
