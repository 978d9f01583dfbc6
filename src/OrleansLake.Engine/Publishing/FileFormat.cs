using System.Globalization;
using System.Text;
using OrleansLake.Parquet;
using OrleansLake.Storage.Checksums;

namespace OrleansLake.Engine.Publishing;

/// <summary>
/// The version of our own Parquet files, in their key-value metadata: gold and quarantine, which we read back by more
/// than the names of their columns. Files of earlier versions have none and are read as version 1.
/// </summary>
/// <remarks>
/// Parquet has no checksum over its footer, where the metadata are, so they have one of their own. It stays as it is
/// in every version: only so can a newer one be distinguished from damage.
/// </remarks>
internal static class FileFormat
{
    /// <summary>The version that this version writes, and the newest that it reads.</summary>
    internal const int Newest = 1;

    internal const string VersionKey = "orleanslake.format";
    internal const string ColumnsKey = "orleanslake.columns";
    internal const string ManifestKey = "orleanslake.manifest";
    internal const string PositionKey = "orleanslake.position";
    internal const string StateKey = "orleanslake.state";

    private const string ChecksumKey = "orleanslake.crc32c";

    /// <summary>Adds the version, and then the checksum, for which everything else of ours must be there.</summary>
    internal static Dictionary<string, string> Seal(Dictionary<string, string> metadata, int version = Newest)
    {
        metadata[VersionKey] = version.ToString(CultureInfo.InvariantCulture);
        metadata[ChecksumKey] = ChecksumOf(metadata);
        return metadata;
    }

    /// <summary>Returns whether the file's metadata say that we wrote it.</summary>
    internal static bool IsOurs(ParquetReader reader) =>
        reader.Metadata.KeyValueMetadata.ContainsKey(ColumnsKey) || reader.Metadata.KeyValueMetadata.ContainsKey(ChecksumKey);

    /// <summary>Returns what the metadata say; nothing if they are damaged.</summary>
    /// <exception cref="LakeRefusedException">A newer version wrote the file.</exception>
    internal static string? Text(ParquetReader reader, string key)
    {
        IReadOnlyDictionary<string, string> metadata = reader.Metadata.KeyValueMetadata;
        if (metadata.GetValueOrDefault(ChecksumKey) != ChecksumOf(metadata))
        {
            return null;
        }

        if (metadata.TryGetValue(VersionKey, out string? text)
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int version) && version <= Newest))
        {
            throw new LakeRefusedException($"{reader.Name} has format version {text}; this version reads up to {Newest}: use a newer one");
        }

        return metadata.GetValueOrDefault(key);
    }

    /// <summary>Refuses what a newer version wrote.</summary>
    /// <exception cref="LakeRefusedException">A newer version wrote the file.</exception>
    internal static void ThrowIfNewer(ParquetReader reader) => Text(reader, VersionKey);

    private static string ChecksumOf(IReadOnlyDictionary<string, string> metadata)
    {
        string text = string.Join(
            '\n', ((string[])[ColumnsKey, ManifestKey, PositionKey, StateKey]).Select(metadata.GetValueOrDefault));
        if (metadata.TryGetValue(VersionKey, out string? version))
        {
            text += '\n' + version;
        }

        return Crc32C.Append(0, Encoding.UTF8.GetBytes(text)).ToString("x8", CultureInfo.InvariantCulture);
    }
}
