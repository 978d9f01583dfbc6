using OrleansLake.Core;
using OrleansLake.Core.State;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Registries;
using OrleansLake.Storage.Snapshots;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Partitions;

/// <summary>
/// One partition's durable side, opened for writing: the log, the manifests, the snapshot's files, the registry. Its
/// owner is the one who opened it last; an earlier owner's calls throw <see cref="OwnershipLostException"/>.
/// </summary>
/// <remarks>
/// <see cref="Append(FrameContent)"/> and <see cref="Flush"/> may be called by any threads, beside one thread that commits.
/// </remarks>
internal sealed class PartitionStore : IDisposable
{
    private readonly Ownership _ownership;
    private readonly BronzeLog _log;
    private readonly CommitPreparation _preparation;
    private readonly Housekeeping _housekeeping;
    private readonly List<(LogPosition Start, RegistryRecord Record)> _unpublished;
    private readonly Registry _published;
    private readonly Lock _appendGate = new();
    private readonly Lock _commitGate = new();
    private volatile FileTable _table;
    private volatile Manifest _current;
    private PreparedCommit? _prepared;
    private long _rejected;
    private bool _pendingIsOpen;

    private PartitionStore(ILakeStore store, PartitionStoreOptions options, PartitionOpening opening)
    {
        Store = store;
        _ownership = opening.Ownership;
        _log = opening.Log;
        _current = opening.Manifest;
        _table = opening.Table;
        _published = opening.Published;
        _unpublished = opening.Unpublished;
        _rejected = opening.Table.Ledger.Total.Rejected + opening.UnappliedRejections;
        Registry = opening.Live;
        _preparation = new CommitPreparation(store, Partition, Epoch, options);
        _housekeeping = new Housekeeping(store, Partition, Epoch, options);
    }

    /// <summary>Gets the store of the files.</summary>
    public ILakeStore Store { get; }

    /// <summary>Gets the partition.</summary>
    public PartitionId Partition => _current.Partition;

    /// <summary>Gets this owner.</summary>
    public Epoch Epoch => _ownership.Epoch;

    /// <summary>Gets the newest commit.</summary>
    public Manifest Current => _current;

    /// <summary>Gets the counts as of <see cref="Current"/>.</summary>
    public Ledger Ledger => _table.Ledger;

    /// <summary>Gets every data file of <see cref="Current"/>, by path.</summary>
    public IReadOnlyDictionary<string, DataFile> Files => _table.Files;

    /// <summary>Gets the registry of what was ingested, as of the log's end.</summary>
    public Registry Registry { get; }

    /// <summary>Gets the number of rejected records that were settled (replayed or dismissed) as of <see cref="Current"/>.</summary>
    public long PublishedSettledCount => _published.SettledCount;

    /// <summary>Gets the number of records that were rejected in all, as of the log's end.</summary>
    public long RejectedCount => Volatile.Read(ref _rejected);

    /// <summary>Gets the log's end.</summary>
    public LogPosition End => _log.End;

    /// <summary>Gets the place up to which the log is durable, as far as this owner may acknowledge it.</summary>
    public LogPosition Durable => _log.Acknowledged;

    /// <summary>
    /// Gets the reason why the log is closed (an <see cref="OwnershipLostException"/> if a later owner came, else a failed
    /// fsync); null if it does.
    /// </summary>
    public Exception? Failure => _log.Failure;

    /// <summary>
    /// Gets a value indicating whether the next snapshot must be a base: there is none, or the changes since it have become as large.
    /// </summary>
    public bool NeedsSnapshotBase => StateFiles.NeedsBase(_current.Snapshot);

    /// <summary>
    /// Opens a partition for writing: takes the next epoch, reads the log to its end, makes the part of it durable
    /// that may not be, completes a commit that was cut off, and seals the earlier owner's segments by a manifest.
    /// </summary>
    /// <exception cref="OrleansLake.Core.CorruptDataException">The partition is damaged.</exception>
    /// <exception cref="OwnershipLostException">A later owner came in between.</exception>
    public static PartitionStore Open(ILakeStore store, PartitionId partition, PartitionStoreOptions? options = null)
    {
        options ??= new PartitionStoreOptions();
        options.Validate();
        var opened = new PartitionStore(store, options, PartitionOpening.Run(store, partition, options));
        opened._housekeeping.Run(opened._current, opened.Files);
        return opened;
    }

    /// <summary>
    /// Returns the durable frames that are in the log and not yet in the data files, oldest first, one in memory at a time.
    /// </summary>
    public IEnumerable<LogFrame> ReadUnapplied() => ReadFrames(_current.Applied);

