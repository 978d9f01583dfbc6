using OrleansLake.Storage.Stores;

namespace OrleansLake.Simulation.Stores;

internal sealed class MemoryLogFile(FaultyMemoryStore store, string path, MemoryFile file) : ILogFile
{
    private readonly int _process = store.Process;

    public string Path => path;

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        byte[] written = bytes.ToArray();
        store.Trace(written);
        store.Run(
            "write", path, isChange: true, () => file.Write(written, position), needsRoom: true,
            random => file.Write(written.AsSpan(0, random.Next(written.Length)), position), _process);
        store.Touch(file);
    }

    public void Flush() => store.Run(
        "sync", path, isChange: true,
        () =>
        {
            if (!store.Bug.HasFlag(PlantedBug.SkipFileSync))
            {
                file.Sync();
            }
        },
        onFailure: file.FailSync, process: _process);

    public void Trim(long length)
    {
        if (store.IsAlive(_process))
        {
            file.Truncate(length);
        }
    }

    public void Dispose()
    {
    }
}
