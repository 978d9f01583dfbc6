using OrleansLake.Core.Parsing;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Registries;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.External;

/// <summary>
/// The Parquet files that other programs add to bronze: those below <see cref="LakePaths.BronzeData"/> that are not
/// named as ours are and whose names do not start with <c>_</c> or <c>.</c>, folders included. They are never written to.
/// </summary>
/// <remarks>
/// What was taken is known by its bytes, not by its time. Bytes that were taken and are no longer where they were may be
/// under another name: renaming a file, or putting one back that was accepted to be gone, adds no rows.
/// </remarks>
internal sealed class ExternalFileRegistry
{
    private readonly ILakeStore _store;
    private readonly Dictionary<string, (FileEntry File, uint Crc32C)> _checksums = new(StringComparer.Ordinal);
    private FolderSurvey? _look;

    private readonly Func<string, IReadOnlyCollection<string>>? _ownColumns;

    /// <summary>Initializes the external files of a lake.</summary>
    /// <param name="store">The lake's location.</param>
    /// <param name="ownColumns">Reads which columns of a message a file has itself, so that its path's do not count; null: none.</param>
    public ExternalFileRegistry(ILakeStore store, Func<string, IReadOnlyCollection<string>>? ownColumns = null) => (_store, _ownColumns) = (store, ownColumns);

    /// <summary>Scans the folder. One scan serves the comparisons with every partition's registry.</summary>
    public FolderSurvey Look() => _look = _store.Survey(LakePaths.BronzeData, IsExternal);

    /// <summary>Scans the folder and compares it with a registry.</summary>
    public ExternalScan Scan(Registry registry) => Scan(registry, Look());

    /// <summary>
    /// Compares a scan of the folder with a registry. A file that was ingested and has another modification time now is
    /// read again, once, and is fine if its bytes are the same.
    /// </summary>
    public ExternalScan Scan(Registry registry, FolderSurvey look)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var strangers = new List<FileEntry>();
        var faults = new Dictionary<ExternalFileEntry, ExternalFault>();
        foreach (FileEntry file in look.Files)
        {
            if (!registry.TryGetExternalFile(file.Path, out ExternalFileEntry? entry))
            {
                strangers.Add(file);
            }
            else if (IsSame(entry, file))
            {
                found.Add(file.Path);
            }
            else if (entry.File.Refused is not null)
            {
                strangers.Add(file);
            }
            else if (FaultOf(entry, file) is { } fault)
            {
                // What was read a moment ago may be gone by now.
                if (fault.Kind != ExternalFaultKind.Gone)
                {
                    found.Add(file.Path);
                    faults.Add(entry, fault);
                }
            }
            else
            {
                found.Add(file.Path);
            }
        }

        IReadOnlyList<ExternalFileEntry> all = registry.ExternalFileRegistry;
        ExternalFileEntry[] taken = [.. all.Where(static entry => entry.File.Refused is null)];
        foreach (ExternalFileEntry entry in taken)
        {
            if (!entry.IsAccepted && !found.Contains(entry.File.Name))
            {
                faults.Add(entry, FaultOfMissing(entry, look));
            }
        }

