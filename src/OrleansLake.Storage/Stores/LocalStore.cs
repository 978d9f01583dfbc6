using System.IO.Enumeration;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace OrleansLake.Storage.Stores;

/// <summary>
/// A lake in a folder of this machine. What it promises beyond <see cref="ILakeStore"/>: names are hard links, made
/// durable by fsync of their folder and of every folder that was made for them.
/// </summary>
public sealed class LocalStore : ILakeStore
{
    // Of a file system's names, on Linux and elsewhere.
    private const int NameBytesMax = 255;
    private const int NameCharsShown = 20;

    private readonly string _root;
    private readonly Durability _durability;
    private readonly Lock _gate = new();

    /// <summary>
    /// Folders in which a folder was made whose name is not durable yet, and when, counted: one fsync serves all that
    /// were made before it.
    /// </summary>
    private readonly Dictionary<string, long> _unsynced = new(StringComparer.Ordinal);

    private long _foldersMade;
    private volatile bool _hasHeldLake;
    private volatile bool _hasHeldCheckpoint;

    /// <summary>Initializes the store of a lake's folder, which need not be there yet.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="durability"><see cref="Durability.None"/> in benchmarks only.</param>
    /// <exception cref="PathTooLongException">A name in its path is too long for a file system.</exception>
    public LocalStore(string root, Durability durability = Durability.Full)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        _root = SystemPath.Full(root);
        if (_root.Split(Path.DirectorySeparatorChar).FirstOrDefault(static name => Encoding.UTF8.GetByteCount(name) > NameBytesMax) is { } name)
        {
            throw new PathTooLongException($"The name {name[..NameCharsShown]}… in the path of the lake's folder has {Encoding.UTF8.GetByteCount(name)} bytes; a name has {NameBytesMax} at most.");
        }

