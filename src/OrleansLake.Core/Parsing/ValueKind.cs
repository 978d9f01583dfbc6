namespace OrleansLake.Core.Parsing;

/// <summary>The kinds of a record's values.</summary>
internal enum ValueKind : byte
{
    /// <summary>There is none.</summary>
    Absent,

    /// <summary>Null.</summary>
    Null,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A number of JSON.</summary>
    Number,

    /// <summary>True or false.</summary>
    Truth,

    /// <summary>An object or an array.</summary>
    Other,
}
