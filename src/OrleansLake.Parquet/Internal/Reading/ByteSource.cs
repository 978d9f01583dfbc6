namespace OrleansLake.Parquet.Internal.Reading;

/// <summary>A source of a file's bytes. Reads have no shared position: many threads may read at the same time.</summary>
internal abstract class ByteSource : IDisposable
{
    /// <summary>Gets the file's size in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Fills a span with the bytes from an offset on, all of which are within <see cref="Length"/>.</summary>
    /// <exception cref="ParquetException">The file has become shorter.</exception>
    public abstract void Read(long offset, Span<byte> into);

    /// <summary>Returns the bytes themselves, if they are in memory.</summary>
    public virtual bool TrySlice(long offset, int count, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        return false;
    }

    public abstract void Dispose();

    private protected static ParquetException Shrunk() => ParquetException.Corrupt("The file has become shorter while it was read.");
}
