namespace OrleansLake.Storage.Stores;

/// <summary>A seekable stream over a file that is open for reading; it owns the file.</summary>
internal sealed class RandomReaderStream(IRandomReader reader) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => reader.Length;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        int read = reader.Read(buffer, Position);
        Position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin)
    {
        long start = origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            _ => Length,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(start + offset);
        return Position = start + offset;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException("the file is open for reading");

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("the file is open for reading");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            reader.Dispose();
        }

        base.Dispose(disposing);
    }
}
