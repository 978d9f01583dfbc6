using BenchmarkDotNet.Attributes;
using OrleansLake.Parquet;
using OrleansLake.Parquet.Internal;
using OrleansLake.Parquet.Internal.Compression;

namespace OrleansLake.Benchmarks.Micro;

/// <summary>Encoded pages by Snappy.</summary>
public class Compress : MicroBenchmark, IDisposable
{
    private const int PageBytes = 64 << 10;

    private readonly OutputBuffer _into = new();
    private byte[] _file = [];
    private long _compressed;

    internal override MicroWork Work => new("encoded pages compressed (Snappy)", "byte", _file.Length, _file.Length + _compressed, 0, "memory: pages read, compressed ones written");

    [GlobalSetup]
    public override void Setup()
    {
        _file = Encode.EncodedFile();
        _compressed = Run();
    }

    [Benchmark]
    public override long Run()
    {
        long compressed = 0;
        for (int start = 0; start < _file.Length; start += PageBytes)
        {
            _into.Clear();
            Compressor.Compress(Codec.Snappy, _file.AsSpan(start, Math.Min(PageBytes, _file.Length - start)), _into);
            compressed += _into.Length;
        }

        return compressed;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _into.Dispose();
        GC.SuppressFinalize(this);
    }
}
