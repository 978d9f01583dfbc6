namespace OrleansLake.Grains.Wire;

/// <summary>The change in the rows of a scope between two versions of a partition; or, as a base, all of them.</summary>
/// <param name="Number">The step's number; an owner numbers them from 1 without a gap.</param>
/// <param name="Rows">Rows that changed, whole and as they are after it; of a base, every row.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.ReportStep")]
internal sealed record ReportStep([property: Id(0)] long Number, [property: Id(1)] IReadOnlyList<ReportRowDto> Rows);
