namespace OrleansLake.Grains;

/// <summary>A partition's answer at one moment.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.PartitionReadout")]
public sealed record PartitionReadout
{
    /// <summary>The lake's generation.</summary>
    [Id(0)]
    public required long Generation { get; init; }

    /// <summary>Every message before it is in, and nothing after it.</summary>
    [Id(1)]
    public required long Offset { get; init; }

    /// <summary>The counts.</summary>
    [Id(2)]
    public required LedgerCells Ledger { get; init; }

    /// <summary>The reports' parts as bytes, in the order in which they were asked for.</summary>
    [Id(3)]
    public required IReadOnlyList<byte[]> Parts { get; init; }
}
