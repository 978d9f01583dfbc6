using OrleansLake.Core;

namespace OrleansLake.Engine.Input;

/// <summary>The first bytes of a stream, as a stream. The stream stays open.</summary>
internal sealed class FirstBytes(Stream stream, long length) : ReadOnlyStream
{
    private long _left = length;

    public override int Read(Span<byte> buffer)
    {
        int read = stream.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left -= read;
        return read;
    }
}
