using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Tests.Fuzzing;

/// <summary>A store that can be read only: files in memory, of which one may be replaced.</summary>
internal sealed class BytesStore(IReadOnlyDictionary<string, byte[]> files, string replaced, byte[] bytes) : ILakeStore
{
    public string Location => "memory";

    public FileEntry? Find(string path) => Bytes(path) is { } found ? new FileEntry(path, found.Length, 0) : null;

    public IRandomReader OpenRead(string path) =>
        new Reader(path, Bytes(path) ?? throw new FileNotFoundException($"{path} is not there", path));

    public IReadOnlyList<FileEntry> List(string folder, bool recursive) =>
        [.. files.Where(file => file.Key.StartsWith(folder + "/", StringComparison.Ordinal)).Select(file => new FileEntry(file.Key, Bytes(file.Key)!.Length, 0))];

    public IFileWriter CreateTemporary(string path) => throw new NotSupportedException();

    public IReadOnlyList<PublishOutcome> Publish(IReadOnlyList<FileMove> files) => throw new NotSupportedException();

    public void MakeNamesDurable(IReadOnlyList<string> paths) => throw new NotSupportedException();

    public void Replace(FileMove file) => throw new NotSupportedException();

    public bool Delete(string path) => throw new NotSupportedException();

    public ILogFile CreateLogFile(string path, long preallocateBytes) => throw new NotSupportedException();

    public IDisposable? TryLock(string path, string owner) => throw new NotSupportedException();

    public string? ReadLockOwner(string path) => throw new NotSupportedException();

    private byte[]? Bytes(string path) => path == replaced ? bytes : files.GetValueOrDefault(path);

    private sealed class Reader(string path, byte[] bytes) : IRandomReader
    {
        public string Path => path;

        public long Length => bytes.Length;

        public int Read(Span<byte> destination, long position)
        {
            if (position < 0 || position >= bytes.Length)
            {
                return 0;
            }

            int count = (int)Math.Min(destination.Length, bytes.Length - position);
            bytes.AsSpan((int)position, count).CopyTo(destination);
            return count;
        }

        public void Dispose()
        {
        }
    }
}
