using OrleansLake.Storage.Stores;

namespace OrleansLake.Testing;

/// <summary>An open file.</summary>
internal sealed class MemoryFile(string path, MemoryBytes bytes) : IRandomReader, ILogFile
{
    public string Path => path;

    public long Length => bytes.Length;

    public int Read(Span<byte> destination, long position) => bytes.Read(destination, position);

    public void Write(ReadOnlySpan<byte> written, long position) => bytes.Write(written, position);

    public void Flush()
    {
    }

    public void Trim(long length) => bytes.Trim(length);

    public void Dispose()
    {
    }
}