    /// <summary>
    /// Returns the durable frames from a place on, oldest first, one in memory at a time. The log holds those since the newest
    /// commit; of older ones it holds what their segment keeps.
    /// </summary>
    /// <param name="from">Where to start; not before the newest commit.</param>
    public IEnumerable<LogFrame> ReadFrames(LogPosition from)
    {
        Manifest manifest = _current;
        LogPosition durable = Durable;

        // Of this owner's segments the manifest may not name the newest yet.
        Manifest now = manifest with
        {
            Segments = [.. manifest.Segments.Where(static segment => segment.Seal is not null), .. _log.Segments],
        };
        return new LogFrames(Store, now, from, durable);
    }

    /// <summary>Returns the sections of the snapshot: the base's, then those of the changes, in the order of importing.</summary>
    public IEnumerable<byte[]> ReadSnapshot() =>
        StateFiles.Read(Store, _current.Snapshot, StateRole.Snapshot, Partition);

    /// <summary>
    /// Appends a frame: its rows get the next offsets. It is not durable before <see cref="Flush"/>.
    /// </summary>
    /// <exception cref="IOException">There is no space; nothing was appended, and the call may be repeated.</exception>
    /// <exception cref="LogClosedException">The log takes nothing more.</exception>
    public AppendedFrame Append(FrameContent content)
    {
        using EncodedFrame encoded = EncodedFrame.Of(content);
        return Append(content, encoded);
    }

    /// <summary>Appends a frame whose bytes were made beforehand, by whatever threads were free.</summary>
    /// <inheritdoc cref="Append(FrameContent)"/>
    public AppendedFrame Append(FrameContent content, EncodedFrame encoded)
    {
        lock (_appendGate)
        {
            AppendedFrame appended = _log.Append(encoded);
            _rejected += content.Rejections.Count;
            var record = new RegistryRecord(content.SourceProgress, appended.Start.Offset, encoded.RowCount);
            if (record.IsKept)
            {
                Registry.Fold(record.SourceProgress, record.FirstOffset, record.RowCount);
                _unpublished.Add((appended.Start, record));
            }

            return appended;
        }
    }

    /// <summary>
    /// Makes everything durable that was appended before the call, and looks that the ownership still holds: what
    /// comes before the position that it returns may be acknowledged. Callers at the same time share one fsync.
    /// </summary>
    /// <exception cref="LogClosedException">The fsync failed; the partition must be opened again.</exception>
    /// <exception cref="OwnershipLostException">There is a later owner: nothing may be acknowledged.</exception>
    public LogPosition Flush()
    {
        try
        {
            return _log.Flush();
        }
        catch (Exception e) when (e is OwnershipLostException or LakeNotFoundException or CorruptDataException)
        {
            _log.Close(e);
            throw;
        }
    }

    /// <summary>Returns the path of a data file that this owner writes.</summary>
    /// <param name="kind">What it holds.</param>
    /// <param name="date">Silver only: the date (<c>yyyy-MM-dd</c>), or <see cref="LakePaths.DefaultDate"/>.</param>
    /// <param name="first">The first row's offset.</param>
    /// <param name="last">The last row's offset.</param>
    public string DataFilePath(DataKind kind, string? date, long first, long last) =>
        LakePaths.DataFile(kind, date, new DataFileName(Partition, Epoch, first, last));

    /// <summary>Starts a snapshot for the next commit, and for no later one.</summary>
    /// <param name="isBase">All of the state, or the changes since <see cref="Current"/>.</param>
    public SnapshotWriter CreateSnapshot(bool isBase)
    {
        int part = _preparation.NextPart();
        string path = LakePaths.State(Partition, "snapshot", Epoch, _current.Number + 1, part);
        IFileWriter file = Store.CreateTemporary(LakePaths.Temporary(path));
        return new SnapshotWriter(new StateFileWriter(file, StateRole.Snapshot, Partition, Epoch), path, isBase);
    }

    /// <summary>
    /// Publishes: the files get their names, the manifest is created, and then segments and files that are needed no
    /// longer go. When it throws <see cref="IOException"/>, the commit may or may not have happened: call it again
    /// with the same draft.
    /// </summary>
    /// <exception cref="OwnershipLostException">A later owner has made a manifest; nothing of this commit is read.</exception>
    public CommitResult Commit(CommitDraft draft)
    {
        lock (_commitGate)
        {
            if (_prepared is not null && !ReferenceEquals(_prepared.Draft, draft))
            {
                throw new InvalidOperationException("a commit that failed is tried again before anything later");
            }

            return Commit(draft, startsGeneration: false);
        }
    }

