using System.Buffers.Binary;

namespace OrleansLake.Core.Messages;

/// <summary>
/// UUIDs in canonical text (RFC 9562, section 4): <c>8-4-4-4-12</c> hexadecimal digits, lower case. Upper case is
/// another text, hence another id.
/// </summary>
public static class UuidText
{
    /// <summary>The length of the text in bytes.</summary>
    public const int Length = 36;

    private static ReadOnlySpan<byte> HexDigits => "0123456789abcdef"u8;

    /// <summary>Reads a canonical UUID; false for every other text.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out MessageIdBits bits)
    {
        bits = default;
        if (text.Length != Length || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        {
            return false;
        }

        uint bad = 0;
        ulong high = Hex(text, 0, 8, ref bad) << 32 | Hex(text, 9, 4, ref bad) << 16 | Hex(text, 14, 4, ref bad);
        ulong low = Hex(text, 19, 4, ref bad) << 48 | Hex(text, 24, 12, ref bad);
        bits = new MessageIdBits(high, low);
        return bad <= 15;
    }

    /// <summary>Writes the canonical text into the first <see cref="Length"/> bytes.</summary>
    public static void Format(MessageIdBits bits, Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, bits.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], bits.Low);
        destination = destination[..Length];
        int at = 0;
        for (int i = 0; i < 16; i++)
        {
            if (i is 4 or 6 or 8 or 10)
            {
                destination[at++] = (byte)'-';
            }

            destination[at++] = HexDigits[bytes[i] >> 4];
            destination[at++] = HexDigits[bytes[i] & 15];
        }
    }

    private static ulong Hex(ReadOnlySpan<byte> text, int start, int digits, ref uint bad)
    {
        ulong value = 0;
        foreach (byte c in text.Slice(start, digits))
        {
            uint digit = c is >= (byte)'0' and <= (byte)'9' ? c - (uint)'0'
                : c is >= (byte)'a' and <= (byte)'f' ? c - (uint)'a' + 10 : 16;
            bad |= digit;
            value = value << 4 | (digit & 15);
        }

        return value;
    }
}
