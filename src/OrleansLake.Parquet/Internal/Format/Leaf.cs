using OrleansLake.Parquet.Metadata;

namespace OrleansLake.Parquet.Internal.Format;

/// <summary>A column of a file that is read: where it is in the schema and how its values are to be taken.</summary>
internal sealed class Leaf
{
    public required string Path { get; init; }

    public required PhysicalType StoredAs { get; init; }

    /// <summary>Gets the length of a <see cref="PhysicalType.FixedLengthByteArray"/>.</summary>
    public int FixedLength { get; init; }

    /// <summary>Gets the definition level of a value that is there: how many of the column and the groups around it may be null or repeated.</summary>
    public int DefinitionMax { get; init; }

    /// <summary>Gets how many of the column and the groups around it are repeated.</summary>
    public int RepetitionMax { get; init; }

    /// <summary>Gets a value indicating whether a row has any number of values.</summary>
    public bool IsRepeated => RepetitionMax > 0;

    /// <summary>Gets a value indicating whether an integer is to be taken as unsigned.</summary>
    public bool IsUnsigned { get; init; }

    public TimestampUnit Unit { get; init; }

    /// <summary>Gets the column as users see it; null if it cannot be read.</summary>
    public ParquetField? Field { get; init; }

    /// <summary>Gets the reason why it cannot be read.</summary>
    public string? Refusal { get; init; }
}
