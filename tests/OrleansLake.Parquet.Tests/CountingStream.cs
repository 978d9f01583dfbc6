namespace OrleansLake.Parquet.Tests;

/// <summary>A file in memory that counts what is read of it.</summary>
internal sealed class CountingStream(byte[] bytes) : MemoryStream(bytes)
{
    public long BytesRead { get; set; }

    // MemoryStream brings reads into spans here too, in classes made of it.
    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = base.Read(buffer, offset, count);
        BytesRead += read;
        return read;
    }
}
