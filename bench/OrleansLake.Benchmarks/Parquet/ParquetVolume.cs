using System.Diagnostics;
using System.Globalization;
using OrleansLake.Parquet;

namespace OrleansLake.Benchmarks.Parquet;

/// <summary>The bytes that a job has to move at the least, and how fast this machine moves bytes: the limit beside the figures.</summary>
/// <param name="FileBytes">The bytes of the columns in the file.</param>
/// <param name="MemoryBytes">The bytes of the same columns in memory: values, offsets, codes.</param>
/// <param name="Values">Rows times columns.</param>
internal sealed record ParquetVolume(long FileBytes, long MemoryBytes, long Values)
{
    private const int CopyBytes = 128 << 20;
    private const int CopyRounds = 7;

    public long MovedBytes => FileBytes + MemoryBytes;

    public static ParquetVolume Of(string file, IReadOnlyList<string> columns)
    {
        using ParquetReader reader = ParquetReader.Open(file);
        long fileBytes = 0;
        long memoryBytes = 0;
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            foreach (string column in columns)
            {
                fileBytes += reader.Metadata.RowGroups[group].Columns.First(chunk => chunk.Path == column).CompressedBytes;
                memoryBytes += ParquetJob.MemoryBytesOf(reader, group, column);
            }
        }

        return new ParquetVolume(fileBytes, memoryBytes, reader.RowCount * columns.Count);
    }

    /// <summary>Bytes a second that threads move at the same time by copying, read and written ones together; the best of some rounds.</summary>
    public static double MemoryBytesPerSecond(int threads)
    {
        byte[][] arrays = [.. Enumerable.Range(0, 2 * threads).Select(static _ => GC.AllocateUninitializedArray<byte>(CopyBytes))];
        double best = double.MaxValue;
        for (int round = 0; round < CopyRounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => arrays[2 * i].CopyTo(arrays[(2 * i) + 1], 0));
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 2.0 * threads * CopyBytes / best;
    }

    /// <summary>The processor's clock as Linux tells it; 0 where it does not.</summary>
    public static double ClockHz()
    {
        const string CpuInfo = "/proc/cpuinfo";
        string? line = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(static line => line.StartsWith("cpu MHz", StringComparison.Ordinal)) : null;
        return line is null ? 0 : double.Parse(line.AsSpan(line.IndexOf(':') + 1), CultureInfo.InvariantCulture) * 1e6;
    }
}
