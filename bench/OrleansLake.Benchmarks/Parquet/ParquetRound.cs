namespace OrleansLake.Benchmarks.Parquet;

/// <summary>One round of one job: the clock's time, the processor's, the file's size, and what .NET allocated.</summary>
internal sealed record ParquetRound(double Seconds, double CpuSeconds, long Bytes, long AllocatedBytes = 0);
