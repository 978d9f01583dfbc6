using OrleansLake.Storage;

namespace OrleansLake.Engine.Tests.Sending;

/// <summary>A folder on a disk that stalls or fails when it is told to.</summary>
internal sealed class TroubledStore(string root) : ILakeStore, IDisposable
{
    private readonly LocalStore _inner = new(root, Durability.None);
    private readonly ManualResetEventSlim _goes = new(true);
    private int _flushesWaiting;
    private int _failuresLeft;

    /// <summary>Whether every fsync of the log fails.</summary>
    internal bool FailsToFlush { get; set; }

    /// <summary>Whether nothing can be created.</summary>
    internal bool IsFull { get; set; }

    /// <summary>Whether nothing can be deleted.</summary>
    internal bool FailsToDelete { get; set; }

    /// <summary>Fsyncs of the log that wait for <see cref="GoOn"/>.</summary>
    internal int FlushesWaiting => Volatile.Read(ref _flushesWaiting);

    public string Location => _inner.Location;

    /// <summary>From now on an fsync of the log does not return.</summary>
    internal void Stall() => _goes.Reset();

    /// <summary>One fsync of the log fails.</summary>
    internal void FailNext() => Volatile.Write(ref _failuresLeft, 1);

    internal void GoOn() => _goes.Set();

    public FileEntry? Find(string path) => _inner.Find(path);

    public IRandomReader OpenRead(string path) => _inner.OpenRead(path);

    public IFileWriter CreateTemporary(string path)
    {
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

    public void Dispose() => _goes.Dispose();

    private void ThrowIfFull()
    {
        if (IsFull)
        {
            throw new IOException("injected: no space left on device");
        }
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
