namespace OrleansLake.Storage.Stores;

/// <summary>Something in a folder that is not taken as a file.</summary>
/// <param name="Path">Its path from the lake's root.</param>
/// <param name="Reason">Why, as the rest of a sentence that starts with its name; of what may not be read, the system's words.</param>
/// <param name="IsUnreadable">Whether it may not be read: a file, or a folder with all that is in it.</param>
/// <param name="File">The file that may not be read; null of a folder, and where not even that is known.</param>
public sealed record LeftOutEntry(string Path, string Reason, bool IsUnreadable = false, FileEntry? File = null)
{
    /// <summary>Gets a value indicating whether it is a folder.</summary>
    public bool IsFolder { get; init; }

    /// <summary>Returns whether a path cannot be read for this: it is the same, or is below it.</summary>
    public bool Hides(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return IsUnreadable && path.StartsWith(Path, StringComparison.Ordinal) && (path.Length == Path.Length || path[Path.Length] == '/');
    }
}
