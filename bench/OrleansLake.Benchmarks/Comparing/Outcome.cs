namespace OrleansLake.Benchmarks.Comparing;

/// <summary>The outcome of a contender: a name, and where a layer's Parquet files are, as a pattern.</summary>
internal sealed record Outcome(string Name, Func<string, string> Files);
