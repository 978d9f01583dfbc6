namespace OrleansLake.Grains.Wire;

/// <summary>Reports at one version.</summary>
/// <param name="Moment">The version.</param>
/// <param name="Reports">The reports, in the order in which they were asked for.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.LakeReadout")]
internal sealed record LakeResponse([property: Id(0)] LakeVersion Moment, [property: Id(1)] IReadOnlyList<ReportResponse> Reports);
