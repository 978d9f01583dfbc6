using OrleansLake.Storage.Checksums;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Simulation.Stores;

internal sealed class MemoryFileWriter(FaultyMemoryStore store, string path, MemoryFile file) : IFileWriter
{
    private readonly int _process = store.Process;
    private readonly MemoryStream _content = new();
    private bool _isComplete;

    public string Path => path;

    public Stream Content => _content;

    public CompletedFile Complete()
    {
        byte[] bytes = _content.ToArray();
        store.Trace(bytes);
        store.Run(
            "write", path, isChange: true, () => file.Write(bytes, 0), needsRoom: true,
            random => file.Write(bytes.AsSpan(0, random.Next(bytes.Length + 1)), 0), _process);
        store.Run(
            "sync", path, isChange: true,
            () =>
            {
                if (!store.Bug.HasFlag(PlantedBug.SkipFileSync))
                {
                    file.Sync();
                }
            },
            onFailure: file.FailSync, process: _process);
        store.Touch(file);
        _isComplete = true;
        return new CompletedFile(path, bytes.Length, Crc32C.Of(bytes));
    }

    public void Dispose()
    {
        if (!_isComplete)
        {
            store.Forget(path, file, _process);
        }
    }
}
