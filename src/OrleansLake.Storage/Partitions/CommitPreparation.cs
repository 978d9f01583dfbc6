using OrleansLake.Storage.Log;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Registries;
using OrleansLake.Storage.Snapshots;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Partitions;

/// <summary>Writes what belongs to a commit besides the engine's files, and puts its manifest together.</summary>
internal sealed class CommitPreparation(
    ILakeStore store, PartitionId partition, Epoch epoch, PartitionStoreOptions options)
{
    private readonly List<FileMove> _moves = [];
    private readonly List<CompletedFile> _expected = [];
    private int _parts;

    /// <summary>Distinguishes the state files of one manifest number.</summary>
    public int NextPart() => ++_parts;

    /// <param name="current">The manifest before.</param>
    /// <param name="table">The files before.</param>
    /// <param name="draft">What is to be published.</param>
    /// <param name="segments">This owner's segments of the log.</param>
    /// <param name="durable">Up to where the log is durable.</param>
    /// <param name="records">The registry's steps between the two manifests.</param>
    /// <param name="published">The registry as of the manifest before.</param>
    /// <param name="startsGeneration">Whether the lake starts empty again.</param>
    public PreparedCommit Prepare(
        Manifest current,
        FileTable table,
        CommitDraft draft,
        IReadOnlyList<LogSegment> segments,
        LogPosition durable,
        List<RegistryRecord> records,
        Registry published,
        bool startsGeneration)
    {
        _moves.Clear();
        _expected.Clear();
        long number = current.Number + 1;
        foreach (NewDataFile file in draft.Files)
        {
            Publish(file.Temporary, new CompletedFile(file.File.Path, file.File.Length, file.File.Crc32C));
        }

        FileTable next = startsGeneration
            ? FileTable.Empty
            : WithBaseList(
                table.With([.. Files(draft.Files), .. Files(draft.LinkedFiles)], draft.Removed, draft.Ledger), number);
        var manifest = new Manifest
        {
            Partition = partition,
            Number = number,
            Epoch = epoch,
            Generation = current.Generation + (startsGeneration ? 1 : 0),
            Applied = draft.Applied,
            Durable = durable,
            Segments = SegmentsAfter(current.Segments, segments, draft.Applied),
            BaseList = next.BaseFile,
            Added = next.Added,
            Removed = next.Removed,
            Total = draft.Ledger.Total,
            Days = next.ChangedDays(),
            Snapshot = startsGeneration ? StateRoot.Empty : SnapshotAfter(current.Snapshot, draft.Snapshot, number),
            Registry = startsGeneration ? StateRoot.Empty : RegistryAfter(current.Registry, records, published, number),
            Columns = startsGeneration ? [] : draft.Columns ?? current.Columns,
            PendingLinks = [.. draft.LinkedFiles.Select(static file => new FileMove(file.Temporary, file.File.Path))],
            PendingRemovals = [.. draft.Removed, .. draft.RemovedExternal],
        };
        return new PreparedCommit(draft, manifest, next, [.. _moves], [.. _expected], startsGeneration);
    }

    private static IEnumerable<DataFile> Files(IReadOnlyList<NewDataFile> files) =>
        files.Select(static file => file.File);

    /// <summary>Returns the sealed segments of earlier owners that still hold frames to read, and this owner's.</summary>
    private static List<LogSegment> SegmentsAfter(
        IReadOnlyList<LogSegment> before, IReadOnlyList<LogSegment> own, LogPosition applied)
    {
        var after = new List<LogSegment>();
        foreach (LogSegment segment in before)
        {
            if (segment.Seal > applied)
            {
                after.Add(segment);
            }
        }

        for (int i = 0; i < own.Count; i++)
        {
            if (i == own.Count - 1 || own[i + 1].Start > applied)
            {
                after.Add(own[i]);
            }
        }

        return after;
    }

    private FileTable WithBaseList(FileTable table, long number)
    {
        if (!table.NeedsBaseList(options.BaseListChangesMin))
        {
            return table;
        }

        BaseList list = table.ToBaseList();
        string path = LakePaths.State(partition, "files", epoch, number, NextPart());
        using IFileWriter writer = store.CreateTemporary(LakePaths.Temporary(path));
        writer.Content.Write(ManifestFiles.Serialize(list));
        return table.Rebase(Publish(path, 0, writer.Complete()), list);
    }

    private StateRoot SnapshotAfter(StateRoot root, SnapshotDraft? draft, long number)
    {
        if (draft is null)
        {
            return root;
        }

        Publish(draft.Temporary, new CompletedFile(draft.File.Path, draft.File.Length, draft.File.Crc32C));
        return StateFiles.With(
            draft.IsBase ? root : Merged(root, StateRole.Snapshot, "snapshot", number), draft.File, draft.IsBase);
    }

    private StateRoot RegistryAfter(
        StateRoot root, List<RegistryRecord> records, Registry published, long number)
    {
        if (records.Count == 0)
        {
            return root;
        }

        bool isBase = StateFiles.NeedsBase(root);
        List<RegistryRecord> written = RegistryFiles.Shorten(isBase ? [.. published.Export(), .. records] : records);
        string path = LakePaths.State(partition, "registry", epoch, number, NextPart());
        CompletedFile file = RegistryFiles.Write(store, written, partition, epoch, LakePaths.Temporary(path));
        return StateFiles.With(
            isBase ? root : Merged(root, StateRole.Registry, "registry", number), Publish(path, 0, file), isBase);
    }

    private StateRoot Merged(StateRoot root, StateRole role, string name, long number)
    {
        (int Start, int Count) run = StateFiles.RunToMerge(root, options.MergeFanIn);
        if (run.Count == 0)
        {
            return root;
        }

        string path = LakePaths.State(partition, name, epoch, number, NextPart());
        CompletedFile file = StateFiles.Merge(store, root, run, role, partition, epoch, LakePaths.Temporary(path));
        return StateFiles.Merged(root, run, Publish(path, root.Changes[run.Start].Level + 1, file));
    }

    private StateFile Publish(string path, int level, CompletedFile file)
    {
        Publish(file.Path, file with { Path = path });
        return new StateFile(path, level, file.Length, file.Crc32C);
    }

    private void Publish(string temporary, CompletedFile expected)
    {
        _moves.Add(new FileMove(temporary, expected.Path));
        _expected.Add(expected);
    }
}
