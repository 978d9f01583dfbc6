namespace OrleansLake.Benchmarks.Comparing;

/// <summary>One run of a contender: the whole process, from its start to its end.</summary>
internal readonly record struct Measurement(double Seconds, double PeakMegabytes);
