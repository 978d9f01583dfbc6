namespace OrleansLake.Cli.Output;

/// <summary>The formats in which a result is written.</summary>
internal enum OutputFormat
{
    /// <summary>Aligned columns for people.</summary>
    Table,

    /// <summary>RFC 4180, with a header.</summary>
    Csv,

    /// <summary>One JSON array (or object).</summary>
    Json,

    /// <summary>One JSON object a line.</summary>
    Ndjson,

    /// <summary>A Parquet file.</summary>
    Parquet,
}
