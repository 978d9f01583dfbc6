namespace OrleansLake.Benchmarks.Micro;

/// <summary>A hot path that is measured alone, on one thread.</summary>
public abstract class MicroBenchmark
{
    /// <summary>Makes what it works on.</summary>
    public abstract void Setup();

    /// <summary>One operation; something that depends on all of it.</summary>
    public abstract long Run();

    /// <summary>Gets what an operation does; known after <see cref="Setup"/>.</summary>
    internal abstract MicroWork Work { get; }
}
