namespace OrleansLake.Grains.Wire;

/// <summary>A partition's answer at one version.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.PartitionReadout")]
internal sealed record PartitionResponse
{
    /// <summary>Gets the lake's generation.</summary>
    [Id(0)]
    public required long Generation { get; init; }

    /// <summary>Gets the offset before which every message is in, and after which none is.</summary>
    [Id(1)]
    public required long Offset { get; init; }

    /// <summary>Gets the counts.</summary>
    [Id(2)]
    public required LedgerDto Ledger { get; init; }

    /// <summary>Gets the reports' parts as bytes, in the order in which they were asked for.</summary>
    [Id(3)]
    public required IReadOnlyList<byte[]> Parts { get; init; }
}
