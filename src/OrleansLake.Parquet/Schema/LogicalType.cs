using System.Diagnostics.CodeAnalysis;

namespace OrleansLake.Parquet;

/// <summary>The meaning that a file gives a column's stored values (the format's <c>LogicalType</c>, or its older <c>ConvertedType</c>).</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The format calls its types so.")]
public enum LogicalType
{
    /// <summary>Nothing but what is stored.</summary>
    None,

    /// <summary>UTF-8 text.</summary>
    String,

    /// <summary>A map; a group.</summary>
    Map,

    /// <summary>A list; a group.</summary>
    List,

    /// <summary>One of a set of texts.</summary>
    Enum,

    /// <summary>A whole number times a power of ten.</summary>
    Decimal,

    /// <summary>Days since 1970-01-01.</summary>
    Date,

    /// <summary>A time of day.</summary>
    Time,

    /// <summary>A point in time.</summary>
    Timestamp,

    /// <summary>An integer of some bits, signed or not.</summary>
    Integer,

    /// <summary>Nulls only.</summary>
    Unknown,

    /// <summary>JSON as text.</summary>
    Json,

    /// <summary>BSON.</summary>
    Bson,

    /// <summary>A UUID, as 16 bytes.</summary>
    Uuid,

    /// <summary>An IEEE 754 half, as 2 bytes.</summary>
    Float16,

    /// <summary>Months, days and milliseconds, as 12 bytes.</summary>
    Interval,

    /// <summary>A value of any type; a group.</summary>
    Variant,

    /// <summary>A shape, as bytes.</summary>
    Geometry,

    /// <summary>A shape on the globe, as bytes.</summary>
    Geography,

    /// <summary>A struct; a group without a meaning of its own.</summary>
    Struct,

    /// <summary>Something that is not known here, or that does not go with what is stored.</summary>
    Other,
}
