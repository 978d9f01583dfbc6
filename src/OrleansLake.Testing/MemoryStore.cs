using OrleansLake.Storage.Stores;

namespace OrleansLake.Testing;

/// <summary>A lake's files in memory. One lock guards their names, and each file has one of its own.</summary>
internal sealed class MemoryStore(TimeProvider clock) : ILakeStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MemoryBytes> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _locks = new(StringComparer.Ordinal);

    public string Location => "memory";

    public FileEntry? Find(string path)
    {
        lock (_gate)
        {
            return _files.TryGetValue(path, out MemoryBytes? file) ? EntryOf(path, file) : null;
        }
    }

    public IRandomReader OpenRead(string path)
    {
        lock (_gate)
        {
            return new MemoryFile(path, Existing(path));
        }
    }

    public IFileWriter CreateTemporary(string path)
    {
        if (path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException("a temporary file's name must not end in .parquet", nameof(path));
        }

        var file = new MemoryBytes(clock, 0);
        lock (_gate)
        {
            _files[path] = file;
        }

        return new MemoryWriter(path, file, () => Delete(path));
    }

    public IReadOnlyList<PublishOutcome> Publish(IReadOnlyList<FileMove> files)
    {
        lock (_gate)
        {
            return
            [
                .. files.Select(file =>
                {
                    if (_files.ContainsKey(file.Path))
                    {
                        return PublishOutcome.AlreadyExists;
                    }

                    _files[file.Path] = Existing(file.Temporary);
                    _files.Remove(file.Temporary);
                    return PublishOutcome.Published;
                }),
            ];
        }
    }

    public void MakeNamesDurable(IReadOnlyList<string> paths)
    {
    }

    public void Replace(FileMove file)
    {
        lock (_gate)
        {
            _files[file.Path] = Existing(file.Temporary);
            _files.Remove(file.Temporary);
        }
    }

    public bool Delete(string path)
    {
        lock (_gate)
        {
            return _files.Remove(path);
        }
    }

    public IReadOnlyList<FileEntry> List(string folder, bool recursive)
    {
        string start = folder.Length == 0 ? "" : folder + "/";
        lock (_gate)
        {
            return
            [
                .. _files.Where(file => file.Key.StartsWith(start, StringComparison.Ordinal) && (recursive || !file.Key.AsSpan(start.Length).Contains('/')))
                    .Select(file => EntryOf(file.Key, file.Value)),
            ];
        }
    }

    public ILogFile CreateLogFile(string path, long preallocateBytes)
    {
        var file = new MemoryBytes(clock, preallocateBytes);
        lock (_gate)
        {
            return _files.TryAdd(path, file) ? new MemoryFile(path, file) : throw new IOException($"{path} is there already");
        }
    }

    public IDisposable? TryLock(string path, string owner)
    {
        lock (_gate)
        {
            return _locks.TryAdd(path, owner) ? new Taken(this, path) : null;
        }
    }

    public string? ReadLockOwner(string path)
    {
        lock (_gate)
        {
            return _locks.GetValueOrDefault(path);
        }
    }

    private static FileEntry EntryOf(string path, MemoryBytes file) => new(path, file.Length, file.ModifiedUtcTicks);

    private MemoryBytes Existing(string path) => _files.TryGetValue(path, out MemoryBytes? file) ? file : throw new FileNotFoundException($"{path} is not there", path);

    private sealed class Taken(MemoryStore store, string path) : IDisposable
    {
        public void Dispose()
        {
            lock (store._gate)
            {
                store._locks.Remove(path);
            }
        }
    }
}
