using OrleansLake.Core;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Registries;
using OrleansLake.Storage.Snapshots;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Partitions;

/// <summary>
/// Reads all of a partition's checkpoint and log, while others write to it and without a lock, and collects what is
/// damaged instead of stopping at it: manifests, the base list, snapshot and registry (whole files and every section),
/// and every frame of the log's segments.
/// </summary>
internal sealed class PartitionAudit
{
    private readonly ILakeStore _store;
    private readonly PartitionId _partition;
    private readonly List<CorruptDataException> _damage = [];
    private readonly List<string> _leftovers = [];
    private readonly List<ExternalFileEntry> _inTheMiddle = [];

    private PartitionAudit(ILakeStore store, PartitionId partition)
    {
        _store = store;
        _partition = partition;
    }

    /// <summary>Gets the newest commit; null if there is none, or it cannot be read.</summary>
    public ManifestView? View { get; private set; }

    /// <summary>Gets the registry as of the commit; null if it cannot be read.</summary>
    public Registry? Registry { get; private set; }

    /// <summary>Gets a value indicating whether the snapshot was handed over whole.</summary>
    public bool HasSnapshot { get; private set; }

    /// <summary>Gets the damage.</summary>
    public IReadOnlyList<CorruptDataException> Damage => _damage;

    /// <summary>Gets the files that an earlier owner left and a later commit removes.</summary>
    public IReadOnlyList<string> Leftovers => _leftovers;

    /// <summary>Gets the external bronze files in the middle of which the commit came: the registry does not know them yet.</summary>
    public IReadOnlyList<ExternalFileEntry> InTheMiddle => _inTheMiddle;

    /// <summary>Gets the number of frames of the log that were read, and of their bytes.</summary>
    public (long Count, long Bytes) Frames { get; private set; }

    /// <summary>Audits a partition.</summary>
    /// <param name="store">Its location.</param>
    /// <param name="partition">Its id.</param>
    /// <param name="import">Gets the sections of the snapshot, in the order of importing.</param>
    /// <returns>Null if a commit overtook it: start again.</returns>
    /// <exception cref="LakeRefusedException">A newer version wrote something of it.</exception>
    public static PartitionAudit? Run(ILakeStore store, PartitionId partition, Action<byte[]> import)
    {
        var audit = new PartitionAudit(store, partition);
        Manifest? manifest = audit.ReadManifests();
        if (manifest is null)
        {
            return audit;
        }

        audit.ReadState(manifest, import);
        audit.ReadLog(manifest);
        audit.CheckEpochs(manifest);
        audit.FindLeftovers(manifest);

        // A later commit removes what only this one names.
        return audit._damage.Count > 0 && !PartitionReader.IsNewest(store, manifest) ? null : audit;
    }

    private Manifest? ReadManifests()
    {
        long highest = ManifestFiles.HighestNumber(_store, _partition);
        Manifest? newest = null;
        foreach (FileEntry file in _store.List(LakePaths.ManifestFolder(_partition), recursive: false).OrderBy(static file => file.Path, StringComparer.Ordinal))
        {
            if (!LakePaths.TryParseNumber(file.Path, "manifest-", ".json", out long number))
            {
                continue;
            }

            Guard(file.Path, number == highest, () =>
            {
                Manifest manifest = ManifestFiles.Deserialize(file.Path, _store.ReadAll(file.Path), _partition, number);
                newest = number == highest ? manifest : newest;
            });
        }

        if (highest == 0 && LostManifests.FindInLake(_store, _partition) is { } lost)
        {
            _damage.Add(lost);
        }

        return newest;
    }

    private void ReadState(Manifest manifest, Action<byte[]> import)
    {
        Guard(LakePaths.StateFolder(_partition), true, () =>
        {
            FileTable table = FileTable.Of(_store, manifest);
            View = new ManifestView(manifest, table.Files, table.Ledger);
        });
        bool isRegistryWhole = Files(manifest.Registry).Aggregate(true, (whole, file) => CheckWhole(file) && whole);
        bool isSnapshotWhole = Files(manifest.Snapshot).Aggregate(true, (whole, file) => CheckWhole(file) && whole);
        if (isRegistryWhole)
        {
            Guard(LakePaths.StateFolder(_partition), true, () => Registry = RegistryFiles.Read(_store, manifest));
        }

        if (isSnapshotWhole)
        {
            Guard(LakePaths.StateFolder(_partition), true, () =>
            {
                foreach (byte[] section in StateFiles.Read(_store, manifest.Snapshot, StateRole.Snapshot, _partition))
                {
                    import(section);
                }

                HasSnapshot = true;
            });
        }
    }

