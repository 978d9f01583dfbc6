using OrleansLake.Engine;

namespace OrleansLake.Grains.Wire;

/// <summary>A partition's part of an external bronze file that is not what was ingested.</summary>
/// <param name="Path">Its path from the lake's root.</param>
/// <param name="State">What has happened to it.</param>
/// <param name="Rows">The number of its rows that the partition has.</param>
/// <param name="RenamedTo">Where its bytes are now, if it was renamed; else null.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.ExternalFileCell")]
internal sealed record ExternalFileDto(
    [property: Id(0)] string Path, [property: Id(1)] ExternalFileState State, [property: Id(2)] long Rows, [property: Id(3)] string? RenamedTo);
