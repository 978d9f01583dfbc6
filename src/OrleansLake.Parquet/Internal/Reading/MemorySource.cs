namespace OrleansLake.Parquet.Internal.Reading;

/// <summary>A file that is in memory.</summary>
internal sealed class MemorySource(ReadOnlyMemory<byte> bytes) : ByteSource
{
    public override long Length => bytes.Length;

    public override void Read(long offset, Span<byte> into) => bytes.Span.Slice((int)offset, into.Length).CopyTo(into);

    public override bool TrySlice(long offset, int count, out ReadOnlyMemory<byte> slice)
    {
        slice = bytes.Slice((int)offset, count);
        return true;
    }

    public override void Dispose()
    {
    }
}
