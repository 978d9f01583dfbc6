using System.Buffers;

namespace OrleansLake.Cli.Output;

/// <summary>A buffer writer over a stream, so that a result of any size needs one buffer. Disposing writes the rest out.</summary>
internal sealed class StreamBufferWriter(Stream destination, int bufferBytes) : IBufferWriter<byte>, IDisposable
{
    private byte[] _buffer = new byte[bufferBytes];
    private int _written;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _written);
        _written += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _buffer.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _buffer.AsSpan(_written);
    }

    public void Dispose() => WriteOut();

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _written >= bytes)
        {
            return;
        }

        WriteOut();
        if (_buffer.Length < bytes)
        {
            _buffer = new byte[bytes];
        }
    }

    private void WriteOut()
    {
        destination.Write(_buffer.AsSpan(0, _written));
        _written = 0;
    }
}
