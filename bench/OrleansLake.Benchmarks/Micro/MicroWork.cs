namespace OrleansLake.Benchmarks.Micro;

/// <summary>The work of one operation of a benchmark, and the least that any code for it would need.</summary>
/// <param name="What">What is done.</param>
/// <param name="Unit">What it is counted in: a message, a byte.</param>
/// <param name="Units">The number of them that an operation does.</param>
/// <param name="MovedBytes">The bytes that an operation cannot do without reading or writing; 0 if they stay in the cache.</param>
/// <param name="Cycles">The cycles that it cannot do without for its instructions; 0 if memory is the bound.</param>
/// <param name="Bound">What the bound is, in words.</param>
internal sealed record MicroWork(string What, string Unit, double Units, double MovedBytes, double Cycles, string Bound);
