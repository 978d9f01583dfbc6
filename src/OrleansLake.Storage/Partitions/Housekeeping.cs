using OrleansLake.Storage.Log;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Snapshots;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Partitions;

/// <summary>
/// Removes what no manifest needs: after a commit, the log's segments and the state files that it replaced and old
/// manifests and epochs; now and then, what earlier owners left unnamed.
/// </summary>
/// <remarks>
/// Only files of our own naming go, and of those only an earlier owner's, or, of the checkpoint, older ones
/// of this owner: what this owner is just writing has its own epoch in its name, and so has whatever a later owner
/// writes while this one does not know of it yet. A bronze file goes only if the log or named files hold all its rows. The highest
/// manifest and the highest epoch always stay (see <see cref="Ownership"/>).
/// </remarks>
internal sealed class Housekeeping(ILakeStore store, PartitionId partition, Epoch epoch, PartitionStoreOptions options)
{
    /// <summary>Files for each of which sweeping costs a request: it is done once for so many, by commits.</summary>
    private const int FilesPerSweep = 1024;

    private int _commitsSinceSweep = int.MaxValue;
    private bool _hasLeftovers;

    /// <summary>
    /// Makes the next run sweep, this owner's temporary files as well: a commit's writing was cut off, and at that run the
    /// commit that replaces it has been made.
    /// </summary>
    public void ExpectLeftovers() => _hasLeftovers = true;

    /// <summary>Runs after a commit (and after opening). Failures leave files that the next run finds.</summary>
    public (int SegmentsDropped, int FilesSwept) Run(Manifest manifest, IReadOnlyDictionary<string, DataFile> files)
    {
        int segments = 0, swept = 0;
        try
        {
            segments = DropSegments(manifest);
            DropStateFiles(manifest);
            DropNumbers(LakePaths.ManifestFolder(partition), "manifest-", ".json", manifest.Number - options.ManifestsKept);
            DropNumbers(LakePaths.EpochFolder(partition), "epoch-", "", epoch.Value);
            if (_hasLeftovers || _commitsSinceSweep >= files.Count / FilesPerSweep)
            {
                swept = Sweep(manifest, files);
                _commitsSinceSweep = 0;
                _hasLeftovers = false;
            }
            else
            {
                _commitsSinceSweep++;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The commit has happened whatever becomes of this; the next one tries again.
        }

        return (segments, swept);
    }

    private int DropSegments(Manifest manifest)
    {
        int dropped = 0;
        long firstOwn = long.MaxValue;
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (LogSegment segment in manifest.Segments)
        {
            named.Add(LakePaths.Segment(partition, segment.Epoch, segment.Number));
            firstOwn = segment.Epoch == epoch ? Math.Min(firstOwn, segment.Number) : firstOwn;
        }

        foreach (FileEntry file in store.List(LakePaths.LogFolder(partition), recursive: false))
        {
            if (LakePaths.TryParseSegment(file.Path, out Epoch owner, out long number) && !named.Contains(file.Path)
                && (owner < epoch || (owner == epoch && number < firstOwn)))
            {
                dropped += store.Delete(file.Path) ? 1 : 0;
            }
        }

        return dropped;
    }

    private void DropStateFiles(Manifest manifest)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (StateRoot root in (StateRoot[])[manifest.Snapshot, manifest.Registry])
        {
            if (root.Base is not null)
            {
                named.Add(root.Base.Path);
            }

            foreach (StateFile change in root.Changes)
            {
                named.Add(change.Path);
            }
        }

        if (manifest.BaseList is not null)
        {
            named.Add(manifest.BaseList.Path);
        }

        foreach (FileEntry file in store.List(LakePaths.StateFolder(partition), recursive: false))
        {
            if (!named.Contains(file.Path) && LakePaths.TryParseState(file.Path, out Epoch owner, out long number)
                && (owner < epoch || (owner == epoch && number <= manifest.Number)))
            {
                store.Delete(file.Path);
            }
        }
    }

    private void DropNumbers(string folder, string prefix, string extension, long below)
    {
        foreach (FileEntry file in store.List(folder, recursive: false))
        {
            bool isOld = LakePaths.TryParseNumber(file.Path, prefix, extension, out long number) && number < below;
            if (isOld || IsLeftover(file.Path))
            {
                store.Delete(file.Path);
            }
        }
    }

    private int Sweep(Manifest manifest, IReadOnlyDictionary<string, DataFile> files)
    {
        int swept = 0;
        foreach (string folder in (string[])[LakePaths.Silver, LakePaths.Quarantine, LakePaths.BronzeData])
        {
            foreach (FileEntry file in DataFolders.List(store, folder))
            {
                if (DataFileName.TryParse(file.Path, out DataFileName name, out bool isTemporary)
                    && name.Partition == partition && (name.Epoch < epoch || (_hasLeftovers && isTemporary && name.Epoch == epoch))
                    && !files.ContainsKey(file.Path)
                    && (isTemporary || folder != LakePaths.BronzeData || IsHeldElsewhere(name, manifest, files)))
                {
                    swept += store.Delete(file.Path) ? 1 : 0;
                }
            }
        }

        foreach (FileEntry file in partition.Value == 0 ? store.List(LakePaths.Gold, recursive: true) : [])
        {
            if (IsLeftover(file.Path))
            {
                swept += store.Delete(file.Path) ? 1 : 0;
            }
        }

        return swept;
    }

    // All rows of a bronze file: in the log, or, since a sweep that failed, in files that the manifest names.
    private static bool IsHeldElsewhere(in DataFileName name, Manifest manifest, IReadOnlyDictionary<string, DataFile> files)
    {
        long rows = Math.Max(0, name.Last - Math.Max(name.First, manifest.Applied.Offset) + 1);
        foreach (DataFile file in files.Values)
        {
            if (file.Kind == DataKind.Bronze)
            {
                rows += Math.Max(0, Math.Min(name.Last, file.LastOffset) - Math.Max(name.First, file.FirstOffset) + 1);
            }
        }

        return rows >= name.Last - name.First + 1;
    }

    private bool IsLeftover(string path) =>
        path.EndsWith(DataFileName.TemporarySuffix, StringComparison.Ordinal)
        && LakePaths.TryParseEpoch(path, out Epoch owner) && owner < epoch;
}
