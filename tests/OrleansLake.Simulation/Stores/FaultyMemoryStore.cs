using OrleansLake.Storage;
using OrleansLake.Storage.Checksums;
using OrleansLake.Storage.External;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Simulation.Stores;

/// <summary>
/// A folder in memory that behaves as a local one does at its worst: bytes are durable after a sync of their file and
/// names after a sync of their folder, a process stops at any change, an operation fails or its answer is lost. What
/// happens follows from the calls, the plan and the seed alone.
/// </summary>
/// <remarks>
/// It assumes what SQLite calls powersafe overwrite: what was durable is not harmed by a later write beside it. Not
/// thread-safe, unless it is <see cref="IsShared"/>: the engine runs on one thread, but for senders, which flush on threads of their own.
/// </remarks>
public sealed class FaultyMemoryStore(int seed) : ILakeStore
{
    private readonly MemoryNames _names = new();
    private readonly Dictionary<string, MemoryLock> _locks = new(StringComparer.Ordinal);
    private readonly List<FileMove> _postponed = [];
    private readonly Lock _turns = new();
    private Random _random = new(seed);
    private FaultPlan _plan = FaultPlan.None;
    private long _ticks = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
    private bool _hasCrashed;
    private bool _isObserved;

    /// <inheritdoc/>
    public string Location => "memory";

    /// <summary>Gets a value indicating whether several threads use it, which take turns then.</summary>
    public bool IsShared { get; init; }

    /// <summary>Operations since the plan was made, reads as well.</summary>
    public long Operations { get; private set; }

    /// <summary>Changes since the plan was made.</summary>
    public long Changes { get; private set; }

    /// <summary>Gets what all operations were, as one number: the same for the same seed.</summary>
    public ulong TraceHash { get; private set; } = 14695981039346656037;

    /// <summary>Mistakes of the store.</summary>
    public PlantedBug Bug { get; init; }

    /// <summary>Counts the process that uses the store: what an earlier one has open reaches nothing.</summary>
    internal int Process { get; private set; }

    /// <summary>Gets a value indicating whether the plan has stopped the process.</summary>
    public bool HasCrashed => _hasCrashed;

    /// <summary>Gets a value indicating whether a read has lied since the plan was made.</summary>
    public bool HasLied => LiedAt >= 0;

    /// <summary>The operation that lied since the plan was made; negative if none.</summary>
    public long LiedAt { get; private set; } = -1;

    /// <summary>Sets what goes wrong from now on. The counts start again.</summary>
    public void Plan(FaultPlan plan)
    {
        _plan = plan;
        LiedAt = -1;
        Operations = 0;
        Changes = 0;
    }

    /// <summary>Ends the process, if it has not crashed, and starts another after what the mode says. Nothing is planned then.</summary>
    public void Restart(CrashMode mode, int seed)
    {
        _random = new Random(seed);
        foreach (MemoryFile file in _names.All.Select(name => name.Value).Distinct().ToList())
        {
            file.Crash(mode, _random);
        }

        _names.Crash(mode, _random);
        _locks.Clear();
        _postponed.Clear();
        _hasCrashed = false;
        Process++;
        Plan(FaultPlan.None);
    }

    /// <summary>Looks at what is there without being part of the run: nothing is counted, and nothing fails.</summary>
    public T Observe<T>(Func<T> look)
    {
        (bool wasObserved, bool hadCrashed, _isObserved, _hasCrashed) = (_isObserved, _hasCrashed, true, false);
        try
        {
            return look();
        }
        finally
        {
            (_isObserved, _hasCrashed) = (wasObserved, hadCrashed);
        }
    }

    /// <summary>Returns whether a file's name survives a crash.</summary>
    public bool IsDurable(string path) => _names.IsDurable(path);

    /// <summary>Does what a process still does in memory when it is gone already: nothing of it reaches the store.</summary>
    public void WithoutEffect(Action last)
    {
        (bool hadCrashed, _hasCrashed) = (_hasCrashed, true);
        try
        {
            last();
        }
        catch (CrashException)
        {
            // As it should be.
        }
        finally
        {
            _hasCrashed = hadCrashed;
        }
    }

