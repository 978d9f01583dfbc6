using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Tests;

/// <summary>A store that fails on demand, and does everything else as another store does.</summary>
public sealed class FailingStore(ILakeStore inner) : ILakeStore
{
    /// <summary>Gets or sets the number of publishing calls that succeed before one fails; negative for never.</summary>
    public int PublishesUntilFailure { get; set; } = -1;

    /// <summary>Gets or sets a value indicating whether the call that fails has done its work.</summary>
    public bool FailAfterPublishing { get; set; }

    /// <summary>Gets or sets a value indicating whether every fsync of the log fails.</summary>
    public bool FailsToFlush { get; set; }

    /// <summary>Gets or sets a value indicating whether every write to the log fails.</summary>
    public bool FailsToWrite { get; set; }

    /// <summary>Gets or sets a value indicating whether beginning a segment fails after its header has been written.</summary>
    public bool FailsToBegin { get; set; }

    /// <summary>Gets or sets a value indicating whether no file of the log takes more than it has.</summary>
    public bool HasFullLogFiles { get; set; }

    /// <summary>Gets or sets a value indicating whether nothing can be deleted.</summary>
    public bool FailsToDelete { get; set; }

    /// <summary>Runs before files are published.</summary>
    public Action<IReadOnlyList<FileMove>>? BeforePublishing { get; set; }

    public string Location => inner.Location;

    public FileEntry? Find(string path) => inner.Find(path);

    public IRandomReader OpenRead(string path) => inner.OpenRead(path);

    public IFileWriter CreateTemporary(string path) => inner.CreateTemporary(path);

    public IReadOnlyList<PublishOutcome> Publish(IReadOnlyList<FileMove> files)
    {
        BeforePublishing?.Invoke(files);
        bool fails = PublishesUntilFailure-- == 0;
        if (fails && !FailAfterPublishing)
        {
            throw new IOException("injected before publishing");
        }

        IReadOnlyList<PublishOutcome> outcomes = inner.Publish(files);
        return fails ? throw new IOException("injected after publishing") : outcomes;
    }

    public void MakeNamesDurable(IReadOnlyList<string> paths) => inner.MakeNamesDurable(paths);

    public void Replace(FileMove file) => inner.Replace(file);

    public bool Delete(string path) => FailsToDelete ? throw new IOException("injected: not deleted") : inner.Delete(path);

    public IReadOnlyList<FileEntry> List(string folder, bool recursive) => inner.List(folder, recursive);

    public ILogFile CreateLogFile(string path, long preallocateBytes) =>
        new FailingLogFile(this, inner.CreateLogFile(path, preallocateBytes));

    public IDisposable? TryLock(string path, string owner) => inner.TryLock(path, owner);

    public string? ReadLockOwner(string path) => inner.ReadLockOwner(path);

    private sealed class FailingLogFile(FailingStore store, ILogFile inner) : ILogFile
    {
        public string Path => inner.Path;

        public bool IsFull => store.HasFullLogFiles || inner.IsFull;

        public void Write(ReadOnlySpan<byte> bytes, long position)
        {
            if (store.FailsToWrite)
            {
                inner.Write(bytes[..(bytes.Length / 2)], position);
                throw new IOException("injected: no space left");
            }

            inner.Write(bytes, position);
            if (store.FailsToBegin && position == 0)
            {
                throw new IOException("injected: input/output error");
            }
        }

        public void Flush()
        {
            if (store.FailsToFlush)
            {
                throw new IOException("injected: input/output error");
            }

            inner.Flush();
        }

        public void Trim(long length) => inner.Trim(length);

        public void Dispose() => inner.Dispose();
    }
}
