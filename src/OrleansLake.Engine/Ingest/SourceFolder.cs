namespace OrleansLake.Engine.Ingest;

/// <summary>
/// The Parquet files of a folder, each once. Links to folders below it are not followed, so that no loop of them is
/// walked; a file to which several names lead is taken by the first.
/// </summary>
internal sealed class SourceFolder
{
    private readonly string _root;
    private readonly List<string> _unreadable;
    private readonly List<string> _files = [];
    private readonly List<string> _others = [];
    private readonly List<string> _special = [];
    private readonly NamedFiles _known;
    private int _linkedFolders;
    private int _repeated;

    private SourceFolder(string root, NamedFiles known, List<string> unreadable)
    {
        _root = root;
        _known = known;
        _unreadable = unreadable;
    }

    /// <summary>Gets the files' paths below the folder, in the order of their names.</summary>
    internal IReadOnlyList<string> Files => _files;

    /// <summary>Gets what was left out, as text.</summary>
    internal IEnumerable<string> Notes
    {
        get
        {
            foreach (string special in _special)
            {
                yield return special;
            }

            if (_linkedFolders > 0)
            {
                yield return $"{_linkedFolders} {(_linkedFolders == 1 ? "link to a folder is" : "links to folders are")} not followed.";
            }

            if (_repeated > 0)
            {
                yield return $"{_repeated} {(_repeated == 1 ? "name leads" : "names lead")} to files that have another name in the folder or the command; each file is ingested once.";
            }

            if (_others.Count > 0)
            {
                yield return $"{_others.Count} {(_others.Count == 1 ? "file is" : "files are")} not Parquet by the name ({(_others.Count > 2 ? "such as " : "")}{string.Join(", ", _others.Take(2))}) and left out; name {(_others.Count == 1 ? "it" : "them")} to take {(_others.Count == 1 ? "it" : "them")}.";
            }
        }
    }

    /// <summary>Gets a value indicating whether it has Parquet files, and other names led to all of them before.</summary>
    internal bool IsAllKnown => _files.Count == 0 && _repeated > 0;

    /// <param name="root">The folder; it may be a link.</param>
    /// <param name="known">The files that other names led to before.</param>
    /// <param name="unreadable">Gets what cannot be read: links that lead nowhere, and folders without permission.</param>
    internal static SourceFolder Read(string root, NamedFiles known, List<string> unreadable)
    {
        var folder = new SourceFolder(root, known, unreadable);
        folder.Walk(root);
        folder._files.Sort(StringComparer.Ordinal);
        folder.TakeOutRepeated();
        return folder;
    }

    private void Walk(string path)
    {
        FileSystemInfo[] entries;
        try
        {
            entries = [.. new DirectoryInfo(path).EnumerateFileSystemInfos()];
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            _unreadable.Add(e is UnauthorizedAccessException ? $"{path}: the folder cannot be read ({ExternalFile.Denied}); let this user read it." : $"{path}: {e.Message}");
            return;
        }

        foreach (FileSystemInfo entry in entries)
        {
            if (entry.Name[0] is '_' or '.')
            {
                continue;
            }

            string relative = Path.GetRelativePath(_root, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');
            string named = Path.Combine(_root, relative);
            bool isLink = entry.LinkTarget is not null;
            if (isLink && !SystemPath.IsThere(entry.FullName))
            {
                _unreadable.Add($"{named}: it is a link that leads nowhere ({entry.LinkTarget}).");
            }
            else if (!isLink && relative.Contains('\uFFFD', StringComparison.Ordinal) && !Path.Exists(entry.FullName))
            {
                _unreadable.Add($"{named}: the name is not UTF-8, so it cannot be opened; rename it{(entry is DirectoryInfo ? "" : ", or pipe it in (lake ingest - < FILE)")}.");
            }
            else if (Directory.Exists(entry.FullName))
            {
                if (isLink)
                {
                    _linkedFolders++;
                }
                else
                {
                    Walk(named);
                }
            }
            else if (FileIdentity.Of(entry.FullName) is { IsSpecial: true } special)
            {
                // To open a pipe waits for somebody who writes to it.
                _special.Add($"{named} is {special.KindName} and not a file, and left out{(special.IsUnreadable ? "" : "; name it to read it")}.");
            }
            else if (entry.Name.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
            {
                _files.Add(relative);
            }
            else
            {
                _others.Add(named);
            }
        }
    }

    private void TakeOutRepeated() => _repeated = _files.RemoveAll(file => _known.IsKnown(Path.Combine(_root, file), out _));
}