    /// <summary>The clock that files are dated by jumps, forward or back.</summary>
    public void JumpClock(TimeSpan by) => _ticks += by.Ticks;

    /// <summary>A bit of a file turns, on the disk. Turned twice it is as it was.</summary>
    public void Rot(string path, long bit) => _names.Find(path)!.Turn(bit);

    /// <summary>A store of its own, with the same files, all durable.</summary>
    public FaultyMemoryStore Copy()
    {
        var copy = new FaultyMemoryStore(seed) { _ticks = _ticks, IsShared = IsShared };
        foreach ((string path, MemoryFile file) in _names.All)
        {
            copy._names.Set(path, MemoryFile.Durable([.. file.Content]));
            copy._names.Find(path)!.ModifiedUtcTicks = file.ModifiedUtcTicks;
            copy._names.SyncFolder(MemoryNames.FolderOf(path));
        }

        return copy;
    }

    /// <summary>Takes the locks from their owners, who do not notice: a lease that ran out.</summary>
    public void LoseLocks() => _locks.Clear();

    /// <summary>A file of another program, durable at once and no operation of ours.</summary>
    public void Put(string path, byte[] bytes)
    {
        _names.Set(path, MemoryFile.Durable(bytes));
        _names.Find(path)!.ModifiedUtcTicks = _ticks += 10_000_000;
        _names.SyncFolder(MemoryNames.FolderOf(path));
    }

    /// <inheritdoc/>
    public FileEntry? Find(string path)
    {
        using Turn turn = Take();
        Run("find", path, isChange: false, static () => { });
        return _names.Find(path) is { } file ? new FileEntry(path, file.Content.Length, file.ModifiedUtcTicks) : null;
    }

    /// <inheritdoc/>
    public IRandomReader OpenRead(string path)
    {
        using Turn turn = Take();
        Run("open", path, isChange: false, static () => { });
        return new MemoryReader(this, path, Existing(path));
    }

