namespace OrleansLake.Simulation.Stores;

/// <summary>The names of files: those that reads see, and the changes of them that no sync of their folder has saved.</summary>
internal sealed class MemoryNames
{
    private readonly SortedDictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MemoryFile> _durable = new(StringComparer.Ordinal);
    private readonly List<(string Path, MemoryFile? File)> _unsynced = [];

    public IEnumerable<KeyValuePair<string, MemoryFile>> All => _files;

    public MemoryFile? Find(string path) => _files.GetValueOrDefault(path);

    /// <summary>Returns whether a name is its file's after a crash, too.</summary>
    public bool IsDurable(string path) => _files.TryGetValue(path, out MemoryFile? file) && ReferenceEquals(_durable.GetValueOrDefault(path), file);

    /// <summary>Gives a file a name, in place of what has it; null takes the name away.</summary>
    public void Set(string path, MemoryFile? file)
    {
        if (file is null)
        {
            _files.Remove(path);
        }
        else
        {
            _files[path] = file;
        }

        _unsynced.Add((path, file));
    }

    public void SyncFolder(string folder)
    {
        foreach ((string path, MemoryFile? file) in _unsynced)
        {
            if (FolderOf(path) == folder)
            {
                Save(path, file);
            }
        }

        _unsynced.RemoveAll(change => FolderOf(change.Path) == folder);
    }

    public void Crash(CrashMode mode, Random random)
    {
        var kept = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((string path, MemoryFile? file) in _unsynced)
        {
            // Changes of one name are made in their order; torn: so are those of one folder.
            string together = mode == CrashMode.Torn ? FolderOf(path) : path;
            if (!kept.TryGetValue(together, out int left))
            {
                int changes = _unsynced.Count(change => (mode == CrashMode.Torn ? FolderOf(change.Path) : change.Path) == together);
                left = mode switch
                {
                    CrashMode.Killed => changes,
                    CrashMode.Dropped => 0,
                    _ => random.Next(changes + 1),
                };
            }

            if (left > 0)
            {
                Save(path, file);
            }

            kept[together] = left - 1;
        }

        _unsynced.Clear();
        _files.Clear();
        foreach ((string path, MemoryFile file) in _durable)
        {
            _files.Add(path, file);
        }
    }

    public static string FolderOf(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];

    private void Save(string path, MemoryFile? file)
    {
        if (file is null)
        {
            _durable.Remove(path);
        }
        else
        {
            _durable[path] = file;
        }
    }
}
