using System.Diagnostics.CodeAnalysis;

namespace OrleansLake.Parquet;

/// <summary>The physical types of a column's values (the format's <c>Type</c>).</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The format calls its types so.")]
public enum PhysicalType
{
    /// <summary>One bit a value.</summary>
    Boolean = 0,

    /// <summary>4 bytes.</summary>
    Int32 = 1,

    /// <summary>8 bytes.</summary>
    Int64 = 2,

    /// <summary>12 bytes: the nanoseconds of a day and its Julian number. Deprecated, and still what Spark writes.</summary>
    Int96 = 3,

    /// <summary>4 bytes.</summary>
    Float = 4,

    /// <summary>8 bytes.</summary>
    Double = 5,

    /// <summary>Bytes of any length.</summary>
    ByteArray = 6,

    /// <summary>Bytes of one length, which is in the schema.</summary>
    FixedLengthByteArray = 7,
}
