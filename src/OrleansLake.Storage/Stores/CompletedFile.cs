namespace OrleansLake.Storage.Stores;

/// <summary>A file that was written completely.</summary>
/// <param name="Path">The path that it was written to.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Crc32C">The CRC32C of all its bytes.</param>
public readonly record struct CompletedFile(string Path, long Length, uint Crc32C);