        _durability = durability;
    }

    /// <inheritdoc/>
    public string Location => _root;

    /// <summary>Returns the reason why the lake that was in this folder is not there any more, with what to do; null if it is, or
    /// never was.</summary>
    public string? WhyGone() => _hasHeldLake && !File.Exists(FullPath(LakePaths.Description)) ? LakeNotFoundException.Gone(_root).Message : null;

    /// <summary>Returns the path of a file on this machine.</summary>
    public string FullPath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Length == 0 ? _root : Path.Combine(_root, path.Replace('/', Path.DirectorySeparatorChar));
    }

    /// <inheritdoc/>
    public FileEntry? Find(string path)
    {
        var file = new FileInfo(FullPath(path));
        if (!file.Exists)
        {
            ReadAccess.ThrowIfHidden(file.FullName);
            return null;
        }

        _hasHeldLake |= path == LakePaths.Description;
        return IsSpecial(file) ? null : new FileEntry(path, file.Length, file.LastWriteTimeUtc.Ticks);
    }

    /// <inheritdoc/>
    public IRandomReader OpenRead(string path)
    {
        try
        {
            if (FileIdentity.Of(FullPath(path)) is { IsSpecial: true } special)
            {
                // To open a pipe waits for somebody who writes to it.
                throw new FileNotFoundException($"{path} is {special.KindName} and not a file", path);
            }

            SafeFileHandle handle = File.OpenHandle(
                FullPath(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            _hasHeldLake |= path == LakePaths.Description;
            return new LocalRandomReader(handle, path);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new FileNotFoundException(e.Message, path, e);
        }
    }

    /// <inheritdoc/>
    public IFileWriter CreateTemporary(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.EndsWith(DataFileName.Extension, StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException("a temporary file's name must not end in .parquet", nameof(path));
        }

        string fullPath = FullPath(path);
        MakeFolder(Path.GetDirectoryName(fullPath)!);

        // Not emptied: after a publishing that failed half-way it may be a second name of the published file.
        File.Delete(fullPath);
        SafeFileHandle handle = File.OpenHandle(fullPath, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        return new LocalFileWriter(handle, path, fullPath, _durability);
    }

    /// <inheritdoc/>
    public IReadOnlyList<PublishOutcome> Publish(IReadOnlyList<FileMove> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var outcomes = new PublishOutcome[files.Count];
        var folders = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < outcomes.Length; i++)
        {
            string target = FullPath(files[i].Path);
            string folder = Path.GetDirectoryName(target)!;
            if (folders.Add(folder))
            {
                MakeFolder(folder);
            }

            string source = FullPath(files[i].Temporary);
            outcomes[i] = FolderSync.TryLink(source, target) ? PublishOutcome.Published : PublishOutcome.AlreadyExists;
        }

        SyncFolders(folders);

        // Only now: nothing says that the new name becomes durable before the old one goes.
        for (int i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] == PublishOutcome.Published)
            {
                File.Delete(FullPath(files[i].Temporary));
            }
        }

        return outcomes;
    }

    /// <inheritdoc/>
    public void MakeNamesDurable(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            string folder = Path.GetDirectoryName(FullPath(path))!;
            while (!Directory.Exists(folder) && folder.Length > _root.Length)
            {
                // Somebody has deleted it with the file: then it is the folder's name that must not come back.
                folder = Path.GetDirectoryName(folder)!;
            }

            folders.Add(folder);
        }

        SyncFolders(folders);
    }

    /// <inheritdoc/>
    public void Replace(FileMove file)
    {
        string target = FullPath(file.Path);
        string folder = Path.GetDirectoryName(target)!;
        MakeFolder(folder);
        File.Move(FullPath(file.Temporary), target, overwrite: true);
        SyncFolders([folder]);
    }

    /// <inheritdoc/>
    public bool Delete(string path)
    {
        string fullPath = FullPath(path);
        if (!File.Exists(fullPath))
        {
            return false;
        }

        File.Delete(fullPath);
        return true;
    }

    /// <inheritdoc/>
    public IReadOnlyList<FileEntry> List(string folder, bool recursive) => ListAll(folder, recursive);

    /// <inheritdoc/>
    public IReadOnlyList<FileEntry> ListWanted(string folder, Func<string, bool> isWanted)
    {
        ArgumentNullException.ThrowIfNull(isWanted);
        return new LocalSurvey(_root, isWanted, asksForAccess: false).Of(FullPath(folder)).Files;
    }

    /// <inheritdoc/>
    public FolderSurvey Survey(string folder, Func<string, bool> isWanted)
    {
        ArgumentNullException.ThrowIfNull(isWanted);
        return new LocalSurvey(_root, isWanted, asksForAccess: true).Of(FullPath(folder));
    }

    /// <inheritdoc/>
    public ILogFile CreateLogFile(string path, long preallocateBytes)
    {
        string fullPath = FullPath(path);
        string folder = Path.GetDirectoryName(fullPath)!;
        MakeFolder(folder);
        SafeFileHandle handle = File.OpenHandle(
            fullPath, FileMode.CreateNew, FileAccess.Write, FileShare.Read, FileOptions.None, preallocateBytes);
        try
        {
            SyncFolders([folder]);
        }
        catch
        {
            handle.Dispose();
            File.Delete(fullPath);
            throw;
        }

        return new LocalLogFile(handle, path, fullPath, preallocateBytes, _durability);
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path, string owner)
    {
        string fullPath = FullPath(path);
        MakeFolder(Path.GetDirectoryName(fullPath)!);
        return LocalLock.TryTake(fullPath, owner);
    }

    /// <inheritdoc/>
    public bool IsLocked(string path) => LocalLock.IsTaken(FullPath(path));

    /// <inheritdoc/>
    public string? ReadLockOwner(string path) => LocalLock.ReadOwner(FullPath(path));

    // What is not a regular file has no length.
    private static bool IsSpecial(FileInfo file) => file.Length == 0 && FileIdentity.Of(file.FullName) is { IsSpecial: true };

    private void MakeFolder(string fullPath)
    {
        if (Directory.Exists(fullPath))
        {
            return;
        }

        string? parent = Path.GetDirectoryName(fullPath);
        if (parent is null)
        {
            return;
        }

        if (_hasHeldLake && !File.Exists(FullPath(LakePaths.Description)))
        {
            // Where the lake was there is something else now, such as the folder that its disk was mounted on.
            throw LakeNotFoundException.Gone(_root);
        }

        if (_hasHeldCheckpoint && !Directory.Exists(FullPath(LakePaths.Checkpoint)))
        {
            // An empty lake in the place of what was there.
            throw Damage.GoneFolder(this, LakePaths.Checkpoint);
        }

        MakeFolder(parent);
        lock (_gate)
        {
            // Within the lock, so that nobody sees the folder and not the mark.
            Directory.CreateDirectory(fullPath);
            _unsynced[parent] = ++_foldersMade;
        }
    }

    private List<FileEntry> ListAll(string folder, bool recursive)
    {
        string start = FullPath(folder);
        if (!Directory.Exists(start))
        {
            ReadAccess.ThrowIfHidden(start);
            return [];
        }

        _hasHeldCheckpoint |= folder.StartsWith(LakePaths.Checkpoint, StringComparison.Ordinal);
        int skip = _root.Length + (Path.EndsInDirectorySeparator(_root) ? 0 : 1);
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = recursive,

            // A link leads out of the lake, or to what is listed already: what is not in the lake's folder is not the lake's.
            AttributesToSkip = FileAttributes.ReparsePoint,
            IgnoreInaccessible = false,
        };
        var paths = new FileSystemEnumerable<string>(start, (ref FileSystemEntry entry) => PathOf(entry.ToFullPath()), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
        };
        var files = new List<FileEntry>();
        foreach (string path in paths)
        {
            var file = new FileInfo(FullPath(path));
            try
            {
                files.Add(new FileEntry(path, file.Length, file.LastWriteTimeUtc.Ticks));
            }
            catch (FileNotFoundException)
            {
                // It vanished between its name and its length, or only names may be read in its folder.
                ReadAccess.ThrowIfHidden(file.FullName);
            }
        }

        return files;

        string PathOf(string fullPath)
        {
            string path = fullPath[skip..];
            return Path.DirectorySeparatorChar == '/' ? path : path.Replace(Path.DirectorySeparatorChar, '/');
        }
    }

    /// <summary>Makes the names in some folders durable, and those of folders that were made before.</summary>
    private void SyncFolders(HashSet<string> folders)
    {
        if (_durability == Durability.None)
        {
            return;
        }

        KeyValuePair<string, long>[] made;
        lock (_gate)
        {
            made = [.. _unsynced];
        }

        foreach (KeyValuePair<string, long> folder in made)
        {
            folders.Add(folder.Key);
        }

        foreach (string folder in folders)
        {
            FolderSync.SyncFolder(folder);
        }

        lock (_gate)
        {
            foreach (KeyValuePair<string, long> folder in made)
            {
                if (_unsynced.TryGetValue(folder.Key, out long last) && last == folder.Value)
                {
                    _unsynced.Remove(folder.Key);
                }
            }
        }
    }
}
