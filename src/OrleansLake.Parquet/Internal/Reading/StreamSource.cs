namespace OrleansLake.Parquet.Internal.Reading;

/// <summary>A stream that can seek, one read at a time.</summary>
internal sealed class StreamSource : ByteSource
{
    private readonly Stream _stream;
    private readonly Lock _lock = new();

    public StreamSource(Stream stream)
    {
        if (!stream.CanSeek || !stream.CanRead)
        {
            throw new ArgumentException("A Parquet file is read from its end: the stream must seek and read.", nameof(stream));
        }

        _stream = stream;
        Length = stream.Length;
    }

    public override long Length { get; }

    public override void Read(long offset, Span<byte> into)
    {
        lock (_lock)
        {
            _stream.Position = offset;
            if (_stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) < into.Length)
            {
                throw Shrunk();
            }
        }
    }

    public override void Dispose() => _stream.Dispose();
}
