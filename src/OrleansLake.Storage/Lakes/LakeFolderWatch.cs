using OrleansLake.Core;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Lakes;

/// <summary>
/// Watches whether the folder of a lake that is open still is one: its <c>lake.json</c> says what it said, and the folders that
/// were there are there. A check is a few calls of the file system; nothing is read while nothing has changed. Thread-safe.
/// </summary>
/// <param name="store">The lake's location.</param>
/// <param name="holdsBronze">
/// Whether the lake has bronze files of its own: then their folder is to be there. Asked only where it is not; null: it may be gone.
/// </param>
internal sealed class LakeFolderWatch(LocalStore store, Func<bool>? holdsBronze = null)
{
    // Not gold, which is made again, nor the folder of bronze files where only other programs' files may come and go.
    private static readonly string[] Folders = [LakePaths.Checkpoint, LakePaths.BronzeLog, LakePaths.MessagesData, LakePaths.MessagesCorruptedData];

    // There may be a thousand partitions.
    private const int PartitionsEvery = 5;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _there = new(StringComparer.Ordinal);
    private LakeDescription? _known;
    private string[] _partitionFolders = [];
    private int _looks;
    private bool _isPartitionGone;
    private FileEntry? _seen;

    /// <summary>Looks now.</summary>
    /// <returns>
    /// What is gone or damaged, as the exception that says so with what to do (<see cref="LakeNotFoundException"/>,
    /// <see cref="CorruptDataException"/> or <see cref="LakeRefusedException"/>); null if all is there, or there never was a lake.
    /// </returns>
    public Exception? Look()
    {
        lock (_gate)
        {
            try
            {
                return LookAtDescription() ?? (_known is null ? null : LookAtFolders());
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is not known now; the next read or write there will report it.
                return null;
            }
        }
    }

    private Exception? LookAtDescription()
    {
        FileEntry? file = store.Find(LakePaths.Description);
        if (file is null)
        {
            return _known is null ? null : LakeNotFoundException.Gone(store.Location);
        }

        if (file == _seen)
        {
            return null;
        }

        try
        {
            // What a generation replaces is taken out when that is gone.
            LakeDescription now = LakeDescription.Read(store) with { Replaces = null };
            if (_known is null)
            {
                _known = now;
                _partitionFolders = FoldersOf(now);
            }

            if (now != _known)
            {
                return new CorruptDataException(
                    store.FullPath(LakePaths.Description), -1, "it is of another lake, or was changed while this one is open", "Put the file back as it was.");
            }

            _seen = file;
            return null;
        }
        catch (LakeNotFoundException e)
        {
            return _known is null ? null : e;
        }
        catch (CorruptDataException)
        {
            // What of it cannot be read helps nobody: what it said is known to nobody else.
            return _known is null ? null : new CorruptDataException(store.FullPath(LakePaths.Description), -1, "it does not say any more what the lake is", "Put the file back as it was.");
        }
        catch (LakeRefusedException e)
        {
            return _known is null ? null : e;
        }
    }

    private CorruptDataException? LookAtFolders() =>
        LookAt(Folders) ?? LookAtBronze() ?? (_looks++ % PartitionsEvery == 0 || _isPartitionGone ? LookAtPartitions() : null);

    private CorruptDataException? LookAtBronze() =>
        !Directory.Exists(store.FullPath(LakePaths.BronzeData)) && holdsBronze?.Invoke() == true ? Damage.GoneFolder(store, LakePaths.BronzeData) : null;

    private CorruptDataException? LookAtPartitions()
    {
        CorruptDataException? gone = LookAt(_partitionFolders);
        _isPartitionGone = gone is not null;
        return gone;
    }

    private CorruptDataException? LookAt(string[] folders)
    {
        foreach (string folder in folders)
        {
            if (Directory.Exists(store.FullPath(folder)))
            {
                _there.Add(folder);
            }
            else if (_there.Contains(folder))
            {
                return Damage.GoneFolder(store, folder);
            }
        }

        return null;
    }

    // A loop: a query over ids is compiled at each start.
    private static string[] FoldersOf(LakeDescription lake)
    {
        var folders = new List<string>(3 * lake.PartitionIds.Count);
        for (int i = 0; i < lake.PartitionIds.Count; i++)
        {
            PartitionId id = lake.PartitionIds[i];
            folders.AddRange([LakePaths.EpochFolder(id), LakePaths.ManifestFolder(id), LakePaths.LogFolder(id)]);
        }

        return [.. folders];
    }
}
