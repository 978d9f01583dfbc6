namespace OrleansLake.Storage.Tests.Stores;

public sealed class LocalStoreTests : LakeStoreContract, IDisposable
{
    private readonly TemporaryLake _lake = new();

    protected override ILakeStore Store => _lake.Store;

    [Fact]
    public void Large_writes_come_out_as_they_went_in()
    {
        byte[] bytes = new byte[1_000_000];
        new Random(1).NextBytes(bytes);
        using IFileWriter writer = Store.CreateTemporary("large");
        for (int at = 0; at < bytes.Length;)
        {
            int count = Math.Min(bytes.Length - at, 1 + at % 300_000);
            writer.Content.Write(bytes.AsSpan(at, count));
            at += count;
            Assert.Equal(at, writer.Content.Position);
        }

        // Whoever writes to the stream may dispose of it.
        writer.Content.Dispose();
        CompletedFile file = writer.Complete();
        Assert.Equal(new CompletedFile("large", bytes.Length, Crc32C.Of(bytes)), file);
        Assert.Equal(file, Store.Checksum("large"));
        Assert.Equal(bytes, Store.ReadAll("large"));
    }

    [Fact]
    public void Streams_seek()
    {
        _lake.Write("s", "0123456789");
        using Stream stream = Store.OpenStream("s");
        stream.Seek(-3, SeekOrigin.End);
        Assert.Equal('7', stream.ReadByte());
        Assert.Equal(10, stream.Length);
    }

    public void Dispose() => _lake.Dispose();
}