    /// <inheritdoc/>
    public IFileWriter CreateTemporary(string path)
    {
        using Turn turn = Take();
        if (path.EndsWith(DataFileName.Extension, StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException("a temporary file's name must not end in .parquet", nameof(path));
        }

        var file = new MemoryFile();
        Run("create", path, isChange: true, () => _names.Set(path, file), needsRoom: true);
        return new MemoryFileWriter(this, path, file);
    }

    /// <inheritdoc/>
    public IReadOnlyList<PublishOutcome> Publish(IReadOnlyList<FileMove> files)
    {
        using Turn turn = Take();
        if (Bug.HasFlag(PlantedBug.PublishManifestFirst))
        {
            if (files.All(file => DataFileName.TryParse(file.Path, out _, out _) || file.Path.Contains("/state/", StringComparison.Ordinal)))
            {
                _postponed.AddRange(files);
                return new PublishOutcome[files.Count];
            }

            IReadOnlyList<PublishOutcome> manifest = PublishNow(files);
            PublishNow(_postponed);
            _postponed.Clear();
            return manifest;
        }

        return PublishNow(files);
    }

    /// <inheritdoc/>
    public void MakeNamesDurable(IReadOnlyList<string> paths)
    {
        using Turn turn = Take();
        foreach (string folder in paths.Select(MemoryNames.FolderOf).Distinct(StringComparer.Ordinal))
        {
            SyncFolder(folder);
        }
    }

    /// <inheritdoc/>
    public void Replace(FileMove file)
    {
        using Turn turn = Take();
        MemoryFile bytes = Existing(file.Temporary);
        Run("rename", file.Path, isChange: true, () =>
        {
            _names.Set(file.Path, bytes);
            _names.Set(file.Temporary, null);
        });
        SyncFolder(MemoryNames.FolderOf(file.Path));
    }

    /// <inheritdoc/>
    public bool Delete(string path)
    {
        using Turn turn = Take();
        if (_names.Find(path) is null)
        {
            return false;
        }

        bool deleted = false;
        Run("delete", path, isChange: true, () =>
        {
            deleted = _names.Find(path) is not null;
            if (deleted)
            {
                _names.Set(path, null);
            }
        });
        return deleted;
    }

    /// <inheritdoc/>
    public IReadOnlyList<FileEntry> List(string folder, bool recursive)
    {
        using Turn turn = Take();
        Run("list", folder, isChange: false, static () => { });
        string start = folder.Length == 0 ? "" : folder + "/";
        return
        [
            .. _names.All.Where(name => name.Key.StartsWith(start, StringComparison.Ordinal)
                    && (recursive || !name.Key.AsSpan(start.Length).Contains('/')))
                .Select(name => new FileEntry(name.Key, name.Value.Content.Length, name.Value.ModifiedUtcTicks)),
        ];
    }

    /// <inheritdoc/>
    public ILogFile CreateLogFile(string path, long preallocateBytes)
    {
        using Turn turn = Take();
        if (_names.Find(path) is not null)
        {
            throw new IOException($"{path} is there already");
        }

        var file = new MemoryFile();
        try
        {
            Run(
                "create", path, isChange: true,
                () =>
                {
                    if (_names.Find(path) is not null)
                    {
                        throw new IOException($"{path} is there already");
                    }

                    _names.Set(path, file);
                },
                needsRoom: true);
            file.Allocate(preallocateBytes);
            SyncFolder(MemoryNames.FolderOf(path));
        }
        catch (IOException) when (!_hasCrashed)
        {
            if (ReferenceEquals(_names.Find(path), file))
            {
                _names.Set(path, null);
            }

            throw;
        }

        return new MemoryLogFile(this, path, file);
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path, string owner)
    {
        using Turn turn = Take();
        Run("lock", path, isChange: false, static () => { });
        var taken = new MemoryLock(owner, released => _ = _locks.GetValueOrDefault(path) == released && _locks.Remove(path));
        if (!_locks.TryAdd(path, taken))
        {
            return null;
        }

        // As in a folder, where the lock is a file; it may come and go with power failures.
        if (_names.Find(path) is null)
        {
            _names.Set(path, new MemoryFile());
        }

        return taken;
    }

    /// <inheritdoc/>
    public string? ReadLockOwner(string path) => _locks.GetValueOrDefault(path)?.Owner;

    /// <summary>One operation: counted, written to the trace, and failed or not as the plan says.</summary>
    /// <param name="operation">What it is called in the trace.</param>
    /// <param name="path">The file.</param>
    /// <param name="isChange">Whether the process may crash at it.</param>
    /// <param name="effect">What it does.</param>
    /// <param name="needsRoom">Whether it fails when the disk is full.</param>
    /// <param name="onFailure">What a failure leaves behind.</param>
    /// <param name="process">The process that opened the file.</param>
    internal void Run(
        string operation, string path, bool isChange, Action effect, bool needsRoom = false, Action<Random>? onFailure = null, int? process = null)
    {
        using Turn turn = Take();
        if (_isObserved)
        {
            effect();
            return;
        }

        if (_hasCrashed || (process ?? Process) != Process)
        {
            throw new CrashException();
        }

        if (_plan.Meanwhile is { } meanwhile && Operations >= _plan.MeanwhileAt)
        {
            // The plan is suspended: what happens meanwhile has no faults of its own.
            (FaultPlan plan, long operations, long changes) = (_plan, Operations, Changes);
            Trace("meanwhile");
            _plan = FaultPlan.None;
            meanwhile();
            (_plan, Operations, Changes) = (plan with { Meanwhile = null }, operations, changes);
        }

        long at = Operations++;
        if (isChange)
        {
            // Reads leave nothing behind, and a check that waits for a commit reads as often as it has time for.
            Trace(operation);
            Trace(path);
        }

        if (isChange && Changes++ == _plan.CrashAtChange)
        {
            // A sync that the crash comes into has saved nothing; any other change may be found afterwards.
            if (operation is not ("sync" or "sync folder"))
            {
                effect();
            }

            _hasCrashed = true;
            throw new CrashException();
        }

        bool fails = _plan.ErrorAt >= 0 && (_plan.ErrorsStay ? at >= _plan.ErrorAt : at == _plan.ErrorAt)
            && (needsRoom || !_plan.IsDiskFull);
        if (!fails)
        {
            effect();
            return;
        }

        Trace("failed");
        Trace(operation);
        if (_plan.ErrorsComeAfter)
        {
            effect();
        }
        else
        {
            onFailure?.Invoke(_random);
        }

        throw new IOException($"injected: {operation} of {path} failed{(_plan.IsDiskFull ? ", no space left on device" : "")}");
    }

    /// <summary>Makes the read that was just run lie, if it is to.</summary>
    internal bool Lies(string path, Span<byte> read, out int length)
    {
        length = read.Length;

        // Nothing vouches for an external file before it is ingested.
        if (_isObserved || ExternalFileRegistry.IsExternal(path) || HasLied || _plan.LieAt < 0 || Operations <= _plan.LieAt || read.IsEmpty
            || !path.StartsWith(_plan.LieIn, StringComparison.Ordinal))
        {
            return false;
        }

        LiedAt = Operations - 1;
        if (_plan.LieIsShort)
        {
            length = _random.Next(read.Length);
        }
        else
        {
            read[_random.Next(read.Length)] ^= (byte)(1 << _random.Next(8));
        }

        return true;
    }

    internal void Touch(MemoryFile file) => file.ModifiedUtcTicks = _ticks += 10_000;

    /// <summary>Bytes that are about to be written become part of the trace.</summary>
    internal void Trace(ReadOnlySpan<byte> bytes)
    {
        if (!_isObserved)
        {
            TraceHash = (TraceHash ^ Crc32C.Of(bytes)) * 1099511628211;
        }
    }

    internal void Forget(string path, MemoryFile file, int process)
    {
        if (!_hasCrashed && process == Process && ReferenceEquals(_names.Find(path), file))
        {
            _names.Set(path, null);
        }
    }

    internal bool IsAlive(int process) => !_hasCrashed && process == Process;

    private PublishOutcome[] PublishNow(IReadOnlyList<FileMove> files)
    {
        var outcomes = new PublishOutcome[files.Count];
        for (int i = 0; i < outcomes.Length; i++)
        {
            int at = i;
            (string temporary, string path) = files[i];
            if (_names.Find(path) is not null)
            {
                outcomes[i] = PublishOutcome.AlreadyExists;
                continue;
            }

            MemoryFile file = Existing(temporary);
            Run(
                "link", path, isChange: true,
                () =>
                {
                    // Another process may have been here while this one stalled.
                    if (_names.Find(path) is null)
                    {
                        _names.Set(path, file);
                    }
                    else
                    {
                        outcomes[at] = PublishOutcome.AlreadyExists;
                    }
                },
                needsRoom: true);
        }

        MakeNamesDurable([.. files.Select(file => file.Path)]);
        for (int i = 0; i < outcomes.Length; i++)
        {
            string temporary = files[i].Temporary;
            if (outcomes[i] == PublishOutcome.Published)
            {
                Run("unlink", temporary, isChange: true, () =>
                {
                    if (_names.Find(temporary) is not null)
                    {
                        _names.Set(temporary, null);
                    }
                });
            }
        }

        return outcomes;
    }

    private MemoryFile Existing(string path) =>
        _names.Find(path) ?? throw new FileNotFoundException($"{path} is not there", path);

    private void SyncFolder(string folder) => Run("sync folder", folder, isChange: true, () =>
    {
        if (!Bug.HasFlag(PlantedBug.SkipFolderSync))
        {
            _names.SyncFolder(folder);
        }
    });

    private void Trace(string text)
    {
        // FNV-1a, 64 bits.
        foreach (char c in text)
        {
            TraceHash = (TraceHash ^ c) * 1099511628211;
        }
    }

    private Turn Take() => new(IsShared ? _turns : null);

    // Operations call one another: a thread that has its turn keeps it.
    private readonly struct Turn : IDisposable
    {
        private readonly Lock? _turns;

        internal Turn(Lock? turns)
        {
            _turns = turns;
            turns?.Enter();
        }

        public void Dispose() => _turns?.Exit();
    }
}
