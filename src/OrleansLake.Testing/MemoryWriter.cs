using OrleansLake.Storage.Checksums;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Testing;

/// <summary>A file that is being written; one that is not completed is removed.</summary>
internal sealed class MemoryWriter(string path, MemoryBytes bytes, Action remove) : IFileWriter
{
    private readonly MemoryStream _content = new();
    private bool _isComplete;

    public string Path => path;

    public Stream Content => _content;

    public CompletedFile Complete()
    {
        ReadOnlySpan<byte> written = _content.GetBuffer().AsSpan(0, (int)_content.Length);
        bytes.Write(written, 0);
        _isComplete = true;
        return new CompletedFile(path, written.Length, Crc32C.Of(written));
    }

    public void Dispose()
    {
        if (!_isComplete)
        {
            remove();
        }
    }
}
