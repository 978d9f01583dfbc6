namespace OrleansLake.Storage.Snapshots;

/// <summary>A file of the checkpoint that a manifest names: part of a snapshot, of the registry, or a base list.</summary>
/// <param name="Path">Its path from the lake's root.</param>
/// <param name="Level">0 for a base or for changes of one commit; n for changes that were merged n times.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Crc32C">The CRC32C of all its bytes.</param>
public sealed record StateFile(string Path, int Level, long Length, uint Crc32C);
