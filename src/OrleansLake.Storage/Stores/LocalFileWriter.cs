using System.Buffers;
using Microsoft.Win32.SafeHandles;
using OrleansLake.Core;
using OrleansLake.Storage.Checksums;

namespace OrleansLake.Storage.Stores;

/// <summary>Writes a temporary file and takes its checksum on the way.</summary>
internal sealed class LocalFileWriter : WriteOnlyStream, IFileWriter
{
    private const int BufferBytes = 1 << 18;

    // A millisecond of a disk that writes 1 GB/s: what waits behind this file waits for two of these at most.
    private const int WriteBackBytes = 1 << 20;

    private readonly SafeFileHandle _handle;
    private readonly string _fullPath;
    private readonly Durability _durability;
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);    // of the dozens of files of a commit each has one
    private int _buffered;
    private long _written;
    private long _writingBack;       // the disk is asked for everything before this place
    private long _writingBackBytes;  // of which it may not have the last so many yet
    private uint _crc;
    private bool _completed;

    public LocalFileWriter(SafeFileHandle handle, string path, string fullPath, Durability durability)
    {
        _handle = handle;
        _fullPath = fullPath;
        _durability = durability;
        Path = path;
    }

    public string Path { get; }

    public Stream Content => this;

    public override long Length => _written + _buffered;

    public CompletedFile Complete()
    {
        Drain();
        if (_durability == Durability.Full)
        {
            FolderSync.SyncFile(_handle, _fullPath);
        }

        _completed = true;
        _handle.Dispose();
        return new CompletedFile(Path, _written, _crc);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_buffer is null || _completed, this);
        _crc = Crc32C.Append(_crc, buffer);
        if (_buffered + buffer.Length > BufferBytes)
        {
            Drain();
            if (buffer.Length >= BufferBytes)
            {
                Store(buffer);
                return;
            }
        }

        buffer.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += buffer.Length;
    }

    public override void WriteByte(byte value) => Write([value]);

    /// <summary>
    /// Closes the stream alone, which leaves the file open: the writer of <see cref="Content"/> may dispose it.
    /// </summary>
    public override void Close()
    {
    }

    void IDisposable.Dispose()
    {
        if (_buffer is null)
        {
            return;
        }

        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
        _handle.Dispose();
        if (!_completed)
        {
            try
            {
                File.Delete(_fullPath);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The failure that led here is the one to be reported; the owner sweeps what is left.
            }
        }

        base.Close();
    }

    private void Drain()
    {
        Store(_buffer.AsSpan(0, _buffered));
        _buffered = 0;
    }

    private void Store(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_handle, bytes, _written);
        _written += bytes.Length;
        long waiting = _written - _writingBack;
        if (_durability == Durability.Full && waiting >= WriteBackBytes)
        {
            FolderSync.WriteBack(_handle, _writingBack, _writingBackBytes, waiting);
            (_writingBack, _writingBackBytes) = (_written, waiting);
        }
    }
}
