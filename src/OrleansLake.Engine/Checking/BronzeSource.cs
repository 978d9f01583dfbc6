using OrleansLake.Engine.Reading;

namespace OrleansLake.Engine.Checking;

/// <summary>A file of bronze, ours or another program's.</summary>
/// <param name="Path">Its path from the lake's root.</param>
/// <param name="FirstOffset">Its first row's offset.</param>
/// <param name="Rows">The number of its rows that count.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Crc32C">The CRC32C of all its bytes.</param>
/// <param name="Share">Which of its rows are the partition's.</param>
internal sealed record BronzeSource(string Path, long FirstOffset, long Rows, long Length, uint Crc32C, PartitionSlice Share)
{
    /// <summary>Gets the external file; null if it is ours.</summary>
    internal ExternalFileEntry? Entry { get; init; }

    /// <summary>Gets a value indicating whether all of its rows count.</summary>
    internal bool IsWhole { get; init; } = true;
}
