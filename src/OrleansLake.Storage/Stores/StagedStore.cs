namespace OrleansLake.Storage.Stores;

/// <summary>
/// A lake whose next generation is being made beside it: Parquet files that get their names through this store get
/// them with <see cref="Suffix"/>, so that no reader by folder sees them, and are found under both.
/// </summary>
/// <param name="inner">The lake's store.</param>
internal sealed class StagedStore(ILakeStore inner) : ILakeStore
{
    /// <summary>The suffix of a data file's name until its generation is the lake's.</summary>
    public const string Suffix = ".staged";

    /// <inheritdoc/>
    public string Location => inner.Location;

    /// <inheritdoc/>
    public FileEntry? Find(string path) =>
        inner.Find(path) ?? (IsData(path) && inner.Find(path + Suffix) is { } staged ? staged with { Path = path } : null);

    /// <inheritdoc/>
    public IRandomReader OpenRead(string path)
    {
        try
        {
            return inner.OpenRead(path);
        }
        catch (FileNotFoundException) when (IsData(path))
        {
        }

        try
        {
            return inner.OpenRead(path + Suffix);
        }
        catch (FileNotFoundException)
        {
            // It may have got its name between the two looks.
            return inner.OpenRead(path);
        }
    }

    /// <inheritdoc/>
    public IFileWriter CreateTemporary(string path) => inner.CreateTemporary(path);

    /// <inheritdoc/>
    public IReadOnlyList<PublishOutcome> Publish(IReadOnlyList<FileMove> files)
    {
        return inner.Publish([.. files.Select(static file => file with { Path = Staged(file.Path) })]);
    }

    /// <inheritdoc/>
    public void MakeNamesDurable(IReadOnlyList<string> paths) => inner.MakeNamesDurable(paths);

    /// <inheritdoc/>
    public void Replace(FileMove file) => inner.Replace(file with { Path = Staged(file.Path) });

    /// <inheritdoc/>
    public bool Delete(string path) => inner.Delete(Staged(path));

    /// <inheritdoc/>
    public IReadOnlyList<FileEntry> List(string folder, bool recursive) =>
    [
        .. inner.List(folder, recursive).Select(static file => file.Path.EndsWith(DataFileName.Extension + Suffix, StringComparison.Ordinal)
            ? file with { Path = file.Path[..^Suffix.Length] } : file),
    ];

    /// <inheritdoc/>
    public ILogFile CreateLogFile(string path, long preallocateBytes) => inner.CreateLogFile(path, preallocateBytes);

    /// <inheritdoc/>
    public IDisposable? TryLock(string path, string owner) => inner.TryLock(path, owner);

    /// <inheritdoc/>
    public string? ReadLockOwner(string path) => inner.ReadLockOwner(path);

    private static bool IsData(string path) => path.EndsWith(DataFileName.Extension, StringComparison.Ordinal);

    private static string Staged(string path) => IsData(path) ? path + Suffix : path;
}
