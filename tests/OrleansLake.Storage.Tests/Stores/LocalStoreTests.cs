using OrleansLake.Storage.Checksums;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Tests.Stores;

public sealed class LocalStoreTests : LakeStoreContract, IDisposable
{
    private readonly TemporaryLake _lake = new();

    protected override ILakeStore Store => _lake.Store;

    [Theory]
    [InlineData('x', 255, false)]
    [InlineData('x', 300, true)]
    [InlineData('é', 128, true)]
    public void A_name_that_no_file_system_takes_is_refused_with_the_limit(char letter, int length, bool isRefused)
    {
        string root = Path.Combine(Path.GetTempPath(), new string(letter, length), "lake");
        Exception? refusal = Record.Exception(() => new LocalStore(root));
        Assert.Equal(isRefused, refusal is PathTooLongException);
        Assert.True(!isRefused || refusal!.Message.EndsWith("a name has 255 at most.", StringComparison.Ordinal));
    }

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

        // The writer of the stream may dispose it.
        writer.Content.Dispose();
        CompletedFile file = writer.Complete();
        Assert.Equal(new CompletedFile("large", bytes.Length, Crc32C.Of(bytes)), file);
        Assert.Equal(file, Store.Checksum("large"));
        Assert.Equal(bytes, Store.ReadAll("large"));
    }

    [Fact]
    public void Log_file_holds_what_was_written_and_zeros_behind_it_whatever_the_sizes()
    {
        const int Capacity = 3_000_000;
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        byte[] expected = new byte[Capacity];
        using (ILogFile file = Store.CreateLogFile("log", Capacity))
        {
            for (int at = 0; at < Capacity - 400_000;)
            {
                // Small frames, for which zeros are written ahead, and large ones, some of them written twice.
                byte[] frame = new byte[random.Next(4) == 0 ? random.Next(400_000) : random.Next(30_000)];
                random.NextBytes(frame);
                frame.CopyTo(expected, at);
                for (int times = random.Next(1, 3); times > 0; times--)
                {
                    file.Write(frame, at);
                }

                at += frame.Length;
                if (random.Next(3) == 0)
                {
                    file.Flush();
                    AssertHolds(at);
                }
            }
        }

        AssertHolds(Capacity - 400_000);

        void AssertHolds(int written)
        {
            byte[] found = Store.ReadAll("log");
            Assert.InRange(found.Length, written, Capacity);
            Assert.True(expected.AsSpan(0, found.Length).SequenceEqual(found), $"seed {seed}, at {written}");
        }
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