    private static IEnumerable<StateFile> Files(StateRoot root) => root.Base is null ? root.Changes : root.Changes.Prepend(root.Base);

    private bool CheckWhole(StateFile file)
    {
        bool isWhole = false;
        Guard(file.Path, true, () =>
        {
            CompletedFile found = _store.Checksum(file.Path);
            isWhole = found.Length == file.Length && found.Crc32C == file.Crc32C
                ? true
                : throw Storage.Stores.Damage.At(file.Path, Math.Min(found.Length, file.Length), $"its {found.Length} bytes are not the {file.Length} that were written", Storage.Stores.Damage.RestoreFile);
        });
        return isWhole;
    }

    private void ReadLog(Manifest manifest) => Guard(LakePaths.LogFolder(_partition), true, () =>
    {
        LogPosition from = manifest.Segments.Count > 0 ? manifest.Segments[0].Start : manifest.Applied;
        new LogScan(_store, manifest, isLive: true, isThorough: true).Read(
            from,
            (in FrameHeader header, ReadOnlyMemory<byte> payload, string path, long position, LogPosition _) =>
            {
                LogFrame frame = LogFrames.Decode(header, payload.Span, path, position);
                Frames = (Frames.Count + 1, Frames.Bytes + header.Stride);
                if (frame.Start.Sequence == manifest.Applied.Sequence && frame.FirstOffset < manifest.Applied.Offset
                    && frame.SourceProgress is SourceProgress.ExternalBronzeFile { Refused: null } external)
                {
                    _inTheMiddle.Add(new ExternalFileEntry(external, frame.FirstOffset));
                }
            });
    });

    private void CheckEpochs(Manifest manifest)
    {
        bool isThere = _store.List(LakePaths.EpochFolder(_partition), recursive: false)
            .Any(file => LakePaths.TryParseNumber(file.Path, "epoch-", "", out long epoch) && epoch >= manifest.Epoch.Value);
        if (!isThere)
        {
            _damage.Add(Storage.Stores.Damage.At(
                LakePaths.EpochFile(_partition, manifest.Epoch), 0, "it is missing, so a stalled owner would consider itself the newest", "Open the lake once (`lake run --until-caught-up`): that makes a newer one."));
        }
    }

    private void FindLeftovers(Manifest manifest)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        named.UnionWith(manifest.Segments.Select(segment => LakePaths.Segment(_partition, segment.Epoch, segment.Number)));
        named.UnionWith(Files(manifest.Snapshot).Concat(Files(manifest.Registry)).Select(static file => file.Path));
        if (manifest.BaseList is { } list)
        {
            named.Add(list.Path);
        }

        foreach (FileEntry file in _store.List(LakePaths.LogFolder(_partition), recursive: false)
            .Concat(_store.List(LakePaths.StateFolder(_partition), recursive: false)))
        {
            if (!named.Contains(file.Path) && LakePaths.TryParseEpoch(file.Path, out Epoch epoch) && epoch < manifest.Epoch)
            {
                _leftovers.Add(file.Path);
            }
        }
    }

    // What is missing is damage only if it is needed; an older manifest may be collected at any time.
    private void Guard(string path, bool isNeeded, Action read)
    {
        try
        {
            read();
        }
        catch (CorruptDataException e)
        {
            _damage.Add(e);
        }
        catch (FileNotFoundException e)
        {
            if (isNeeded)
            {
                _damage.Add(Storage.Stores.Damage.At(Missing(e, path), 0, "it is missing, and the newest manifest needs it", Storage.Stores.Damage.RestoreLake));
            }
        }
    }

    private static string Missing(FileNotFoundException e, string otherwise) => string.IsNullOrEmpty(e.FileName) ? otherwise : e.FileName;
}
