namespace OrleansLake.Engine;

/// <summary>The format of a source, where it is specified and not guessed.</summary>
public enum IngestFormat
{
    /// <summary>Lines of JSON, one object a line.</summary>
    Ndjson,

    /// <summary>JSON in any of its dialects, lines included.</summary>
    Json,

    /// <summary>Values separated by commas, with a header.</summary>
    Csv,

    /// <summary>Values separated by tabs, with a header; quotes as in CSV.</summary>
    Tsv,

    /// <summary>Parquet.</summary>
    Parquet,

    /// <summary>Forms (<c>application/x-www-form-urlencoded</c>), one a line.</summary>
    Form,
}
