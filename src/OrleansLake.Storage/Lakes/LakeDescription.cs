using System.Buffers;
using OrleansLake.Core.Columns;
using OrleansLake.Core.Messages;
using OrleansLake.Storage.Json;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Lakes;

/// <summary>The description of a lake that is fixed when it is created: the content of <c>lake.json</c>.</summary>
/// <param name="FormatVersion">The version of everything on disk that has no version of its own.</param>
/// <param name="TimeZone">The name of the time zone of dates.</param>
/// <param name="Partitions">The number of partitions that the lake has.</param>
public sealed record LakeDescription(int FormatVersion, string TimeZone, int Partitions)
{
    /// <summary>The newest version that this version reads; it writes it where ids are not numbers of 32 bits.</summary>
    public const int NewestFormatVersion = 5;

    /// <summary>The version of a lake that adds columns of its own.</summary>
    public const int AddingFormatVersion = 4;

    /// <summary>The version of a lake that keeps more of records than the columns of a message.</summary>
    public const int KeepingFormatVersion = 3;

    /// <summary>The version of a lake whose partitions do not begin at 0.</summary>
    public const int RepartitionedFormatVersion = 2;

    /// <summary>The version of a lake that was never repartitioned.</summary>
    public const int FirstFormatVersion = 1;

    /// <summary>Gets the checksum of <c>countries.csv</c>; null in lakes that were made before it was kept.</summary>
    public uint? CountriesCrc32C { get; init; }

    /// <summary>Gets what is kept of records beside the columns of a message.</summary>
    public KeptFields Keep { get; init; }

    /// <summary>Gets the columns that are made of what is kept.</summary>
    public AddedColumns Added { get; init; } = AddedColumns.None;

    /// <summary>Gets the types of the ids of users and countries.</summary>
    public IdTypes Ids { get; init; } = IdTypes.Default;

    /// <summary>Gets the first partition's number in the names of files: each generation of a lake has numbers of its own.</summary>
    public int FirstPartition { get; init; }

    /// <summary>Gets the generation that this one has replaced, while its files may still be there; null when they are gone.</summary>
    public PartitionRange? Replaces { get; init; }

    /// <summary>Gets the lake's partitions.</summary>
    public PartitionRange Range => new(FirstPartition, Partitions);

    /// <summary>Gets the lake's partitions, in their order.</summary>
    public IReadOnlyList<PartitionId> PartitionIds
    {
        get
        {
            var ids = new PartitionId[Partitions];
            for (int i = 0; i < ids.Length; i++)
            {
                ids[i] = new PartitionId(FirstPartition + i);
            }

            return ids;
        }
    }

    /// <summary>Returns the description of the lake once it is repartitioned.</summary>
    public LakeDescription NextGeneration(int partitions) => this with
    {
        FormatVersion = Math.Max(FormatVersion, RepartitionedFormatVersion),
        FirstPartition = FirstPartition + Partitions,
        Partitions = partitions,
        Replaces = Range,
    };

    /// <summary>Returns the description of the lake once more is kept of records.</summary>
    public LakeDescription Keeping(KeptFields fields) => this with { FormatVersion = fields == KeptFields.None ? FormatVersion : Math.Max(FormatVersion, KeepingFormatVersion), Keep = fields };

    /// <summary>Returns the description of the lake once it has other columns of its own.</summary>
    public LakeDescription Adding(AddedColumns columns) => this with { FormatVersion = Math.Max(FormatVersion, AddingFormatVersion), Added = columns };

    /// <summary>Returns the description of a lake that is created with ids of some types.</summary>
    public LakeDescription WithIds(IdTypes ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return this with { FormatVersion = ids.AreDefault ? FormatVersion : NewestFormatVersion, Ids = ids };
    }

    /// <summary>Puts this in the place of what the lake was, atomically. The lake's lock must be held.</summary>
    public void Replace(ILakeStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        using IFileWriter writer = store.CreateTemporary(LakePaths.Temporary(LakePaths.Description));
        writer.Content.Write(Bytes());
        store.Replace(new FileMove(writer.Complete().Path, LakePaths.Description));
    }

    /// <summary>
    /// Creates the lake: whatever else belongs to it is there already, because this file is what makes it one.
    /// </summary>
    /// <exception cref="LakeRefusedException">It is a lake already.</exception>
    public void Create(ILakeStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (!store.TryPublish(LakePaths.Description, Bytes(), LakePaths.Temporary(LakePaths.Description)))
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
            throw new LakeNotFoundException((store as LocalStore)?.WhyGone() ?? $"there is no lake in {store.Location}", e);
        }

        ManifestFiles.ThrowIfNewer(store.Location, bytes, NewestFormatVersion);
        string path = PathIn(store);
        LakeDescription description = StorageJson.Read<LakeDescription>(path, bytes, LakeDescriptionJson.Map);
        if (description.FormatVersion < 1 || description.Partitions < 1
            || description.FirstPartition < 0 || string.IsNullOrEmpty(description.TimeZone))
        {
            throw Damage.At(path, 0, "a field is missing", Damage.RestoreFile);
        }

        return description;
    }

    /// <summary>Returns the types of a lake's ids; null if there is no lake.</summary>
    public static IdTypes? IdsOf(ILakeStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.Find(LakePaths.Description) is null ? null : Read(store).Ids;
    }

    /// <summary>Returns the file's place, in messages.</summary>
    internal static string PathIn(ILakeStore store) => $"{store.Location.TrimEnd('/')}/{LakePaths.Description}";

    private byte[] Bytes()
    {
        var bytes = new ArrayBufferWriter<byte>();
        StorageJson.Write(bytes, this, LakeDescriptionJson.Map, isIndented: true);
        return bytes.WrittenSpan.ToArray();
    }
}
