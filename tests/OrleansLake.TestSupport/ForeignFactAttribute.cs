using Xunit;

namespace OrleansLake.TestSupport;

/// <summary>
/// A test that asks another tool (DuckDB, Polars, hyparquet, parquet-wasm). Skipped, with the reason, where Node is missing;
/// a failure there when <see cref="ForeignReaders.Required"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ForeignFactAttribute : FactAttribute
{
    /// <summary>Looks for the tools.</summary>
    public ForeignFactAttribute()
    {
        if (!ForeignReaders.Required)
        {
            Skip = ForeignReaders.MissingBecause;
        }
    }
}
