using System.Buffers;
using System.Globalization;
using System.Text;

namespace OrleansLake.Client.Sending;

/// <summary>
/// Idempotency keys as an HTTP header holds them. Visible ASCII and blanks are put between quotes, as in <c>"order 7"</c>; any
/// other text is a display string (RFC 9651, 3.3.8): <c>%"caf%c3%a9"</c>, its UTF-8 with percents.
/// </summary>
internal static class IdempotencyKeys
{
    /// <summary>The longest key in bytes of UTF-8.</summary>
    internal const int BytesMax = 255;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>Checks a key, where it is not written as a header.</summary>
    /// <exception cref="LakeClientException">It cannot be a key.</exception>
    internal static void Check(string? key) => _ = key is null ? [] : Utf8Of(key);

    /// <summary>Returns the header for a key.</summary>
    /// <exception cref="LakeClientException">It cannot be a key.</exception>
    internal static string Header(string key)
    {
        byte[] utf8 = Utf8Of(key);
        if (!key.AsSpan().ContainsAnyExcept(Plain))
        {
            return $"\"{key}\"";
        }

        var text = new StringBuilder("%\"", utf8.Length + 16);
        foreach (byte one in utf8)
        {
            _ = one is < 0x20 or > 0x7E or (byte)'%' or (byte)'"' ? text.Append(CultureInfo.InvariantCulture, $"%{one:x2}") : text.Append((char)one);
        }

        return text.Append('"').ToString();
    }

    /// <summary>Returns the key that a header holds: between quotes, as a display string, or bare. Null: what begins as a display
    /// string is none.</summary>
    internal static string? OfHeader(string header)
    {
        if (header.StartsWith("%\"", StringComparison.Ordinal))
        {
            return header.Length > 2 && header[^1] == '"' ? OfDisplayString(header.AsSpan()[2..^1]) : null;
        }

        return header.Length >= 2 && header[0] == '"' && header[^1] == '"' ? header[1..^1] : header;
    }

    private static string? OfDisplayString(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[text.Length];
        int count = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char one = text[i];
            if (one == '%')
            {
                if (i + 2 >= text.Length || !byte.TryParse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[count++]))
                {
                    return null;
                }

                i += 2;
            }
            else if (one is >= ' ' and <= '~' and not '"')
            {
                bytes[count++] = (byte)one;
            }
            else
            {
                return null;
            }
        }

        try
        {
            return Strict.GetString(bytes, 0, count);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static byte[] Utf8Of(string key)
    {
        byte[] utf8;
        try
        {
            utf8 = Strict.GetBytes(key);
        }
        catch (EncoderFallbackException e)
        {
            throw Unusable("it holds half a surrogate pair, which is not text", e);
        }

        return utf8.Length switch
        {
            0 => throw Unusable("it is empty", null),
            > BytesMax => throw Unusable($"it has {utf8.Length} bytes of UTF-8, but at most {BytesMax} are allowed", null),
            _ => utf8,
        };
    }

    private static LakeClientException Unusable(string fault, Exception? inner) =>
        new(LakeClientErrorKind.BadRequest, $"The idempotency key cannot be used: {fault}.", inner);
}
