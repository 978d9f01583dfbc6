using System.Buffers;
using System.Globalization;
using System.Text;

namespace OrleansLake.Core.Parsing;

/// <summary>Input as an error message shows it: on one line, shortened, safe for a terminal.</summary>
public static class ShownText
{
    /// <summary>The most characters that are shown, the one for what is left out included.</summary>
    public const int CharsMax = 80;

    // What a shell leaves as it is.
    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=,:+@%");

    /// <summary>Returns the bytes as text; what ends lines and tabs are blanks.</summary>
    public static string Of(ReadOnlySpan<byte> utf8)
    {
        // No character takes more than 4 bytes: what is past this is not shown.
        ReadOnlySpan<byte> head = utf8[..Math.Min(utf8.Length, 4 * (CharsMax + 1))];
        string text = Encoding.UTF8.GetString(head);
        var shown = new StringBuilder(CharsMax + 1);
        bool whole = head.Length == utf8.Length;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (shown.Length + rune.Utf16SequenceLength >= CharsMax)
            {
                whole = false;
                break;
            }

            shown.Append(IsShown(rune) ? rune.ToString() : rune.Value is '\n' or '\r' or '\t' ? " " : "\uFFFD");
        }

        return whole ? shown.ToString() : shown.Append('…').ToString();
    }

    /// <summary>Returns whether a terminal shows the character itself, and neither interprets it nor reverses the line.</summary>
    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>Returns the bytes as text in quotation marks.</summary>
    public static string Quoted(ReadOnlySpan<byte> utf8) => $"\"{Of(utf8)}\"";

    /// <summary>Returns a text as a word of a shell's command: as it is, in quotation marks, or with escapes for what a terminal does not show.</summary>
    public static string InShell(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > 0 && text.AsSpan().IndexOfAnyExcept(Plain) < 0)
        {
            return text;
        }

        if (text.EnumerateRunes().All(IsShown))
        {
            return $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
        }

        var escaped = new StringBuilder("$'");
        foreach (Rune rune in text.EnumerateRunes())
        {
            escaped.Append(rune.Value switch
            {
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                '\\' => @"\\",
                '\'' => @"\'",
                _ when IsShown(rune) => rune.ToString(),
                _ => string.Concat(Encoding.UTF8.GetBytes(rune.ToString()).Select(static one => $@"\{Convert.ToString(one, 8).PadLeft(3, '0')}")),
            });
        }

        return escaped.Append('\'').ToString();
    }
}
