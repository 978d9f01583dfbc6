using System.Diagnostics.CodeAnalysis;

namespace OrleansLake.Parquet;

/// <summary>The types of a column, with the unit and range that go with it.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The format calls its types so.")]
public enum ParquetType
{
    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A signed 32-bit integer.</summary>
    Int32,

    /// <summary>A signed 64-bit integer.</summary>
    Int64,

    /// <summary>An IEEE 754 single.</summary>
    Float,

    /// <summary>An IEEE 754 double.</summary>
    Double,

    /// <summary>Days since 1970-01-01, as an int32.</summary>
    Date,

    /// <summary>Microseconds since 1970-01-01T00:00:00, as an int64.</summary>
    TimestampMicros,

    /// <summary>UTF-8 text.</summary>
    String,

    /// <summary>Bytes without a meaning of their own.</summary>
    Binary,
}
