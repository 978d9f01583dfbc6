using OrleansLake.Storage.Manifests;

namespace OrleansLake.Storage.Partitions;

/// <summary>A commit that has happened.</summary>
/// <param name="Manifest">Its manifest.</param>
/// <param name="SegmentsDropped">How many segments of the log went.</param>
/// <param name="FilesSwept">The number of removed files that no manifest names.</param>
internal sealed record CommitResult(Manifest Manifest, int SegmentsDropped, int FilesSwept);
