using System.Globalization;
using System.Text;

namespace OrleansLake.Cli.Output;

/// <summary>The number of columns of a terminal that a text takes, and texts made safe to print there.</summary>
internal static class DisplayWidth
{
    /// <summary>Returns the columns that a text takes: 2 for wide letters and emoji, 0 for marks that combine.</summary>
    public static int Of(string text)
    {
        int width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += Of(rune);
        }

        return width;
    }

    /// <summary>
    /// Returns a text without control characters: what a message holds must not move the cursor or change colours of the
    /// terminal that it is printed on.
    /// </summary>
    public static string Printable(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\u001f') && !text.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
        {
            return text;
        }

        StringBuilder safe = new(text.Length);
        foreach (char c in text)
        {
            safe.Append(c switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when char.IsControl(c) => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }

        return safe.ToString();
    }

    /// <summary>Returns the text, cut to <paramref name="max"/> columns with an ellipsis at its end.</summary>
    public static string Shorten(string text, int max)
    {
        if (Of(text) <= max)
        {
            return text;
        }

        int width = 0;
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += Of(rune);
            if (width > max - 1)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return string.Concat(text.AsSpan(0, length), "…");
    }

    private static int Of(Rune rune)
    {
        int value = rune.Value;
        if (value < 0x300)
        {
            return 1;
        }

        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format)
        {
            return 0;
        }

        // Unicode Standard Annex 11, the blocks that are wide as a whole.
        bool isWide = value is >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0x303E or >= 0x3041 and <= 0xA4CF
            or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF or >= 0xFE30 and <= 0xFE6F or >= 0xFF00 and <= 0xFF60
            or >= 0xFFE0 and <= 0xFFE6 or >= 0x1F300 and <= 0x1F64F or >= 0x1F680 and <= 0x1F6FF
            or >= 0x1F900 and <= 0x1FAFF or >= 0x20000 and <= 0x3FFFD;
        return isWide ? 2 : 1;
    }
}
