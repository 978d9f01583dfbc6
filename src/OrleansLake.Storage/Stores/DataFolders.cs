namespace OrleansLake.Storage.Stores;

/// <summary>Lists a lake's data folders for files of our own naming.</summary>
public static class DataFolders
{
    // What every name of ours begins with; see DataFileName.
    private const string Prefix = "part-p";

    /// <summary>
    /// Returns the files below a data folder; of bronze those that are named as ours may be, staged and temporary ones included. Other
    /// programs have folders there that may not be readable, and nothing of ours is in them.
    /// </summary>
    public static IReadOnlyList<FileEntry> List(ILakeStore store, string folder)
    {
        ArgumentNullException.ThrowIfNull(store);
        return folder == LakePaths.BronzeData ? store.ListWanted(folder, IsNamedAsOurs) : store.List(folder, recursive: true);
    }

    private static bool IsNamedAsOurs(string path) => path.AsSpan(path.LastIndexOf('/') + 1).StartsWith(Prefix, StringComparison.Ordinal);
}
