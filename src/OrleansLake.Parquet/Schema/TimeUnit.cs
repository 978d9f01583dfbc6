namespace OrleansLake.Parquet;

/// <summary>The units of a stored time or timestamp.</summary>
public enum TimeUnit
{
    /// <summary>It counts nothing.</summary>
    None,

    /// <summary>Milliseconds.</summary>
    Millis,

    /// <summary>Microseconds.</summary>
    Micros,

    /// <summary>Nanoseconds.</summary>
    Nanos,
}
