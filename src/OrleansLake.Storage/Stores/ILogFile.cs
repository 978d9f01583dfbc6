namespace OrleansLake.Storage.Stores;

/// <summary>A file of the log: written at given places, made durable by <see cref="Flush"/>. Not thread-safe except for <see cref="Flush"/>, which may run beside <see cref="Write"/>.</summary>
public interface ILogFile : IDisposable
{
    /// <summary>Gets the path.</summary>
    string Path { get; }

    /// <summary>Gets a value indicating whether the file has reached the size at which the store wants no more: another file is begun
    /// then, however much space this one had.</summary>
    bool IsFull => false;

    /// <summary>Writes all the bytes at a place.</summary>
    /// <exception cref="IOException">Any part of the bytes may have been written, nothing else has been touched; the same place may be written again.</exception>
    void Write(ReadOnlySpan<byte> bytes, long position);

    /// <summary>Makes durable all that was written by calls of <see cref="Write"/> that have returned.</summary>
    /// <exception cref="IOException">Nothing is known about what was written since the last flush; the file must not be used again.</exception>
    void Flush();

    /// <summary>Cuts the file to what is used of it, on a best effort: readers do not depend on it.</summary>
    void Trim(long length);
}
