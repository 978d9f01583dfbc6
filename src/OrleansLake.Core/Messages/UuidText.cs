using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
    /// <remarks>
    /// The 32 digits are moved together into two vectors, each digit becomes its value, and each pair of values a byte:
    /// <code>
    /// 460e5646-0012-42c8-a98e-0fd4e250b3fe
    /// 460e5646 0012 42c8                      first:  0 to 7, 9 to 12, 14 to 17
    ///                    a98e 0fd4e250b3fe    second: 19 to 22, 24 to 35
    /// </code>
    /// </remarks>
    public static bool TryParse(ReadOnlySpan<byte> text, out MessageIdBits bits)
    {
        if (!Vector128.IsHardwareAccelerated || !BitConverter.IsLittleEndian)
        {
            return TryParseScalar(text, out bits);
        }

        bits = default;
        if (text.Length != Length || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        {
            return false;
        }

        // A shuffle puts 0 where its index is none; the last digits lie past a load of 16 and come from the next one.
        const byte No = 255;
        ref byte first = ref MemoryMarshal.GetReference(text);
        Vector128<byte> high =
            Vector128.Shuffle(Vector128.LoadUnsafe(ref first), Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, No, No))
            | Vector128.Shuffle(Vector128.LoadUnsafe(ref first, 2), Vector128.Create(No, No, No, No, No, No, No, No, No, No, No, No, No, No, 14, 15));
        Vector128<byte> low =
            Vector128.Shuffle(Vector128.LoadUnsafe(ref first, 19), Vector128.Create((byte)0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, No))
            | Vector128.Shuffle(Vector128.LoadUnsafe(ref first, 20), Vector128.Create(No, No, No, No, No, No, No, No, No, No, No, No, No, No, No, 15));
        Vector128<byte> highValues = Values(high, out Vector128<byte> highBad);
        Vector128<byte> lowValues = Values(low, out Vector128<byte> lowBad);
        if ((highBad | lowBad) != Vector128<byte>.Zero)
        {
            return false;
        }

        Vector128<ulong> bytes = Vector128.Narrow(Pairs(highValues), Pairs(lowValues)).AsUInt64();
        bits = new MessageIdBits(
            BinaryPrimitives.ReverseEndianness(bytes.GetElement(0)), BinaryPrimitives.ReverseEndianness(bytes.GetElement(1)));
        return true;
    }

    /// <summary>Does the same, digit by digit.</summary>
    internal static bool TryParseScalar(ReadOnlySpan<byte> text, out MessageIdBits bits)
    {
        bits = default;
        if (text.Length != Length || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
        {
            return false;
        }

        uint bad = 0;
        ulong high = Hex(text, 0, 8, ref bad) << 32 | Hex(text, 9, 4, ref bad) << 16 | Hex(text, 14, 4, ref bad);
        ulong low = Hex(text, 19, 4, ref bad) << 48 | Hex(text, 24, 12, ref bad);
        if (bad > 15)
        {
            return false;
        }

        bits = new MessageIdBits(high, low);
        return true;
    }

    /// <summary>Writes the canonical text into the first <see cref="Length"/> bytes.</summary>
    /// <remarks>The way of <see cref="TryParse"/> back: nibbles, digits, and the digits moved apart for the dashes.</remarks>
    public static void Format(MessageIdBits bits, Span<byte> destination)
    {
        if (!Vector128.IsHardwareAccelerated || !BitConverter.IsLittleEndian)
        {
            FormatScalar(bits, destination);
            return;
        }

        const byte No = 255;
        destination = destination[..Length];
        Vector128<byte> bytes = Vector128.Create(
            BinaryPrimitives.ReverseEndianness(bits.High), BinaryPrimitives.ReverseEndianness(bits.Low)).AsByte();
        Vector128<byte> first = (bytes.AsUInt16() >> 4).AsByte() & Vector128.Create((byte)0x0F);
        Vector128<byte> second = bytes & Vector128.Create((byte)0x0F);
        Vector128<byte> table = Vector128.Create(HexDigits);
        Vector128<byte> high = Vector128.Shuffle(table, (Vector128.WidenLower(first) | (Vector128.WidenLower(second) << 8)).AsByte());
        Vector128<byte> low = Vector128.Shuffle(table, (Vector128.WidenUpper(first) | (Vector128.WidenUpper(second) << 8)).AsByte());
        ref byte start = ref MemoryMarshal.GetReference(destination);
        (Vector128.Shuffle(high, Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, No, 8, 9, 10, 11, No, 12, 13))
            | Vector128.Create((byte)0, 0, 0, 0, 0, 0, 0, 0, (byte)'-', 0, 0, 0, 0, (byte)'-', 0, 0)).StoreUnsafe(ref start);
        (Vector128.Shuffle(high, Vector128.Create(14, 15, No, No, No, No, No, No, No, No, No, No, No, No, No, No))
            | Vector128.Shuffle(low, Vector128.Create(No, No, No, 0, 1, 2, 3, No, 4, 5, 6, 7, 8, 9, 10, 11))
            | Vector128.Create(0, 0, (byte)'-', 0, 0, 0, 0, (byte)'-', 0, 0, 0, 0, 0, 0, 0, 0)).StoreUnsafe(ref start, 16);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[32..], low.AsUInt32().GetElement(3));
    }

    /// <summary>Does the same, digit by digit.</summary>
    internal static void FormatScalar(MessageIdBits bits, Span<byte> destination)
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

    private static Vector128<byte> Values(Vector128<byte> digits, out Vector128<byte> bad)
    {
        Vector128<byte> number = digits - Vector128.Create((byte)'0');
        Vector128<byte> letter = digits - Vector128.Create((byte)'a');
        Vector128<byte> isNumber = Vector128.Equals(Vector128.Min(number, Vector128.Create((byte)9)), number);
        Vector128<byte> isLetter = Vector128.Equals(Vector128.Min(letter, Vector128.Create((byte)5)), letter);
        bad = ~(isNumber | isLetter);
        return Vector128.ConditionalSelect(isNumber, number, letter + Vector128.Create((byte)10));
    }

    /// <summary>Returns two values to a byte: of each 16-bit lane the low byte holds the first digit, the high byte the second.</summary>
    private static Vector128<ushort> Pairs(Vector128<byte> values)
    {
        Vector128<ushort> lanes = values.AsUInt16();
        return ((lanes & Vector128.Create((ushort)0x00FF)) << 4) | (lanes >> 8);
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
