namespace OrleansLake.Grains;

/// <summary>A moment of a partition at which its reports can be read, on any number of grains.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.PartitionMoment")]
public sealed record PartitionMoment
{
    /// <summary>The owner's epoch.</summary>
    [Id(0)]
    public required long Epoch { get; init; }

    /// <summary>The owner's newest step.</summary>
    [Id(1)]
    public required long Step { get; init; }

    /// <summary>Every message before it is in, and nothing after it.</summary>
    [Id(2)]
    public required long Offset { get; init; }

    /// <summary>The lake's generation.</summary>
    [Id(3)]
    public required long Generation { get; init; }

    /// <summary>The counts, in all.</summary>
    [Id(4)]
    public required LedgerCells Ledger { get; init; }

    /// <summary>The latest timestamp that counts, in microseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(5)]
    public long? NewestMicros { get; init; }

    /// <summary>Gets the names of the reports' columns in Parquet files, which partition 0 keeps.</summary>
    [Id(6)]
    public ColumnNameCell[] ColumnNames { get; init; } = [];
}
