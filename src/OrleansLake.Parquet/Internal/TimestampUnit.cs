namespace OrleansLake.Parquet.Internal;

/// <summary>The units of a stored timestamp.</summary>
internal enum TimestampUnit
{
    None,
    Millis,
    Micros,
    Nanos,
    Int96,
}
