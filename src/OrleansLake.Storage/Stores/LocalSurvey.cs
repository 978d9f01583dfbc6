using System.IO.Enumeration;

namespace OrleansLake.Storage.Stores;

/// <summary>Walks a folder for the files that are wanted by name, and notes what bears such a name and is not taken.</summary>
/// <remarks>Links are not followed: one leads out of the lake, or to what is listed already. Only what is wanted by name is looked at.</remarks>
internal sealed class LocalSurvey
{
    // What a name has for bytes that are not UTF-8: no such name can be opened.
    private const char NotUtf8 = '\uFFFD';

    private static readonly EnumerationOptions All = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    private readonly int _skip;
    private readonly Func<string, bool> _isWanted;
    private readonly bool _asksForAccess;
    private readonly List<FileEntry> _files = [];
    private readonly List<LeftOutEntry> _leftOut = [];

    /// <param name="root">The lake's folder.</param>
    /// <param name="isWanted">Whether a file of this path from the lake's root is wanted.</param>
    /// <param name="asksForAccess">Whether files that may not be read are left out: that costs a call to the system for each.</param>
    internal LocalSurvey(string root, Func<string, bool> isWanted, bool asksForAccess)
    {
        _skip = root.Length + (Path.EndsInDirectorySeparator(root) ? 0 : 1);
        _isWanted = isWanted;
        _asksForAccess = asksForAccess;
    }

    /// <summary>Walks a folder; empty if it is not there.</summary>
    internal FolderSurvey Of(string folder)
    {
        if (Directory.Exists(folder))
        {
            Walk(folder);
        }
        else if (ReadAccess.IsHidden(folder))
        {
            _leftOut.Add(new LeftOutEntry(PathOf(folder), ReadAccess.Denied, IsUnreadable: true) { IsFolder = true });
        }

        return new FolderSurvey(_files, _leftOut);
    }

    private void Walk(string folder)
    {
        List<Entry> found = [];
        try
        {
            found.AddRange(new FileSystemEnumerable<Entry>(
                folder,
                (ref FileSystemEntry entry) => new Entry(PathOf(entry.ToFullPath()), entry.IsDirectory, (entry.Attributes & FileAttributes.ReparsePoint) != 0),
                All)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => entry.IsDirectory || _isWanted(PathOf(entry.ToFullPath())),
            });
        }
        catch (DirectoryNotFoundException)
        {
            if (folder.Contains(NotUtf8, StringComparison.Ordinal) && !Directory.Exists(folder))
            {
                LeaveOut(PathOf(folder), "has a name that is not UTF-8, so nothing in it can be opened; rename the folder");
            }

            return;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            _leftOut.Add(new LeftOutEntry(PathOf(folder), ReadAccess.Reason(e), IsUnreadable: true) { IsFolder = true });
        }

        foreach ((string path, bool isFolder, bool isLink) in found)
        {
            string full = Path.Join(folder, path[(path.LastIndexOf('/') + 1)..]);
            if (isLink)
            {
                LeaveOut(path, isFolder
                    ? "is a link to a folder, and links are not followed here; `lake ingest` reads the folder that it leads to"
                    : SystemPath.IsThere(full) ? "is a link, and links are not followed here; copy the file, or `lake ingest` it"
                    : "is a link that leads to no file, and links are not followed here; remove it, or put a file in its place");
            }
            else if (isFolder)
            {
                Walk(full);
            }
            else
            {
                Look(path, new FileInfo(full));
            }
        }
    }

    private void Look(string path, FileInfo file)
    {
        try
        {
            // What is not a regular file has no length.
            if (file.Length == 0 && FileIdentity.Of(file.FullName) is { IsSpecial: true } special)
            {
                LeaveOut(path, $"is {special.KindName} and not a file; `lake ingest` reads pipes");
                return;
            }

            var entry = new FileEntry(path, file.Length, file.LastWriteTimeUtc.Ticks);
            if (_asksForAccess && ReadAccess.IsDenied(file.FullName))
            {
                _leftOut.Add(new LeftOutEntry(path, ReadAccess.Denied, IsUnreadable: true, entry));
                return;
            }

            _files.Add(entry);
        }
        catch (FileNotFoundException)
        {
            // Else it vanished between its name and its length.
            if (path.Contains(NotUtf8, StringComparison.Ordinal))
            {
                LeaveOut(path, "has a name that is not UTF-8, so it cannot be opened; rename it");
            }
            else if (ReadAccess.IsHidden(file.FullName))
            {
                _leftOut.Add(new LeftOutEntry(path, ReadAccess.Denied, IsUnreadable: true));
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            _leftOut.Add(new LeftOutEntry(path, ReadAccess.Reason(e), IsUnreadable: true));
        }
    }

    private void LeaveOut(string path, string reason) => _leftOut.Add(new LeftOutEntry(path, reason));

    private string PathOf(string fullPath)
    {
        string path = fullPath.Length < _skip ? "" : fullPath[_skip..];
        return Path.DirectorySeparatorChar == '/' ? path : path.Replace(Path.DirectorySeparatorChar, '/');
    }

    // A class: the library's code that enumerates them is compiled ahead of time.
    private sealed record Entry(string Path, bool IsFolder, bool IsLink);
}
