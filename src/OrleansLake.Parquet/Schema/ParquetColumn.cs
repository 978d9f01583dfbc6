using System.Globalization;

namespace OrleansLake.Parquet;

/// <summary>
/// A column at the top of a file's schema or in a group, as the file declares it, whether or not its values can be read
/// under a <see cref="ParquetType"/>.
/// </summary>
public sealed record ParquetColumn
{
    /// <summary>Gets the column's name. A file may use it twice.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the physical type of the values; null for a group (a struct, list or map).</summary>
    public PhysicalType? StoredAs { get; init; }

    /// <summary>Gets the logical type: what the values mean.</summary>
    public LogicalType Logical { get; init; }

    /// <summary>Gets the bytes of a value of <see cref="PhysicalType.FixedLengthByteArray"/>.</summary>
    public int FixedLength { get; init; }

    /// <summary>Gets, of a decimal, the number of its digits.</summary>
    public int Precision { get; init; }

    /// <summary>Gets, of a decimal, the number of its digits behind the point.</summary>
    public int Scale { get; init; }

    /// <summary>Gets, of an integer, the number of its bits.</summary>
    public int Bits { get; init; }

    /// <summary>Gets a value indicating whether an integer is without a sign.</summary>
    public bool IsUnsigned { get; init; }

    /// <summary>Gets, of a time or timestamp, its unit. An INT96 has none.</summary>
    public TimeUnit Unit { get; init; }

    /// <summary>Gets a value indicating whether a time or timestamp is of UTC (true) or of a wall clock in an unknown zone (false).</summary>
    public bool IsAdjustedToUtc { get; init; }

    /// <summary>Gets a value indicating whether a row holds any number of values.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Gets, of a group, the columns in it, in the file's order.</summary>
    public IReadOnlyList<ParquetColumn> Fields { get; init; } = [];

    /// <summary>
    /// Gets how many of the column and the groups around it may be null or repeated. Where a <see cref="ColumnBuffer.DefinitionLevels"/> of a
    /// column in this group is lower, this group is null.
    /// </summary>
    public int DefinitionLevel { get; init; }

    /// <summary>
    /// Gets how many of the column and the groups around it are repeated. Where a <see cref="ColumnBuffer.RepetitionLevels"/> of a column in
    /// this group is lower, the group's next row, or the next of what it is in, begins.
    /// </summary>
    public int RepetitionLevel { get; init; }

    /// <summary>Gets its name, with those of the groups around it.</summary>
    internal string Path => Groups + Name;

    /// <summary>Gets the names of the groups around it, each with a dot after it.</summary>
    internal string Groups { get; init; } = "";

    /// <summary>Gets the index of the column among those that hold values; -1 for a group.</summary>
    internal int Leaf { get; init; } = -1;

    /// <summary>Gets the type in the format's words, such as <c>DECIMAL(18,2)</c>, <c>INT64</c> or <c>TIMESTAMP(MICROS, local)</c>.</summary>
    public string TypeText => (IsRepeated ? "repeated " : "") + Logical switch
    {
        LogicalType.None => StoredText,
        LogicalType.Decimal => string.Create(CultureInfo.InvariantCulture, $"DECIMAL({Precision},{Scale})"),
        LogicalType.Time => $"TIME({UnitText})",
        LogicalType.Timestamp => StoredAs == PhysicalType.Int96 ? StoredText : $"TIMESTAMP({UnitText}, {(IsAdjustedToUtc ? "UTC" : "local")})",
        LogicalType.Integer => string.Create(CultureInfo.InvariantCulture, $"{(IsUnsigned ? "UINT" : "INT")}{Bits}"),
        LogicalType.Unknown => $"{StoredText} (nulls only)",
        LogicalType.Other => $"{StoredText} with a meaning that is not known",
        _ => Logical.ToString().ToUpperInvariant(),
    };

    private string StoredText => StoredAs switch
    {
        null => "GROUP",
        PhysicalType.ByteArray => "BYTE_ARRAY",
        PhysicalType.FixedLengthByteArray => string.Create(CultureInfo.InvariantCulture, $"FIXED_LEN_BYTE_ARRAY({FixedLength})"),
        { } stored => stored.ToString().ToUpperInvariant(),
    };

    private string UnitText => Unit.ToString().ToUpperInvariant();
}
