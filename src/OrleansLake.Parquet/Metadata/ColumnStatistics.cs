namespace OrleansLake.Parquet;

/// <summary>The statistics of a column chunk. Bounds are in PLAIN encoding, without a length.</summary>
public sealed record ColumnStatistics
{
    /// <summary>Gets a value that none is below, or null if it is not known.</summary>
    public ReadOnlyMemory<byte>? Min { get; init; }

    /// <summary>Gets a value that none is above, or null if it is not known.</summary>
    public ReadOnlyMemory<byte>? Max { get; init; }

    /// <summary>Gets a value indicating whether <see cref="Min"/> is a value of the column; null if that is not known.</summary>
    public bool? IsMinExact { get; init; }

    /// <summary>Gets a value indicating whether <see cref="Max"/> is a value of the column; null if that is not known.</summary>
    public bool? IsMaxExact { get; init; }

    /// <summary>Gets the number of rows that are null, if it is known.</summary>
    public long? NullCount { get; init; }

    /// <summary>Gets the number of distinct values, if it is known.</summary>
    public long? DistinctCount { get; init; }
}
