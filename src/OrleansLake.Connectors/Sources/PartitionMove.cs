using OrleansLake.Client;

namespace OrleansLake.Connectors.Sources;

/// <summary>The move of a partition to another offset, between silos.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.PartitionMove")]
internal sealed record PartitionMove([property: Id(0)] string Topic, [property: Id(1)] int Number, [property: Id(2)] long From, [property: Id(3)] long To)
{
    internal static PartitionMove Of(SourceMove move) => new(move.Topic, move.Number, move.From, move.To);

    internal SourceMove ToMove() => new(Topic, Number, From, To);
}
