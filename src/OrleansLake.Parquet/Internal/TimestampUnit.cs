namespace OrleansLake.Parquet.Internal;

/// <summary>How a stored timestamp counts.</summary>
internal enum TimestampUnit
{
    None,
    Millis,
    Micros,
    Nanos,
    Int96,
}
