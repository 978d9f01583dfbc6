using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Azure;

/// <summary>Reads a temporary file that has no other name yet.</summary>
internal sealed class SpooledReader(string path, SpooledFile file) : IRandomReader
{
    public string Path { get; } = path;

    public long Length => file.Length;

    public int Read(Span<byte> destination, long position) => file.Read(destination, position);

    public void Dispose()
    {
        // The file is the store's.
    }
}
