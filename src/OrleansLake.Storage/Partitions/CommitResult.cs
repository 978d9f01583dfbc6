namespace OrleansLake.Storage;

/// <summary>A commit that has happened.</summary>
/// <param name="Manifest">Its manifest.</param>
/// <param name="SegmentsDropped">How many segments of the log went.</param>
/// <param name="FilesSwept">How many files that no manifest names were removed.</param>
public sealed record CommitResult(Manifest Manifest, int SegmentsDropped, int FilesSwept);
