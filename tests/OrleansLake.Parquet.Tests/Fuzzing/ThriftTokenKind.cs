namespace OrleansLake.Parquet.Tests.Fuzzing;

/// <summary>The kinds of parts of a structure.</summary>
internal enum ThriftTokenKind
{
    /// <summary>A field's head: the step to its id, and its type.</summary>
    FieldHead,

    /// <summary>A number: an offset, a length, a count, a choice of an encoding.</summary>
    Number,

    /// <summary>The length of binary.</summary>
    BinaryLength,

    /// <summary>The bytes of binary: a name, a bound.</summary>
    BinaryBytes,

    /// <summary>A list's head: its length and its elements' type.</summary>
    ListHead,
}
