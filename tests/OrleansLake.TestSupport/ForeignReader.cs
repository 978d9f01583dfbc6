namespace OrleansLake.TestSupport;

/// <summary>The readers of others that can be asked for the rows of a Parquet file.</summary>
public enum ForeignReader
{
    /// <summary>DuckDB (C++).</summary>
    DuckDb,

    /// <summary>Polars (Rust, arrow2's line).</summary>
    Polars,

    /// <summary>hyparquet (JavaScript).</summary>
    Hyparquet,

    /// <summary>parquet-wasm (Rust, arrow-rs).</summary>
    ParquetWasm,
}
