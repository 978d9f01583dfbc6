using BenchmarkDotNet.Attributes;
using OrleansLake.Core.Messages;

namespace OrleansLake.Benchmarks.Micro;

/// <summary>The hash of UUIDs.</summary>
public class Hash : MicroBenchmark
{
    private const int MultiplicationsPerHash = 2;

    private MessageIdBits[] _ids = [];

    internal override MicroWork Work => new(
        "message ids (UUIDs) hashed", "id", _ids.Length, 0, (double)_ids.Length * MultiplicationsPerHash, "instructions: two multiplications, one a cycle");

    [GlobalSetup]
    public override void Setup() => _ids = MicroMessages.Batch().MessageIds.Bits.ToArray();

    [Benchmark]
    public override long Run()
    {
        ulong sum = 0;
        foreach (MessageIdBits id in _ids)
        {
            sum ^= StableHash.OfBits(id.High, id.Low);
        }

        return (long)sum;
    }
}
