namespace OrleansLake.Parquet.Metadata;

/// <summary>The units of a stored timestamp.</summary>
internal enum TimestampUnit
{
    None,
    Millis,
    Micros,
    Nanos,
    Int96,
}
