using OrleansLake.Core;
using OrleansLake.Storage.External;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Partitions;

/// <summary>
/// Distinguishes a partition that has never been opened from one whose manifests are gone. All that is a partition's own, except for
/// its epochs and an empty first segment, is written after its first manifest; so where there is no manifest, none of it may be.
/// </summary>
internal static class LostManifests
{
    /// <summary>Searches for what only a partition with manifests has; called where none was found.</summary>
    /// <returns>Null if there is none, or a manifest was made meanwhile.</returns>
    internal static CorruptDataException? Find(ILakeStore store, PartitionId partition) =>
        Trace(store, partition) is { } trace && ManifestFiles.HighestNumber(store, partition) == 0
            ? Damage.At(LakePaths.ManifestFolder(partition), 0, $"no manifest is there, but {trace}", Damage.RestoreLake)
            : null;

    /// <summary>Returns the same for readers: a partition that the lake has no longer, or not yet, loses its files one by one.</summary>
    internal static CorruptDataException? FindInLake(ILakeStore store, PartitionId partition) =>
        Find(store, partition) is { } damage
            && (store.Find(LakePaths.Description) is null || LakeDescription.Read(store).Range.Contains(partition)) ? damage : null;

    private static string? Trace(ILakeStore store, PartitionId partition)
    {
        foreach (FileEntry file in store.List(LakePaths.LogFolder(partition), recursive: false))
        {
            if (LakePaths.TryParseSegment(file.Path, out Epoch epoch, out long number) && HasFrames(store, partition, file.Path, epoch, number))
            {
                return $"{file.Path} holds messages";
            }
        }

        IReadOnlyList<FileEntry> state = store.List(LakePaths.StateFolder(partition), recursive: false);
        return state.Count > 0 ? $"{state[0].Path} is"
            : new[] { LakePaths.BronzeData, LakePaths.Silver, LakePaths.Quarantine }.SelectMany(folder => store.ListWanted(folder, path => IsOf(path, partition)))
                .FirstOrDefault() is { } data ? $"{data.Path} is"
            : LoneGold(store) is { } gold ? $"{gold} is"
            : null;
    }

    // Gold is of all partitions, so it says nothing of one unless none of them has a manifest. Where other programs have files
    // in bronze, it may be what `lake replay` is to rebuild from them.
    private static string? LoneGold(ILakeStore store) =>
        LakeFolder.GoldFiles(store).FirstOrDefault() is { } gold
            && !store.List(LakePaths.Checkpoint, recursive: true).Any(static file => LakePaths.TryParseNumber(file.Path, "manifest-", ".json", out _))
            && !store.ListWanted(LakePaths.BronzeData, ExternalFileRegistry.IsExternal).Any() ? gold : null;

    // One that goes while it is read is another owner's, which has made a manifest by then.
    private static bool HasFrames(ILakeStore store, PartitionId partition, string path, Epoch epoch, long number)
    {
        try
        {
            using var cursor = new SegmentCursor(store.OpenRead(path), partition, epoch, number);
            return cursor.ReadHeader() is { } header && cursor.TryRead(header.Start, header.Start, out _, out _);
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private static bool IsOf(string path, PartitionId partition) =>
        DataFileName.TryParse(path, out DataFileName name, out bool isTemporary) && !isTemporary && name.Partition == partition;
}
