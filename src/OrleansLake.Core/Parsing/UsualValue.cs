namespace OrleansLake.Core.Parsing;

/// <summary>The form of a field's value in most records, where a value of that form is the field without any further rule.</summary>
internal enum UsualValue
{
    /// <summary>It may be anything.</summary>
    Any,

    /// <summary>A text that is the field as it is.</summary>
    Text,

    /// <summary>A whole number that is the field.</summary>
    Integer,

    /// <summary>A whole number that is a count since 1970.</summary>
    Count,
}
