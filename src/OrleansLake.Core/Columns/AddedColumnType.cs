using System.Diagnostics.CodeAnalysis;

namespace OrleansLake.Core.Columns;

/// <summary>The types of columns that a lake adds.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "They are called so in Parquet and in SQL.")]
public enum AddedColumnType
{
    /// <summary>Text; whatever else the value is, its JSON.</summary>
    String,

    /// <summary>A whole number of 64 bits.</summary>
    Int64,

    /// <summary>A number with a fraction, an IEEE 754 double.</summary>
    Double,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>An instant, in microseconds.</summary>
    Timestamp,
}
