using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Xunit;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Tests.Messages;

public class UuidTextTests
{
    [Property(MaxTest = 1000)]
    public void Canonical_text_is_read_and_written_as_the_platform_does(Guid id)
    {
        byte[] text = Encoding.UTF8.GetBytes(id.ToString());
        byte[] bytes = id.ToByteArray(bigEndian: true);
        var expected = new MessageIdBits(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(8)));
        Assert.True(UuidText.TryParse(text, out MessageIdBits bits));
        Assert.Equal(expected, bits);
        Assert.True(UuidText.TryParseScalar(text, out bits));
        Assert.Equal(expected, bits);
        byte[] written = new byte[UuidText.Length];
        UuidText.Format(bits, written);
        Assert.Equal(text, written);
    }

    [Fact]
    public void Every_byte_at_every_place_but_its_own_kind_makes_another_id()
    {
        byte[] canonical = "01234567-89ab-cdef-0123-456789abcdef"u8.ToArray();
        for (int at = 0; at < canonical.Length; at++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] text = [.. canonical];
                text[at] = (byte)value;
                bool isUuid = canonical[at] == '-' ? value == '-' : char.IsAsciiHexDigitLower((char)value);
                Assert.Equal(isUuid, UuidText.TryParse(text, out MessageIdBits bits));
                Assert.Equal(isUuid, UuidText.TryParseScalar(text, out MessageIdBits scalar));
                Assert.Equal(scalar, bits);
                if (isUuid)
                {
                    byte[] written = new byte[UuidText.Length];
                    UuidText.Format(bits, written);
                    Assert.Equal(text, written);
                }
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("460e5646-0012-42c8-a98e-0fd4e250b3f")]
    [InlineData("460e5646-0012-42c8-a98e-0fd4e250b3fe0")]
    [InlineData("460E5646-0012-42C8-A98E-0FD4E250B3FE")]
    [InlineData("460e5646001242c8a98e0fd4e250b3fe")]
    [InlineData("{60e5646-0012-42c8-a98e-0fd4e250b3fe")]
    public void Other_texts_are_no_uuids(string text) => Assert.False(UuidText.TryParse(Encoding.UTF8.GetBytes(text), out _));
}
