using System.Text.Json;
using OrleansLake.Storage.Checksums;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Manifests;

/// <summary>Reads and lists a partition's manifests.</summary>
internal static class ManifestFiles
{
    public static byte[] Serialize(Manifest manifest) => SealedJson.Write(manifest, ManifestJson.Map, isIndented: true);

    public static byte[] Serialize(BaseList list) => SealedJson.Write(list, BaseListJson.Map, isIndented: false);

    /// <summary>Returns the highest number there is; 0 if there is none.</summary>
    public static long HighestNumber(ILakeStore store, PartitionId partition)
    {
        long highest = 0;
        foreach (FileEntry file in store.List(LakePaths.ManifestFolder(partition), recursive: false))
        {
            if (LakePaths.TryParseNumber(file.Path, "manifest-", ".json", out long number))
            {
                highest = Math.Max(highest, number);
            }
        }

        return highest;
    }

    /// <summary>Returns whether no later manifest than this has been made.</summary>
    public static bool IsNewest(ILakeStore store, Manifest manifest) => HighestNumber(store, manifest.Partition) == manifest.Number;

    /// <summary>Reads the newest manifest; null if there is none.</summary>
    public static Manifest? ReadNewest(ILakeStore store, PartitionId partition)
    {
        while (true)
        {
            long number = HighestNumber(store, partition);
            if (number == 0)
            {
                return null;
            }

            string path = LakePaths.Manifest(partition, number);
            byte[] bytes;
            try
            {
                bytes = store.ReadAll(path);
            }
            catch (FileNotFoundException) when (HighestNumber(store, partition) != number)
            {
                continue;
            }

            return Deserialize(path, bytes, partition, number);
        }
    }

    /// <exception cref="OrleansLake.Core.CorruptDataException">It is not a manifest of this number.</exception>
    /// <exception cref="LakeRefusedException">A newer version wrote it.</exception>
    public static Manifest Deserialize(string path, ReadOnlySpan<byte> bytes, PartitionId partition, long number)
    {
        ThrowIfNewer(path, bytes, Manifest.NewestFormatVersion);
        Manifest manifest = SealedJson.Read<Manifest>(path, bytes, ManifestJson.Map);
        if (manifest.Number != number || manifest.Partition != partition || !manifest.Total.IsClosed)
        {
            throw Damage.At(path, 0, "it does not agree with its name, or its counts do not add up", Damage.RestoreFile);
        }

        return manifest;
    }

    /// <summary>Reads the list that a manifest's changes refer to.</summary>
    /// <exception cref="FileNotFoundException">It is not there: a newer manifest may have taken its place.</exception>
    public static BaseList ReadBaseList(ILakeStore store, Manifest manifest)
    {
        if (manifest.BaseList is not { } file)
        {
            return BaseList.Empty;
        }

        byte[] bytes = store.ReadAll(file.Path);
        if (bytes.LongLength != file.Length || Crc32C.Of(bytes) != file.Crc32C)
        {
            throw Damage.At(file.Path, 0, "its checksum is not the one in the manifest", Damage.RestoreFile);
        }

        ThrowIfNewer(file.Path, bytes, Manifest.FirstFormatVersion);
        return SealedJson.Read<BaseList>(file.Path, bytes, BaseListJson.Map);
    }

    /// <summary>Throws if the format is newer, which may have other fields: its version is looked for before anything else is understood.</summary>
    public static void ThrowIfNewer(string path, ReadOnlySpan<byte> bytes, int newest)
    {
        int version = 0;
        try
        {
            var reader = new Utf8JsonReader(bytes);
            while (reader.Read() && reader.CurrentDepth <= 1 && version == 0)
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("formatVersion"u8)
                    && reader.Read() && reader.TokenType == JsonTokenType.Number)
                {
                    _ = reader.TryGetInt32(out version);
                }
            }
        }
        catch (JsonException)
        {
            return;
        }

        if (version > newest)
        {
            throw new LakeRefusedException(
                $"{path} has format version {version}; this version reads up to {newest}: use a newer one");
        }
    }
}
