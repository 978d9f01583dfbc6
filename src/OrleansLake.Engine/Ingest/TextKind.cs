namespace OrleansLake.Engine.Ingest;

/// <summary>What a text's records are.</summary>
internal enum TextKind
{
    /// <summary>Lines, each a JSON object.</summary>
    Lines,

    /// <summary>Rows behind a header, which may hold line ends within quotes.</summary>
    Table,
}
