namespace OrleansLake.Storage.Stores;

/// <summary>A file that is open for reading. Thread-safe.</summary>
public interface IRandomReader : IDisposable
{
    /// <summary>Gets the path.</summary>
    string Path { get; }

    /// <summary>Gets the length in bytes, now.</summary>
    long Length { get; }

    /// <summary>Reads until the span is full or the file ends, and returns the number of bytes read.</summary>
    int Read(Span<byte> destination, long position);
}
