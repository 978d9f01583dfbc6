using OrleansLake.Storage.Stores;

namespace OrleansLake.Engine.Tests.Sending;

/// <summary>A folder on a disk that stalls or fails on demand.</summary>
internal sealed class TroubledStore(string root) : ILakeStore, IDisposable
{
    private readonly LocalStore _inner = new(root, Durability.None);
    private readonly ManualResetEventSlim _goes = new(true);
    private readonly ManualResetEventSlim _filesGo = new(true);
    private int _flushesWaiting;
    private int _filesWaiting;
    private int _failuresLeft;

    /// <summary>Gets or sets a value indicating whether every fsync of the log fails.</summary>
    internal bool FailsToFlush { get; set; }

    /// <summary>Gets or sets a value indicating whether nothing can be created.</summary>
    internal bool IsFull { get; set; }

    /// <summary>Gets or sets a value indicating whether nothing can be deleted.</summary>
    internal bool FailsToDelete { get; set; }

    /// <summary>Fsyncs of the log that wait for <see cref="GoOn"/>.</summary>
    internal int FlushesWaiting => Volatile.Read(ref _flushesWaiting);

    /// <summary>Files that are being written, and wait (see <see cref="HoldFiles"/>).</summary>
    internal int FilesWaiting => Volatile.Read(ref _filesWaiting);

    /// <summary>Gets a value indicating whether a thread of the pool has written a file since files were held.</summary>
    internal bool PoolWrites { get; private set; }

    public string Location => _inner.Location;

    /// <summary>Until it is disposed, no file can be written but those of the log.</summary>
    internal IDisposable HoldFiles()
    {
        PoolWrites = false;
        _filesGo.Reset();
        return new Hold(this);
    }

    /// <summary>From now on an fsync of the log does not return.</summary>
    internal void Stall() => _goes.Reset();

    /// <summary>One fsync of the log fails.</summary>
    internal void FailNext() => Volatile.Write(ref _failuresLeft, 1);

    internal void GoOn() => _goes.Set();

    public FileEntry? Find(string path) => _inner.Find(path);

    public IRandomReader OpenRead(string path) => _inner.OpenRead(path);

    public IFileWriter CreateTemporary(string path)
    {
        PoolWrites |= Thread.CurrentThread.IsThreadPoolThread;
        Interlocked.Increment(ref _filesWaiting);
        _filesGo.Wait();
        Interlocked.Decrement(ref _filesWaiting);
        ThrowIfFull();
        return _inner.CreateTemporary(path);
    }

    public IReadOnlyList<PublishOutcome> Publish(IReadOnlyList<FileMove> files) => _inner.Publish(files);

    public void MakeNamesDurable(IReadOnlyList<string> paths) => _inner.MakeNamesDurable(paths);

    public void Replace(FileMove file) => _inner.Replace(file);

    public bool Delete(string path) => FailsToDelete ? throw new IOException("injected: read-only") : _inner.Delete(path);

    public IReadOnlyList<FileEntry> List(string folder, bool recursive) => _inner.List(folder, recursive);

    public ILogFile CreateLogFile(string path, long preallocateBytes)
    {
        ThrowIfFull();
        return new LogFile(this, _inner.CreateLogFile(path, preallocateBytes));
    }

    public IDisposable? TryLock(string path, string owner) => _inner.TryLock(path, owner);

    public string? ReadLockOwner(string path) => _inner.ReadLockOwner(path);

    public void Dispose()
    {
        _goes.Dispose();
        _filesGo.Dispose();
    }

    private void ThrowIfFull()
    {
        if (IsFull)
        {
            throw new IOException("injected: no space left on device");
        }
    }

    private sealed class Hold(TroubledStore store) : IDisposable
    {
        public void Dispose() => store._filesGo.Set();
    }

    private sealed class LogFile(TroubledStore store, ILogFile inner) : ILogFile
    {
        public string Path => inner.Path;

        public void Write(ReadOnlySpan<byte> bytes, long position) => inner.Write(bytes, position);

        public void Flush()
        {
            Interlocked.Increment(ref store._flushesWaiting);
            store._goes.Wait();
            Interlocked.Decrement(ref store._flushesWaiting);
            if (store.FailsToFlush || Interlocked.Exchange(ref store._failuresLeft, 0) > 0)
            {
                throw new IOException("injected: input/output error");
            }

            inner.Flush();
        }

        public void Trim(long length) => inner.Trim(length);

        public void Dispose() => inner.Dispose();
    }
}
