using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Tests;

/// <summary>A store in whose bronze some files and folders may not be read, and that counts how often it is looked at.</summary>
internal sealed class UnreadableStore(ILakeStore inner, params string[] denied) : ILakeStore
{
    private readonly string[] _denied = [.. denied.Select(static name => $"{LakePaths.BronzeData}/{name}")];

    /// <summary>Gets the number of times that bronze was looked at.</summary>
    internal int Looks { get; private set; }

    public string Location => inner.Location;

    public FileEntry? Find(string path) => IsDenied(path) && !_denied.Contains(path) ? null : inner.Find(path);

    public IRandomReader OpenRead(string path) => IsDenied(path) ? throw new UnauthorizedAccessException("denied") : inner.OpenRead(path);

    public FolderSurvey Survey(string folder, Func<string, bool> isWanted)
    {
        Looks++;
        FolderSurvey all = inner.Survey(folder, isWanted);
        return new FolderSurvey(
            [.. all.Files.Where(file => !IsDenied(file.Path))],
            [.. all.LeftOut, .. _denied.Select(path => new LeftOutEntry(path, "denied", IsUnreadable: true, inner.Find(path)))]);
    }

    public IReadOnlyList<FileEntry> List(string folder, bool recursive) => inner.List(folder, recursive);

    public IFileWriter CreateTemporary(string path) => inner.CreateTemporary(path);

    public IReadOnlyList<PublishOutcome> Publish(IReadOnlyList<FileMove> files) => inner.Publish(files);

    public void MakeNamesDurable(IReadOnlyList<string> paths) => inner.MakeNamesDurable(paths);

    public void Replace(FileMove file) => inner.Replace(file);

    public bool Delete(string path) => inner.Delete(path);

    public ILogFile CreateLogFile(string path, long preallocateBytes) => inner.CreateLogFile(path, preallocateBytes);

    public IDisposable? TryLock(string path, string owner) => inner.TryLock(path, owner);

    public string? ReadLockOwner(string path) => inner.ReadLockOwner(path);

    private bool IsDenied(string path) => _denied.Any(one => path == one || path.StartsWith(one + "/", StringComparison.Ordinal));
}
