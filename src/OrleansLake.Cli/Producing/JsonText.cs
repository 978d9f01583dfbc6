using System.Buffers;

namespace OrleansLake.Cli.Producing;

/// <summary>JSON strings (RFC 8259, section 7) from UTF-8 text: only what must be escaped is.</summary>
internal static class JsonText
{
    /// <summary>The factor by which a text can grow: a control character becomes <c>\u0000</c>.</summary>
    public const int GrowthMax = 6;

    private static readonly SearchValues<byte> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(c => (byte)c), (byte)'"', (byte)'\\']);

    private static ReadOnlySpan<byte> HexDigits => "0123456789abcdef"u8;

    /// <summary>Writes a text without its quotes and gives the length; the destination holds <see cref="GrowthMax"/> times the text.</summary>
    public static int Escape(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int written = 0;
        while (true)
        {
            int plain = text.IndexOfAny(Escaped);
            ReadOnlySpan<byte> run = plain < 0 ? text : text[..plain];
            run.CopyTo(destination[written..]);
            written += run.Length;
            if (plain < 0)
            {
                return written;
            }

            written += EscapeOne(text[plain], destination[written..]);
            text = text[(plain + 1)..];
        }
    }

    private static int EscapeOne(byte c, Span<byte> destination)
    {
        byte letter = c switch
        {
            (byte)'"' or (byte)'\\' => c,
            (byte)'\n' => (byte)'n',
            (byte)'\r' => (byte)'r',
            (byte)'\t' => (byte)'t',
            (byte)'\b' => (byte)'b',
            (byte)'\f' => (byte)'f',
            _ => 0,
        };
        destination[0] = (byte)'\\';
        if (letter != 0)
        {
            destination[1] = letter;
            return 2;
        }

        "u00"u8.CopyTo(destination[1..]);
        destination[4] = HexDigits[c >> 4];
        destination[5] = HexDigits[c & 15];
        return 6;
    }
}