    /// <summary>
    /// Starts the lake empty again in one commit: no file, no state, no registry; then deletes all of it, bronze files
    /// external ones included. Offsets, numbers and epochs continue.
    /// </summary>
    public CommitResult StartEmptyGeneration()
    {
        lock (_commitGate)
        {
            if (_prepared is { StartsGeneration: false })
            {
                throw new InvalidOperationException("a commit that failed is tried again before anything later");
            }

            return Commit(_prepared?.Draft ?? EmptyDraft.Of(Store, Partition, Flush(), Files), startsGeneration: true);
        }
    }

    /// <summary>
    /// Deletes files that were written for a commit which is not made. What cannot be deleted now, or was cut off while
    /// it was being written, goes after the next commit.
    /// </summary>
    public void Discard(IEnumerable<NewDataFile> files)
    {
        _housekeeping.ExpectLeftovers();
        try
        {
            foreach (NewDataFile file in files)
            {
                Store.Delete(file.Temporary);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What failed before matters more, and the sweep finds them.
        }
    }

    /// <summary>Closes the log. What was not flushed may be lost.</summary>
    public void Dispose() => _log.Dispose();

    /// <summary>Checks whether there is a later owner: what is read here is old then.</summary>
    /// <exception cref="OwnershipLostException">There is.</exception>
    public void CheckOwnership() => _ownership.Check();

    private CommitResult Commit(CommitDraft draft, bool startsGeneration)
    {
        try
        {
            CompletePending();
            _prepared ??= Prepare(draft, startsGeneration);

            // A check before anything is shown to readers by folder; what decides is the manifest's number.
            CheckOwned();
            CommitPublishing.Publish(Store, _prepared);
            if (_prepared.Manifest.PendingLinks.Count > 0)
            {
                // The manifest names them as they are called now, so they must not get lost before they are linked.
                Store.MakeNamesDurable([.. _prepared.Manifest.PendingLinks.Select(static link => link.Temporary)]);
            }

            if (!ManifestCreation.TryCreate(Store, _prepared.Manifest))
            {
                throw new OwnershipLostException(
                    $"manifest {_prepared.Manifest.Number} of partition {Partition} is another owner's");
            }

            Adopt(_prepared);
            _prepared = null;
            _pendingIsOpen = true;
            CompletePending();
        }
        catch (Exception e) when (e is OwnershipLostException or LakeNotFoundException)
        {
            _log.Close(e);
            throw;
        }

        (int segments, int swept) = _housekeeping.Run(_current, Files);
        return new CommitResult(_current, segments, swept);
    }

    // Damage to the ownership stays. Other damage may be a read that went wrong: the same commit is tried again.
    private void CheckOwned()
    {
        try
        {
            _ownership.Check();
        }
        catch (CorruptDataException e)
        {
            _log.Close(e);
            throw;
        }
    }

    private PreparedCommit Prepare(CommitDraft draft, bool startsGeneration)
    {
        if (Durable < draft.Applied)
        {
            Flush();
        }

        CommitRules.Check(draft, _current, Durable);
        var records = new List<RegistryRecord>();
        lock (_appendGate)
        {
            foreach ((LogPosition start, RegistryRecord record) in _unpublished)
            {
                if (start < draft.Applied)
                {
                    records.Add(record);
                }
            }
        }

        return _preparation.Prepare(
            _current, _table, draft, _log.Segments, Durable, records, _published, startsGeneration);
    }

    private void Adopt(PreparedCommit commit)
    {
        lock (_appendGate)
        {
            int applied = 0;
            while (applied < _unpublished.Count && _unpublished[applied].Start < commit.Draft.Applied)
            {
                RegistryRecord record = _unpublished[applied++].Record;
                _published.Fold(record.SourceProgress, record.FirstOffset, record.RowCount);
            }

            _unpublished.RemoveRange(0, applied);
            if (commit.StartsGeneration)
            {
                _published.Clear();
                Registry.Clear();
                foreach ((_, RegistryRecord record) in _unpublished)
                {
                    Registry.Fold(record.SourceProgress, record.FirstOffset, record.RowCount);
                }
            }
        }

        _table = commit.Table;
        _current = commit.Manifest;
        _log.DropBefore(commit.Draft.Applied);
    }

    private void CompletePending()
    {
        if (_pendingIsOpen)
        {
            ManifestCreation.CompletePending(Store, _current);
            _pendingIsOpen = false;
        }
    }
}
