namespace OrleansLake.Engine.Input;

/// <summary>The kinds of records that a text has.</summary>
internal enum TextKind
{
    /// <summary>Lines, each a JSON object.</summary>
    Lines,

    /// <summary>JSON values, whatever separates them.</summary>
    Values,

    /// <summary>The elements of JSON arrays.</summary>
    Elements,

    /// <summary>Lines, each a form.</summary>
    Forms,

    /// <summary>Rows behind a header, which may hold line ends within quotes.</summary>
    Table,
}
