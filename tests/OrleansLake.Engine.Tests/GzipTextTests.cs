using System.IO.Compression;
using System.Text;
using OrleansLake.Engine.Input;

namespace OrleansLake.Engine.Tests;

public class GzipTextTests
{
    [Theory]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.SmallestSize)]
    [InlineData(CompressionLevel.NoCompression)]
    public void A_source_cut_off_anywhere_gives_a_beginning_of_its_text_and_nothing_else(CompressionLevel level)
    {
        // Small enough to be cut at every byte. In a stored block, whatever is put behind the cut would pass for text.
        byte[] first = Encoding.UTF8.GetBytes(SentStreams.Ndjson(SentStreams.Many(12, 5)));
        byte[] second = Encoding.UTF8.GetBytes(SentStreams.Ndjson(SentStreams.Many(3, 6)));
        byte[] packedFirst = Packed.Gzip(first, level);
        byte[] packed = [.. packedFirst, .. Packed.Gzip(second, level)];
        byte[] text = [.. first, .. second];
        for (int cut = 2; cut <= packed.Length; cut++)
        {
            byte[] read = Read(packed.AsSpan(0, cut), out bool isCutOff);
            Assert.True(text.AsSpan().StartsWith(read), $"cut at {cut}: bytes that the source does not hold");
            Assert.Equal(cut != packedFirst.Length && cut != packed.Length, isCutOff);
            if (!isCutOff)
            {
                Assert.Equal(cut == packed.Length ? text.Length : first.Length, read.Length);
            }
        }
    }

    [Fact]
    public void Noise_behind_a_member_is_damage()
    {
        byte[] packed = Packed.Gzip("text"u8);
        Assert.Equal("text"u8.ToArray(), Read([.. packed, .. "noise, not a member of it"u8], out bool isDamaged));
        Assert.True(isDamaged);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(512)]
    [InlineData(200_000)]
    public void Zeros_behind_members_are_padding_and_nothing_else_is(int zeros)
    {
        // An empty member ends with eight zeros, and one with less than 16 MB of text with at least one.
        byte[] empty = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        foreach (byte[] packed in (byte[][])[Packed.Gzip("text"u8), [.. empty, .. Packed.Gzip("text"u8)], Packed.Gzip("text"u8, CompressionLevel.NoCompression)])
        {
            Assert.Equal("text"u8.ToArray(), Read([.. packed, .. new byte[zeros]], out bool isDamaged));
            Assert.False(isDamaged);
            Assert.Equal("texttext"u8.ToArray(), Read([.. packed, .. new byte[zeros], .. packed, .. empty, .. new byte[zeros]], out isDamaged));
            Assert.False(isDamaged);
            Read([.. packed, .. new byte[zeros], 7], out isDamaged);
            Assert.True(isDamaged);
            Read([.. packed, .. new byte[zeros], .. packed[..^1]], out isDamaged);
            Assert.True(isDamaged);
            Read([.. packed[..^5], .. new byte[zeros]], out isDamaged);
            Assert.True(isDamaged);
        }
    }

    private static byte[] Read(ReadOnlySpan<byte> packed, out bool isCutOff)
    {
        using var source = new MemoryStream(packed.ToArray());
        using var unpacked = new GzipText(source, "nothing was stored");
        using var text = new MemoryStream();
        isCutOff = false;
        try
        {
            byte[] buffer = new byte[100];
            int read;
            while ((read = unpacked.Read(buffer)) > 0)
            {
                text.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            isCutOff = true;
        }

        return text.ToArray();
    }
}
