namespace OrleansLake.Storage.Manifests;

/// <summary>A data file that the lake consists of.</summary>
/// <param name="Path">Its path from the lake's root.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Rows">The number of its rows.</param>
/// <param name="FirstOffset">The least offset in it (for quarantine: the first frame's sequence number).</param>
/// <param name="LastOffset">The greatest offset in it.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Crc32C">The CRC32C of all its bytes.</param>
public sealed record DataFile(
    string Path, DataKind Kind, long Rows, long FirstOffset, long LastOffset, long Length, uint Crc32C);
