namespace OrleansLake.Parquet;

/// <summary>A column of a schema.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="IsRequired">Whether it never holds a null.</param>
public sealed record ParquetField(string Name, ParquetType Type, bool IsRequired = false)
{
    /// <summary>
    /// Gets a value indicating whether a <see cref="ParquetType.TimestampMicros"/> is an instant (true) or a wall clock's time in a zone
    /// that the file does not name (false).
    /// </summary>
    public bool IsAdjustedToUtc { get; init; } = true;

    /// <summary>Gets the physical type of the values in a file that is read; null in a schema that is to be written.</summary>
    public PhysicalType? StoredAs { get; init; }
}
