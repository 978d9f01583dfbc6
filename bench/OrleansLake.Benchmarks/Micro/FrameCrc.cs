using BenchmarkDotNet.Attributes;
using OrleansLake.Storage.Checksums;

namespace OrleansLake.Benchmarks.Micro;

/// <summary>CRC-32C, as log frames, manifests and whole files carry it.</summary>
public class FrameCrc : MicroBenchmark
{
    private const int Bytes = 1 << 20;
    private const int BytesPerCycle = 8;

    private readonly byte[] _bytes = new byte[Bytes];

    internal override MicroWork Work => new("CRC-32C of frames and files", "byte", Bytes, 0, (double)Bytes / BytesPerCycle, "instructions: 8 bytes by each, one a cycle");

    [GlobalSetup]
    public override void Setup() => new Random(1).NextBytes(_bytes);

    [Benchmark]
    public override long Run() => Crc32C.Of(_bytes);
}
