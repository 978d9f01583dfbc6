namespace OrleansLake.Benchmarks.Profiling;

/// <summary>A function's share of the processor time.</summary>
/// <param name="Library">Where its code is.</param>
/// <param name="Name">Its name, with its types.</param>
/// <param name="Percent">The share.</param>
internal sealed record ProfiledFunction(string Library, string Name, double Percent)
{
    /// <summary>Gets a value indicating whether it is of the kernel.</summary>
    public bool IsKernel => Library.StartsWith("[kernel", StringComparison.Ordinal);

    /// <summary>Gets a value indicating whether perf knew its name.</summary>
    public bool IsNamed => !Name.Contains(" 0x", StringComparison.Ordinal);
}
