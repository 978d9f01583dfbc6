using System.IO.Hashing;
using BenchmarkDotNet.Attributes;

namespace OrleansLake.Benchmarks.Micro;

/// <summary>CRC-32, as Parquet pages carry it.</summary>
public class PageCrc : MicroBenchmark
{
    private const int Bytes = 1 << 20;

    // Carry-less multiplication folds 16 bytes by two instructions, one a cycle.
    private const int BytesPerCycle = 8;

    private readonly byte[] _bytes = new byte[Bytes];

    internal override MicroWork Work => new("CRC-32 of Parquet pages", "byte", Bytes, 0, (double)Bytes / BytesPerCycle, "instructions: two carry-less multiplications for 16 bytes, one a cycle");

    [GlobalSetup]
    public override void Setup() => new Random(1).NextBytes(_bytes);

    [Benchmark]
    public override long Run() => Crc32.HashToUInt32(_bytes);
}
