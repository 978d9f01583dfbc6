namespace OrleansLake.Storage.Stores;

/// <summary>The survey of a folder: the files that are wanted, and those that cannot be taken.</summary>
/// <param name="Files">The files that may be read, in no order.</param>
/// <param name="LeftOut">What else bears a wanted name or may hold such: links, what is not a regular file, names that are not UTF-8, and what may not be read.</param>
public sealed record FolderSurvey(IReadOnlyList<FileEntry> Files, IReadOnlyList<LeftOutEntry> LeftOut)
{
    /// <summary>Finds what keeps a path from being read: itself, or a folder that it is in; null if nothing does.</summary>
    public LeftOutEntry? Hiding(string path) => LeftOut.FirstOrDefault(one => one.Hides(path));
}
