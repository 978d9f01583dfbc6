namespace OrleansLake.Grains;

/// <summary>A version of a partition at which its reports can be read, on any number of grains.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.PartitionMoment")]
public sealed record PartitionVersion
{
    /// <summary>Gets the owner's epoch.</summary>
    [Id(0)]
    public required long Epoch { get; init; }

    /// <summary>Gets the owner's newest step.</summary>
    [Id(1)]
    public required long Step { get; init; }

    /// <summary>Gets the offset before which every message is in, and after which none is.</summary>
    [Id(2)]
    public required long Offset { get; init; }

    /// <summary>Gets the lake's generation.</summary>
    [Id(3)]
    public required long Generation { get; init; }

    /// <summary>Gets the counts, in all.</summary>
    [Id(4)]
    public required LedgerDto Ledger { get; init; }

    /// <summary>Gets the latest timestamp that counts, in microseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(5)]
    public long? NewestMicros { get; init; }

    /// <summary>Gets the names of the reports' columns, which partition 0 keeps.</summary>
    [Id(6)]
    public ColumnNameDto[] ColumnNames { get; init; } = [];
}
