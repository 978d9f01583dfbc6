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

    /// <summary>A number of a column of decimals or of floating point, which may be whole and written with a fraction.</summary>
    Real,

    /// <summary>A date or a point in time of a column of such, as text.</summary>
    Instant,

    /// <summary>True or false.</summary>
    Truth,

    /// <summary>An object or an array.</summary>
    Other,
}
