using FsCheck;
using FsCheck.Xunit;
using OrleansLake.Parquet.Internal.Compression;

namespace OrleansLake.Parquet.Tests;

/// <summary>Our own codecs: what was compressed comes back, and checksums are looked at.</summary>
public class CompressionTests
{
    // "zstd -c" of the text below, whose frame ends with the checksum of its content.
    private const string ZstdText = "a page of values, a page of values, and nothing else but a page of values";
    private const string ZstdFrame = "28b52ffd04587d01005402612070616765206f662076616c7565732c206e64206e6f7468696e6720656c7365206275740200959a834aa61d16d94e02";

    [Property(MaxTest = 500)]
    public void Lz4_gives_back_what_was_compressed(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        byte[] bytes = new byte[random.Next(4) == 0 ? random.Next(64) : random.Next(200_000)];
        int alphabet = random.Next(1, 257);
        for (int i = 0; i < bytes.Length;)
        {
            // Noise and copies of what came before, near and beyond the 64 KiB that a match may be away.
            int run = Math.Min(bytes.Length - i, random.Next(1, 400));
            int distance = random.Next(1, 70_000);
            for (int end = i + run; i < end; i++)
            {
                bytes[i] = (run & 1) == 0 && distance <= i ? bytes[i - distance] : (byte)random.Next(alphabet);
            }
        }

        byte[] compressed = new byte[Lz4Compressor.BytesMax(bytes.Length)];
        int written = Lz4Compressor.Compress(bytes, compressed);
        byte[] back = new byte[bytes.Length];
        Assert.True(Lz4Block.TryDecompress(compressed.AsSpan(0, written), back, out int length));
        Assert.Equal(bytes.Length, length);
        Assert.Equal(bytes, back);
    }

    [Fact]
    public void Lz4_shrinks_runs_and_stays_within_its_bound_on_noise()
    {
        byte[] room = new byte[Lz4Compressor.BytesMax(100_000)];
        Assert.InRange(Lz4Compressor.Compress(new byte[100_000], room), 1, 500);
        byte[] noise = new byte[100_000];
        new Random(1).NextBytes(noise);
        Assert.InRange(Lz4Compressor.Compress(noise, room), noise.Length, room.Length);
    }

    [Fact]
    public void Zstd_frame_with_another_checksum_is_damaged()
    {
        byte[] frame = Convert.FromHexString(ZstdFrame);
        byte[] into = new byte[ZstdText.Length];
        Assert.True(Zstandard.TryDecompress(frame, into));
        Assert.Equal(ZstdText, System.Text.Encoding.UTF8.GetString(into));
        for (int bit = 0; bit < 32; bit++)
        {
            byte[] other = [.. frame];
            other[frame.Length - 4 + (bit / 8)] ^= (byte)(1 << (bit % 8));
            Assert.False(Zstandard.TryDecompress(other, into));
        }
    }
}
