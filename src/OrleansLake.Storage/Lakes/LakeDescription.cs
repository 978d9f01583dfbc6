using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansLake.Storage;

/// <summary>What is fixed when a lake is made: the content of <c>lake.json</c>.</summary>
/// <param name="FormatVersion">The version of everything on disk that has no version of its own.</param>
/// <param name="TimeZone">The name of the time zone that dates are taken in.</param>
/// <param name="Partitions">How many partitions the lake has.</param>
public sealed record LakeDescription(int FormatVersion, string TimeZone, int Partitions)
{
    /// <summary>The version that this version writes, and the newest that it reads.</summary>
    public const int NewestFormatVersion = 1;

    /// <summary>The checksum of <c>countries.csv</c>; null in lakes that were made before it was kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public uint? CountriesCrc32C { get; init; }

    /// <summary>
    /// Makes the lake: whatever else belongs to it is there already, because this file is what makes it one.
    /// </summary>
    /// <exception cref="LakeRefusedException">It is a lake already.</exception>
    public void Create(ILakeStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(this, StorageJson.Indented.LakeDescription);
        if (!store.TryPublish(LakePaths.Description, [.. bytes, (byte)'\n'], LakePaths.Temporary(LakePaths.Description)))
        {
            throw new LakeRefusedException($"{store.Location} is a lake already");
        }
    }

    /// <summary>Reads a lake's description.</summary>
    /// <exception cref="LakeNotFoundException">There is no lake.</exception>
    /// <exception cref="LakeRefusedException">A newer version made it.</exception>
    /// <exception cref="OrleansLake.Core.CorruptDataException">It cannot be read.</exception>
    public static LakeDescription Read(ILakeStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        byte[] bytes;
        try
        {
            bytes = store.ReadAll(LakePaths.Description);
        }
        catch (FileNotFoundException e)
        {
            throw new LakeNotFoundException($"there is no lake in {store.Location}", e);
        }

        ManifestFiles.ThrowIfNewer(store.Location, bytes, NewestFormatVersion);
        LakeDescription? description;
        try
        {
            description = JsonSerializer.Deserialize(bytes, StorageJson.Default.LakeDescription);
        }
        catch (JsonException e)
        {
            throw Damage.At(LakePaths.Description, 0, e.Message, Damage.RestoreFile);
        }

        if (description is null || description.FormatVersion < 1 || description.Partitions < 1
            || string.IsNullOrEmpty(description.TimeZone))
        {
            throw Damage.At(LakePaths.Description, 0, "a field is missing", Damage.RestoreFile);
        }

        return description;
    }
}
