using OrleansLake.Core.State;

namespace OrleansLake.Grains.Wire;

/// <summary>The counts of the whole lake at a position.</summary>
/// <param name="Position">What they are true as of.</param>
/// <param name="Partitions">By partition.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.LedgerReadout")]
internal sealed record LedgerResponse([property: Id(0)] LakeOffsets Position, [property: Id(1)] IReadOnlyList<LedgerDto> Partitions)
{
    /// <summary>Returns the counts.</summary>
    public Ledger ToLedger() => Ledger.Sum(Partitions.Select(cells => cells.ToLedger()));
}
