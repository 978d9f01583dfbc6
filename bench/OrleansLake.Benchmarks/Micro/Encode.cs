using BenchmarkDotNet.Attributes;
using OrleansLake.Benchmarks.Parquet;
using OrleansLake.Parquet;

namespace OrleansLake.Benchmarks.Micro;

/// <summary>Silver rows into Parquet pages, neither compressed nor checked, to nowhere.</summary>
public class Encode : MicroBenchmark
{
    private const int Rows = 100_000;
    private static readonly ParquetWriterOptions Plainly = new() { Codec = Codec.None, HasPageChecksums = false };

    private ColumnData[] _columns = [];
    private long _encodedBytes;

    internal override MicroWork Work => new(
        "silver rows (9 columns) encoded", "row", Rows, _encodedBytes + MemoryBytes(_columns), 0, "memory: the columns read, the pages written");

    /// <summary>The file that it makes.</summary>
    internal static byte[] EncodedFile()
    {
        using var stream = new MemoryStream();
        Write(stream, SilverRows.Make(Rows, 0));
        return stream.ToArray();
    }

    [GlobalSetup]
    public override void Setup()
    {
        _columns = SilverRows.Make(Rows, 0);
        _encodedBytes = EncodedFile().Length;
    }

    [Benchmark]
    public override long Run() => Write(Stream.Null, _columns);

    private static long Write(Stream stream, ColumnData[] columns)
    {
        using var writer = new ParquetWriter(stream, SilverRows.Schema, Plainly);
        writer.WriteRowGroup(columns);
        writer.Finish();
        return Rows;
    }

    private static double MemoryBytes(ColumnData[] columns) => columns.Sum(static column => column switch
    {
        Int32Data numbers => 4.0 * numbers.Count,
        BytesData bytes => bytes.Bytes.Length + (4.0 * (bytes.Offsets.Length + bytes.Codes.Length)),
        ColumnData wide => 8.0 * wide.Count,
    });
}
