namespace OrleansLake.Storage.Azure;

/// <summary>
/// A completed temporary file on this side: in memory, or on the local disk when it is large. It is uploaded under the
/// name that it gets.
/// </summary>
internal sealed class SpooledFile(Stream content) : IDisposable
{
    /// <summary>Gets the id that shows which of several uploads of one name a blob is: by it a lost response is resolved.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Gets the time when it was completed.</summary>
    public DateTime CompletedUtc { get; } = DateTime.UtcNow;

    public long Length { get; } = content.Length;

    /// <summary>Gets or sets a value indicating whether it was uploaded under its temporary name, too.</summary>
    public bool IsStored { get; set; }

    /// <summary>Reads the bytes: for one caller at a time, which has it to itself.</summary>
    public T Read<T>(Func<Stream, T> read)
    {
        lock (content)
        {
            content.Position = 0;
            return read(content);
        }
    }

    /// <summary>Reads some of the bytes.</summary>
    public int Read(Span<byte> destination, long position)
    {
        lock (content)
        {
            content.Position = Math.Min(position, Length);
            return content.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
    }

    public void Dispose()
    {
        lock (content)
        {
            content.Dispose();
        }
    }
}
