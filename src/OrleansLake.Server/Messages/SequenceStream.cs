using System.Buffers;
using OrleansLake.Core;

namespace OrleansLake.Server.Messages;

/// <summary>Bytes in memory as a stream.</summary>
internal sealed class SequenceStream(ReadOnlySequence<byte> bytes) : ReadOnlyStream
{
    private ReadOnlySequence<byte> _left = bytes;

    public override int Read(Span<byte> buffer)
    {
        int read = (int)Math.Min(buffer.Length, _left.Length);
        _left.Slice(0, read).CopyTo(buffer);
        _left = _left.Slice(read);
        return read;
    }
}
