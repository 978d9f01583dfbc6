using System.Buffers;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Snapshots;

/// <summary>
/// Takes the bytes of a snapshot as they are made and writes them to a temporary file in blocks, so that no snapshot
/// is held in memory whole.
/// </summary>
internal sealed class SnapshotWriter : IBufferWriter<byte>, IDisposable
{
    private readonly StateFileWriter _writer;
    private readonly string _path;
    private readonly bool _isBase;
    private byte[] _buffer = new byte[1 << 18];
    private int _used;

    internal SnapshotWriter(StateFileWriter writer, string path, bool isBase)
    {
        _writer = writer;
        _path = path;
        _isBase = isBase;
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_buffer.Length - _used), nameof(count));
        _used += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_used);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_used);
    }

    /// <summary>
    /// Ends a section: what is read back at once. A state larger than an array (2 GiB) is written as several.
    /// </summary>
    public void EndSection()
    {
        Drain();
        _writer.EndSection();
    }

    /// <summary>Ends the last section and makes the bytes durable, to be published by a commit.</summary>
    public SnapshotDraft Complete()
    {
        EndSection();
        CompletedFile file = _writer.Complete();
        return new SnapshotDraft(file.Path, new StateFile(_path, 0, file.Length, file.Crc32C), _isBase);
    }

    /// <summary>Removes the file, unless it is complete.</summary>
    public void Dispose() => _writer.Dispose();

    private void Reserve(int sizeHint)
    {
        int needed = Math.Max(sizeHint, 1);
        if (_buffer.Length - _used >= needed)
        {
            return;
        }

        Drain();
        if (needed > _buffer.Length)
        {
            _buffer = new byte[needed];
        }
    }

    private void Drain()
    {
        _writer.Write(_buffer.AsSpan(0, _used));
        _used = 0;
    }
}
