namespace OrleansLake.Benchmarks.Comparing;

/// <summary>One run of something: wall seconds, the most memory that was resident, and processor seconds (0 where they are not known).</summary>
internal readonly record struct Measurement(double Seconds, double PeakMegabytes, double ProcessorSeconds = 0);
