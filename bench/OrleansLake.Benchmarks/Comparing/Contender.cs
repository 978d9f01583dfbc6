namespace OrleansLake.Benchmarks.Comparing;

/// <summary>Somebody who does the whole job.</summary>
internal abstract class Contender
{
    /// <summary>As the results name it.</summary>
    public abstract string Name { get; }

    /// <summary>Prepares what is not measured: a fresh place to write to.</summary>
    public abstract void Prepare(string source, string output);

    /// <summary>The job, measured.</summary>
    public abstract Measurement Run(string source, string output);

    /// <summary>Returns the place where a layer's Parquet files are after a run, as a pattern.</summary>
    public abstract string Files(string output, string layer);
}
