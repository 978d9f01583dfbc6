using System.Text;

namespace OrleansLake.Core.Parsing;

/// <summary>The escapes in JSON strings: RFC 8259, section 7.</summary>
internal static class JsonText
{
    /// <summary>
    /// Decodes a string whose escapes are well formed (a JSON reader has seen to that).
    /// </summary>
    /// <param name="escaped">The text between the quotation marks.</param>
    /// <param name="destination">At least as long as <paramref name="escaped"/>: no escape is shorter than its text.</param>
    /// <param name="written">The bytes written.</param>
    /// <returns>False if half a surrogate pair is unpaired.</returns>
    public static bool TryUnescape(ReadOnlySpan<byte> escaped, Span<byte> destination, out int written)
    {
        written = 0;
        while (true)
        {
            int plain = escaped.IndexOf((byte)'\\');
            if (plain < 0)
            {
                escaped.CopyTo(destination[written..]);
                written += escaped.Length;
                return true;
            }

            escaped[..plain].CopyTo(destination[written..]);
            written += plain;
            byte kind = escaped[plain + 1];
            escaped = escaped[(plain + 2)..];
            if (kind != 'u')
            {
                destination[written++] = Unescape(kind);
                continue;
            }

            int unit = Hex(escaped);
            escaped = escaped[4..];
            var rune = (Rune)0xFFFD;
            if (char.IsHighSurrogate((char)unit) && escaped.StartsWith("\\u"u8))
            {
                int low = Hex(escaped[2..]);
                escaped = escaped[6..];
                if (!Rune.TryCreate((char)unit, (char)low, out rune))
                {
                    return false;
                }
            }
            else if (!Rune.TryCreate((char)unit, out rune))
            {
                return false;
            }

            written += rune.EncodeToUtf8(destination[written..]);
        }
    }

    private static byte Unescape(byte kind) => kind switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => kind,
    };

    private static int Hex(ReadOnlySpan<byte> digits)
    {
        int value = 0;
        foreach (byte c in digits[..4])
        {
            value = (value << 4) | (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        }

        return value;
    }
}
