namespace OrleansLake.Testing;

/// <summary>The bytes of a file, under whichever name it has. What was not written reads as zeros, and takes no memory behind the last byte that was.</summary>
internal sealed class MemoryBytes(TimeProvider clock, long length)
{
    private readonly Lock _gate = new();
    private byte[] _bytes = [];
    private long _length = length;

    internal long Length => Volatile.Read(ref _length);

    internal long ModifiedUtcTicks { get; private set; } = clock.GetUtcNow().UtcTicks;

    internal int Read(Span<byte> destination, long position)
    {
        lock (_gate)
        {
            Span<byte> read = destination[..(int)Math.Clamp(_length - position, 0, destination.Length)];
            ReadOnlySpan<byte> written = _bytes.AsSpan((int)Math.Min(position, _bytes.Length));
            written = written[..Math.Min(written.Length, read.Length)];
            written.CopyTo(read);
            read[written.Length..].Clear();
            return read.Length;
        }
    }

    internal void Write(ReadOnlySpan<byte> bytes, long position)
    {
        lock (_gate)
        {
            int end = checked((int)(position + bytes.Length));
            if (end > _bytes.Length)
            {
                Array.Resize(ref _bytes, Math.Max(end, _bytes.Length * 2));
            }

            bytes.CopyTo(_bytes.AsSpan((int)position));
            _length = Math.Max(_length, end);
            ModifiedUtcTicks = clock.GetUtcNow().UtcTicks;
        }
    }

    internal void Trim(long length)
    {
        lock (_gate)
        {
            _length = Math.Min(_length, length);
            _bytes = _bytes.Length > _length ? _bytes[..(int)_length] : _bytes;
        }
    }
}
