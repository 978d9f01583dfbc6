using OrleansLake.Core;
using OrleansLake.Storage.Checksums;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Azure;

/// <summary>Writes a temporary file on this side and takes its checksum on the way.</summary>
internal sealed class SpooledFileWriter(string path, Action<string, SpooledFile> completed) : WriteOnlyStream, IFileWriter
{
    /// <summary>Files up to this size stay in memory: manifests, reports, most silver.</summary>
    private const int MemoryBytesMax = 4 << 20;

    private Stream? _bytes = new MemoryStream();
    private long _written;
    private uint _crc;
    private CompletedFile? _completed;

    public string Path { get; } = path;

    public Stream Content => this;

    public override long Length => _written;

    public CompletedFile Complete()
    {
        ObjectDisposedException.ThrowIf(_bytes is null, this);
        completed(Path, new SpooledFile(_bytes));
        _bytes = null;
        _completed = new CompletedFile(Path, _written, _crc);
        return _completed.Value;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_bytes is null, this);
        if (_bytes is MemoryStream && _written + buffer.Length > MemoryBytesMax)
        {
            FileStream file = OpenFile();
            _bytes.Position = 0;
            _bytes.CopyTo(file);
            _bytes.Dispose();
            _bytes = file;
        }

        _bytes.Write(buffer);
        _crc = Crc32C.Append(_crc, buffer);
        _written += buffer.Length;
    }

    // The writer of the content may dispose it: it goes only when it was not completed by then.
    void IDisposable.Dispose()
    {
        _bytes?.Dispose();
        _bytes = null;
    }

    /// <summary>Closes the stream alone, which leaves the file open.</summary>
    public override void Close()
    {
    }

    private static FileStream OpenFile() => new(
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"orleanslake-{Guid.NewGuid():N}.spool"),
        FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
}
