namespace OrleansLake.Storage;

/// <summary>
/// The Parquet files that other programs add to bronze: those below <see cref="LakePaths.BronzeData"/> that are not
/// named as ours are and whose names do not start with <c>_</c> or <c>.</c>, folders included. They are never written to.
/// </summary>
public sealed class ForeignFiles
{
    private readonly ILakeStore _store;
    private readonly Dictionary<string, long> _verified = new(StringComparer.Ordinal);

    /// <summary>Those of a lake.</summary>
    public ForeignFiles(ILakeStore store) => _store = store;

    /// <summary>
    /// Compares the folder with the registry. A file that was taken in and has another modification time now is read
    /// again, once, and is fine if its bytes are the same.
    /// </summary>
    public ForeignScan Scan(Registry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        var found = new HashSet<string>(StringComparer.Ordinal);
        var candidates = new List<FileEntry>();
        var changed = new List<string>();
        foreach (FileEntry file in _store.ListWanted(LakePaths.BronzeData, IsForeign))
        {
            found.Add(file.Path);
            if (!registry.TryGetForeignFile(file.Path, out ForeignFileEntry? entry))
            {
                candidates.Add(file);
            }
            else if (entry.File.Size != file.Length || entry.File.ModifiedUtcTicks != file.ModifiedUtcTicks)
            {
                if (entry.File.Refused is not null)
                {
                    candidates.Add(file);
                }
                else if (!HoldsTheSame(file, entry.File))
                {
                    changed.Add(file.Path);
                }
            }
        }

        var missing = new List<string>();
        foreach (ForeignFileEntry entry in registry.ForeignFiles)
        {
            if (entry.File.Refused is null && !found.Contains(entry.File.Name))
            {
                missing.Add(entry.File.Name);
            }
        }

        return new ForeignScan(ForeignScan.InOrder(candidates), missing, changed);
    }

    /// <summary>Whether a path is another program's bronze file by its name.</summary>
    public static bool IsForeign(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!path.StartsWith(LakePaths.BronzeData + "/", StringComparison.Ordinal)
            || !path.EndsWith(DataFileName.Extension, StringComparison.Ordinal)
            || DataFileName.TryParse(path, out _, out _))
        {
            return false;
        }

        foreach (Range part in path.AsSpan(LakePaths.BronzeData.Length + 1).Split('/'))
        {
            if (path[LakePaths.BronzeData.Length + 1 + part.Start.Value] is '_' or '.')
            {
                return false;
            }
        }

        return true;
    }

    private bool HoldsTheSame(FileEntry file, Consumed.ForeignFile taken)
    {
        if (file.Length != taken.Size)
        {
            return false;
        }

        if (_verified.TryGetValue(file.Path, out long ticks) && ticks == file.ModifiedUtcTicks)
        {
            return true;
        }

        if (_store.Checksum(file.Path).Crc32C != taken.Crc32C)
        {
            return false;
        }

        _verified[file.Path] = file.ModifiedUtcTicks;
        return true;
    }
}
