using OrleansLake.Storage.Stores;

namespace OrleansLake.Simulation.Stores;

/// <summary>A store as one sees it who does not look for a later owner: the epochs are those of its own start.</summary>
internal sealed class EpochBlindStore(ILakeStore inner) : ILakeStore
{
    private FileEntry? _own;

    public string Location => inner.Location;

    public IReadOnlyList<FileEntry> List(string folder, bool recursive)
    {
        IReadOnlyList<FileEntry> files = inner.List(folder, recursive);
        return _own is { } own && folder.EndsWith("/epochs", StringComparison.Ordinal)
            ? [.. files.Where(file => string.CompareOrdinal(file.Path, own.Path) <= 0).Append(own)]
            : files;
    }

    public IReadOnlyList<PublishOutcome> Publish(IReadOnlyList<FileMove> files)
    {
        IReadOnlyList<PublishOutcome> outcomes = inner.Publish(files);
        if (outcomes.Count == 1 && outcomes[0] == PublishOutcome.Published && files[0].Path.Contains("/epochs/", StringComparison.Ordinal))
        {
            _own = new FileEntry(files[0].Path, 0, 0);
        }

        return outcomes;
    }

    public FileEntry? Find(string path) => inner.Find(path);

    public IRandomReader OpenRead(string path) => inner.OpenRead(path);

    public IFileWriter CreateTemporary(string path) => inner.CreateTemporary(path);

    public void MakeNamesDurable(IReadOnlyList<string> paths) => inner.MakeNamesDurable(paths);

    public void Replace(FileMove file) => inner.Replace(file);

    public bool Delete(string path) => inner.Delete(path);

    public ILogFile CreateLogFile(string path, long preallocateBytes) => inner.CreateLogFile(path, preallocateBytes);

    public IDisposable? TryLock(string path, string owner) => inner.TryLock(path, owner);

    public string? ReadLockOwner(string path) => inner.ReadLockOwner(path);
}
