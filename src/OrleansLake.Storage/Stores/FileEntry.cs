namespace OrleansLake.Storage.Stores;

/// <summary>A file in a listing.</summary>
/// <param name="Path">Its path from the lake's root.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="ModifiedUtcTicks">When it was last changed, in UTC ticks of <see cref="DateTime"/>.</param>
public sealed record FileEntry(string Path, long Length, long ModifiedUtcTicks);
