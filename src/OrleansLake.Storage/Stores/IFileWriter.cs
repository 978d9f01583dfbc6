namespace OrleansLake.Storage.Stores;

/// <summary>
/// A temporary file that is being written, once, from its start to its end. Disposing of it before
/// <see cref="Complete"/> removes the file.
/// </summary>
public interface IFileWriter : IDisposable
{
    /// <summary>Gets the temporary path.</summary>
    string Path { get; }

    /// <summary>Gets the stream of the bytes: forward only, not seekable. It belongs to the writer.</summary>
    Stream Content { get; }

    /// <summary>Makes the bytes durable (not yet the name) and closes the file.</summary>
    /// <exception cref="IOException">They may not be durable. The file is removed by disposing, and written again.</exception>
    CompletedFile Complete();
}