        var known = new List<KnownExternalFiles>();
        List<FileEntry> candidates = faults.Count == 0 && !Array.Exists(taken, static entry => entry.IsAccepted)
            ? strangers : Recognise(strangers, taken, faults, known);
        (IReadOnlyList<ExternalFileEntry> refused, IReadOnlyList<ExternalFileEntry> stale) = Refusals(all, found, candidates, look);
        return new ExternalScan(
            ExternalScan.InOrder(candidates),
            [.. taken.Where(faults.ContainsKey).Select(entry => faults[entry])],
            [.. look.LeftOut.Where(one => !IsHidden(one.Path) && !IsKnown(one, all))])
        {
            Known = known,
            Refused = refused,
            StaleRefusals = stale,
        };
    }

    /// <summary>Compares one file with what was ingested under its name, byte by byte.</summary>
    /// <returns>Null if it is what it was.</returns>
    public ExternalFault? Compare(ExternalFileEntry entry)
    {
        FileEntry? file;
        try
        {
            file = _store.Find(entry.File.Name);
        }
        catch (UnauthorizedAccessException)
        {
            // The scan reports what hides it.
            file = null;
        }

        if (file is null)
        {
            return FaultOfMissing(entry, Look());
        }

        _checksums.Remove(file.Path);
        return FaultOf(entry, file);
    }

    /// <summary>
    /// Finds where the bytes of a file are now that is no longer where it was taken from; null if they are nowhere. Of many
    /// such files, the scan that showed the first of them to be missing serves them all.
    /// </summary>
    public string? FindRenamed(SourceProgress.ExternalBronzeFile taken)
    {
        // A scan that found the file unchanged says nothing about where it is now.
        bool looksAgain = _look is null || _look.Files.Any(file => IsSame(taken, file));
        string? path = Find(looksAgain ? Look() : _look!);
        return looksAgain || path is null || _store.Find(path) is not null ? path : Find(Look());

        string? Find(FolderSurvey look) => look.Files
            .Where(file => file.Length == taken.Size && file.Path != taken.Name && Holds(file, taken) && HasSameColumns(taken.Name, file.Path))
            .Select(static file => file.Path).Order(StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>Returns whether a path is an external bronze file by its name.</summary>
    public static bool IsExternal(string path)
    {
        if (!path.StartsWith(LakePaths.BronzeData + "/", StringComparison.Ordinal)
            || !path.EndsWith(DataFileName.Extension, StringComparison.OrdinalIgnoreCase)
            || DataFileName.TryParse(path, out _, out _))
        {
            return false;
        }

        return !IsHidden(path);
    }

    // Below bronze's folder: the folder itself is not hidden.
    private static bool IsHidden(string path)
    {
        ReadOnlySpan<char> below = path.AsSpan(Math.Min(path.Length, LakePaths.BronzeData.Length));
        return below.Contains("/_", StringComparison.Ordinal) || below.Contains("/.", StringComparison.Ordinal);
    }

    // The files whose bytes were not ingested. Each entry that has lost its file answers for one that has its bytes: first
    // for that of its own name.
    private List<FileEntry> Recognise(List<FileEntry> strangers, ExternalFileEntry[] taken, Dictionary<ExternalFileEntry, ExternalFault> faults, List<KnownExternalFiles> known)
    {
        List<ExternalFileEntry> lost = [.. taken.Where(entry => entry.IsAccepted || (faults.TryGetValue(entry, out ExternalFault? fault) && !IsThere(fault)))];
        var left = new List<FileEntry>();
        foreach (FileEntry file in strangers.OrderBy(static file => file.Path, StringComparer.Ordinal))
        {
            int own = lost.FindIndex(entry => entry.File.Name == file.Path && Holds(file, entry.File));
            if (own >= 0)
            {
                Know(file, lost[own]);
                lost.RemoveAt(own);
            }
            else
            {
                left.Add(file);
            }
        }

        var candidates = new List<FileEntry>();
        foreach (FileEntry file in left)
        {
            int other = lost.FindIndex(entry => Holds(file, entry.File) && HasSameColumns(entry.File.Name, file.Path));
            if (other < 0)
            {
                candidates.Add(file);
                continue;
            }

            if (faults.ContainsKey(lost[other]))
            {
                faults[lost[other]] = new ExternalFault(lost[other], ExternalFaultKind.Renamed, file);
            }

            Know(file, lost[other]);

            lost.RemoveAt(other);
        }

        return candidates;

        void Know(FileEntry file, ExternalFileEntry entry)
        {
            if (entry.IsAccepted)
            {
                known.Add(new KnownExternalFiles(file, entry));
            }
        }
    }

    // One that cannot be read is not away: what has its bytes is a copy of it.
    private static bool IsThere(ExternalFault fault) => fault is { Kind: ExternalFaultKind.Unreadable, Found: not null };

    private static bool IsSame(ExternalFileEntry entry, FileEntry file) => entry.File.Size == file.Length && entry.File.ModifiedUtcTicks == file.ModifiedUtcTicks;

    private static bool IsSame(SourceProgress.ExternalBronzeFile taken, FileEntry file) =>
        file.Length == taken.Size && file.ModifiedUtcTicks == taken.ModifiedUtcTicks && file.Path == taken.Name;

    // What may not be read is known by what was taken of it; of what was accepted to be so, nothing more is reported.
    private static bool IsKnown(LeftOutEntry one, IReadOnlyList<ExternalFileEntry> all) => one.IsUnreadable && all.Any(
        entry => entry.File.Name == one.Path && entry.File.Refused is null && (!entry.IsAccepted || one.File is null || IsSame(entry, one.File)));

    private static ExternalFault FaultOfMissing(ExternalFileEntry entry, FolderSurvey look) => look.Hiding(entry.File.Name) is { } hiding
        ? new ExternalFault(entry, ExternalFaultKind.Unreadable, hiding.File, hiding.Reason)
        : new ExternalFault(entry, ExternalFaultKind.Gone);

    // Which refusals hold: those of files that are what they were. Of one that may no longer be read nothing is known, and
    // one that has changed is looked at again.
    private static (List<ExternalFileEntry> Refused, List<ExternalFileEntry> Stale) Refusals(
        IReadOnlyList<ExternalFileEntry> all, HashSet<string> found, List<FileEntry> candidates, FolderSurvey look)
    {
        var refused = new List<ExternalFileEntry>();
        var stale = new List<ExternalFileEntry>();
        HashSet<string>? changed = null;
        foreach (ExternalFileEntry entry in all.Where(static entry => entry.File.Refused is not null))
        {
            if (found.Contains(entry.File.Name))
            {
                refused.Add(entry);
            }
            else if (!(changed ??= [.. candidates.Select(static file => file.Path)]).Contains(entry.File.Name) && look.Hiding(entry.File.Name) is null)
            {
                stale.Add(entry);
            }
        }

        return (refused, stale);
    }

    private ExternalFault? FaultOf(ExternalFileEntry entry, FileEntry file)
    {
        try
        {
            return file.Length == entry.File.Size && ChecksumOf(file) == entry.File.Crc32C ? null : new ExternalFault(entry, ExternalFaultKind.Changed, file);
        }
        catch (FileNotFoundException)
        {
            return new ExternalFault(entry, ExternalFaultKind.Gone);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ExternalFault(entry, ExternalFaultKind.Unreadable, file, ReadAccess.Reason(e));
        }
    }

    private bool Holds(FileEntry file, SourceProgress.ExternalBronzeFile taken)
    {
        try
        {
            return file.Length == taken.Size && ChecksumOf(file) == taken.Crc32C;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its ingest reports why it cannot be read.
            return false;
        }
    }

    private uint ChecksumOf(FileEntry file)
    {
        if (!_checksums.TryGetValue(file.Path, out (FileEntry File, uint Crc32C) known) || known.File != file)
        {
            known = (file, _store.Checksum(file.Path).Crc32C);
            _checksums[file.Path] = known;
        }

        return known.Crc32C;
    }

    // A message's columns in the path are part of what a file holds, unless it has them itself; other folders are not.
    private bool HasSameColumns(string taken, string now)
    {
        return ColumnsOf(taken, []).AsSpan().SequenceEqual(ColumnsOf(now, []))
            || (_ownColumns?.Invoke(now) is { } own && ColumnsOf(taken, own).AsSpan().SequenceEqual(ColumnsOf(now, own)));
    }

    private static string[] ColumnsOf(string path, IReadOnlyCollection<string> own) =>
    [
        .. path.Split('/').Where(part => part.IndexOf('=', StringComparison.Ordinal) is > 0 and var end
            && Uri.UnescapeDataString(part[..end]) is var column && KnownColumnNames.Contains(column) && !own.Contains(column)),
    ];
}
