using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Tests.Output;

public class StreamBufferWriterTests
{
    [Fact]
    public void Everything_comes_through_in_order_whatever_the_pieces_are()
    {
        byte[] bytes = new byte[10_000];
        new Random(1).NextBytes(bytes);
        using MemoryStream stream = new();
        using (StreamBufferWriter writer = new(stream, 64))
        {
            Random sizes = new(2);
            for (int at = 0; at < bytes.Length;)
            {
                int size = Math.Min(sizes.Next(0, 200), bytes.Length - at);
                bytes.AsSpan(at, size).CopyTo(writer.GetSpan(size));
                writer.Advance(size);
                at += size;
            }
        }

        Assert.Equal(bytes, stream.ToArray());
    }

    [Fact]
    public void More_than_was_asked_for_cannot_be_claimed()
    {
        using StreamBufferWriter writer = new(Stream.Null, 16);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(17));
    }
}
