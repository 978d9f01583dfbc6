namespace OrleansLake.Storage.Stores;

/// <summary>
/// The store of a lake's files: a local folder, an object store, or a simulator's memory. Paths are relative to the
/// lake's root and separated by <c>/</c>. All of a lake's input and output goes through here.
/// </summary>
/// <remarks>
/// Thread-safe. Calls that fail throw <see cref="IOException"/> (or <see cref="UnauthorizedAccessException"/>);
/// unless their contract says more, the outcome is then unknown and must be read back. A listing shows every file
/// that was published before it began.
/// </remarks>
public interface ILakeStore
{
    /// <summary>Gets the location of the store, for messages to people.</summary>
    string Location { get; }

    /// <summary>Returns a file's entry; null if there is no such file.</summary>
    /// <exception cref="UnauthorizedAccessException">Whether there is one may not be known: a folder above it may not be looked into.</exception>
    FileEntry? Find(string path);

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    IRandomReader OpenRead(string path);

    /// <summary>
    /// Creates a file to be written and then published or replaced, in place of one of that name, whose bytes stay as
    /// they are under any other name that it has; folders that are missing are made.
    /// Its name must not end in <c>.parquet</c>: readers by folder would take it for data.
    /// </summary>
    IFileWriter CreateTemporary(string path);

    /// <summary>
    /// Gives completed files their names, each atomically and never over a file that is there; the names are durable
    /// when the call returns, and so are folders that were made for them. The temporary name is gone afterwards
    /// where the outcome is <see cref="PublishOutcome.Published"/>, and still there otherwise. The call may be repeated
    /// when it failed: a file that has its name by then gives <see cref="PublishOutcome.AlreadyExists"/>, and its
    /// name is made durable all the same.
    /// </summary>
    /// <returns>An outcome for each file, in order.</returns>
    /// <exception cref="FileNotFoundException">A file is under neither of its names.</exception>
    /// <exception cref="IOException">Any of the files may have got their names, durable or not.</exception>
    IReadOnlyList<PublishOutcome> Publish(IReadOnlyList<FileMove> files);

    /// <summary>
    /// Makes durable the names that files have now, temporary ones as well, and folders that were made for them; of
    /// files that were deleted, that they are gone. A store whose files are durable with their names has nothing to do.
    /// </summary>
    void MakeNamesDurable(IReadOnlyList<string> paths);

    /// <summary>Publishes a completed file under its name atomically, in place of one that may be there; durable on return.</summary>
    void Replace(FileMove file);

    /// <summary>
    /// Deletes a file; false if there was none. Not durable: after a power failure it may be back, which callers
    /// must bear, or prevent by <see cref="MakeNamesDurable"/>.
    /// </summary>
    bool Delete(string path);

    /// <summary>Returns the files below a folder, in no order; empty if the folder is not there. Files that vanish meanwhile are left out.</summary>
    IReadOnlyList<FileEntry> List(string folder, bool recursive);

    /// <summary>
    /// Returns those below a folder, folders in it included, whose paths are wanted. A store whose listings look at each file does so
    /// at these only: of a folder of thousands that differ by name it is much the cheaper. Folders that may not be read are left out.
    /// </summary>
    IReadOnlyList<FileEntry> ListWanted(string folder, Func<string, bool> isWanted) =>
        [.. List(folder, recursive: true).Where(file => isWanted(file.Path))];

    /// <summary>
    /// Returns those below a folder whose paths are wanted and that may be read, and what is left out, so that it can be reported. Whether a file
    /// may be read is asked for without opening it.
    /// </summary>
    FolderSurvey Survey(string folder, Func<string, bool> isWanted) => new(ListWanted(folder, isWanted), []);

    /// <summary>
    /// Creates a file of the log with space for a number of bytes (zeros as far as it is read before it is written).
    /// Its name is durable on return.
    /// </summary>
    /// <exception cref="IOException">The name is taken, or there is no space; then no file is left.</exception>
    ILogFile CreateLogFile(string path, long preallocateBytes);

    /// <summary>
    /// Takes the one lock of a name until it is disposed or the process ends, however it ends.
    /// </summary>
    /// <param name="path">The lock's name.</param>
    /// <param name="owner">A line about the owner, for <see cref="ReadLockOwner"/>.</param>
    /// <returns>Null if another owner has it.</returns>
    IDisposable? TryLock(string path, string owner);

    /// <summary>Returns whether somebody has the lock of a name now.</summary>
    bool IsLocked(string path)
    {
        using IDisposable? taken = TryLock(path, "");
        return taken is null;
    }

    /// <summary>Returns what the owner of a lock said about itself; null if that is not known. Takes no lock.</summary>
    string? ReadLockOwner(string path);
}
