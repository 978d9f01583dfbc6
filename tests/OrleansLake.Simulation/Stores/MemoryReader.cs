using OrleansLake.Storage.Stores;

namespace OrleansLake.Simulation.Stores;

internal sealed class MemoryReader(FaultyMemoryStore store, string path, MemoryFile file) : IRandomReader
{
    private readonly int _process = store.Process;

    public string Path => path;

    public long Length => file.Content.Length;

    public int Read(Span<byte> destination, long position)
    {
        store.Run("read", path, isChange: false, static () => { }, process: _process);
        if (position >= file.Content.Length)
        {
            return 0;
        }

        ReadOnlySpan<byte> rest = file.Content.AsSpan((int)position);
        rest = rest[..Math.Min(rest.Length, destination.Length)];
        rest.CopyTo(destination);
        return store.Lies(path, destination[..rest.Length], out int length) ? length : rest.Length;
    }

    public void Dispose()
    {
    }
}
