using System.Text;

namespace OrleansLake.Sinks.PostgreSql;

/// <summary>Names and texts as PostgreSQL can have them.</summary>
internal static class SqlNames
{
    /// <summary>The number of bytes that a name has at most; of a longer one PostgreSQL cuts off the rest, without an error.</summary>
    internal const int BytesMax = 63;

    /// <summary>Returns a name in quotation marks.</summary>
    internal static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Returns a text in a literal's quotation marks.</summary>
    internal static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>Returns a text without U+0000, which PostgreSQL cannot store: it becomes the six characters <c>\u0000</c>.</summary>
    internal static string Text(string text) => text.Contains('\0', StringComparison.Ordinal) ? text.Replace("\0", "\\u0000", StringComparison.Ordinal) : text;

    /// <summary>Returns a name that fits, and that no other one has: cut at a character, with a number behind it where that is needed.</summary>
    /// <param name="name">The name that is wanted.</param>
    /// <param name="others">The names that there are.</param>
    /// <param name="ending">What it ends with.</param>
    internal static string Fit(string name, IReadOnlyCollection<string> others, string ending = "")
    {
        string whole = name.Length == 0 ? "_" : Text(name);
        string fit = Cut(whole, BytesMax - ending.Length) + ending;
        for (int number = 2; others.Contains(fit); number++)
        {
            string tail = $"{ending}_{number}";
            fit = Cut(whole, BytesMax - tail.Length) + tail;
        }

        return fit;
    }

    private static string Cut(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes)
        {
            return text;
        }

        int length = 0;
        int used = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (used + rune.Utf8SequenceLength > bytes)
            {
                break;
            }

            used += rune.Utf8SequenceLength;
            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
