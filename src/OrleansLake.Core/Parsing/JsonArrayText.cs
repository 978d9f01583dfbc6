namespace OrleansLake.Core.Parsing;

/// <summary>
/// Cuts a JSON array into its elements by brackets and quotes alone, so that one bad element spoils no other: whether
/// an element is JSON is for its reader to say. As in files, an object or array ends where its bracket closes, and between
/// elements there may be any number of commas or none.
/// </summary>
public static class JsonArrayText
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// Returns the elements' places. False if the text is not an array: it begins with something else than <c>[</c>, its brackets
    /// and quotes do not close, or something follows it.
    /// </summary>
    public static bool TryCut(ReadOnlySpan<byte> text, List<Range> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        int at = SkipBlank(text, text.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0);
        if (at == text.Length || text[at] != '[')
        {
            return false;
        }

        int start = SkipBlank(text, at + 1);
        bool isEmpty = start < text.Length && text[start] == ']';
        int depth = 0;
        for (at = start; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'"':
                    at = EndOfString(text, at);
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']' when depth > 0:
                    depth--;
                    if (depth == 0)
                    {
                        Add(elements, text, start, at + 1);
                        start = at + 1;
                    }

                    break;
                case (byte)',' when depth == 0:
                    Add(elements, text, start, at);
                    start = at + 1;
                    break;
                case (byte)']':
                    Add(elements, text, start, at);
                    return (isEmpty || elements.Count > 0) && SkipBlank(text, at + 1) == text.Length;
                default:
                    break;
            }
        }

        return false;
    }

    // The closing quote's place, or the text's end.
    private static int EndOfString(ReadOnlySpan<byte> text, int quote)
    {
        for (int at = quote + 1; at < text.Length; at++)
        {
            int step = text[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (step < 0)
            {
                break;
            }

            at += step;
            if (text[at] == '"')
            {
                return at;
            }

            at++;
        }

        return text.Length;
    }

    private static void Add(List<Range> elements, ReadOnlySpan<byte> text, int start, int end)
    {
        start = Math.Min(SkipBlank(text, start), end);
        while (end > start && IsBlank(text[end - 1]))
        {
            end--;
        }

        if (end > start)
        {
            elements.Add(start..end);
        }
    }

    private static int SkipBlank(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && IsBlank(text[at]))
        {
            at++;
        }

        return at;
    }

    private static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
