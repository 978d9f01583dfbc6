namespace OrleansLake.Parquet;

/// <summary>What a stored time or timestamp counts.</summary>
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
