namespace OrleansLake.Core.Parsing;

/// <summary>
/// Cuts text that holds one JSON text after the other into them, whatever lines they are written on, and arrays among them into
/// their elements; by brackets and quotes alone: whether each is a message is for its reader to say.
/// </summary>
/// <remarks>
/// A text that does not close spoils no other, as far as that can be told: where a string runs over a line's end, or an object
/// begins where none can stand, the next line that begins with an object is the next text. Every byte is looked at once.
/// </remarks>
public static class JsonTextSequence
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private static ReadOnlySpan<byte> LineThatBeginsAnObject => "\n{"u8;

    /// <summary>The places of the texts, and of an array's elements. False if each stands on a line of its own: then it is NDJSON, and its lines are its records.</summary>
    public static bool TryCut(ReadOnlySpan<byte> text, List<Range> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        bool isLines = true;
        int end = text.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        for (int start; (start = SkipBlank(text, end)) < text.Length;)
        {
            isLines &= texts.Count == 0 || text[end..start].Contains((byte)'\n');
            end = text[start] is (byte)'{' or (byte)'[' ? EndOfNested(text, start) : EndOfOther(text, start);
            while (IsBlank(text[end - 1]))
            {
                end--;
            }

            int before = texts.Count;
            if (text[start] == '[' && JsonArrayText.TryCut(text[start..end], texts))
            {
                isLines = false;
                for (int i = before; i < texts.Count; i++)
                {
                    texts[i] = (texts[i].Start.Value + start)..(texts[i].End.Value + start);
                }

                continue;
            }

            isLines &= !text[start..end].Contains((byte)'\n');
            texts.RemoveRange(before, texts.Count - before);
            texts.Add(start..end);
        }

        return !isLines;
    }

    private static int EndOfNested(ReadOnlySpan<byte> text, int start)
    {
        int depth = 0;
        int lineStart = -1;
        byte before = 0;
        for (int at = start; at < text.Length; at++)
        {
            byte value = text[at];
            switch (value)
            {
                case (byte)'"':
                    int quote = EndOfString(text, at);
                    if (quote < 0)
                    {
                        return NextObjectLine(text, ~quote);
                    }

                    at = quote;
                    break;
                case (byte)'\n':
                    lineStart = at;
                    continue;
                case (byte)' ' or (byte)'\t' or (byte)'\r':
                    continue;
                case (byte)'{' when lineStart > start && depth > 0 && before is not ((byte)':' or (byte)'[' or (byte)','):
                    return lineStart;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']' when --depth == 0:
                    return at + 1;
                default:
                    break;
            }

            before = value;
            lineStart = -1;
        }

        return text.Length;
    }

    // The closing quote's place; where the line or the text ends before it, the complement of that place.
    private static int EndOfString(ReadOnlySpan<byte> text, int quote)
    {
        for (int at = quote + 1; at < text.Length; at++)
        {
            int step = text[at..].IndexOfAny((byte)'"', (byte)'\\', (byte)'\n');
            if (step < 0)
            {
                break;
            }

            at += step;
            if (text[at] != '\\')
            {
                return text[at] == '"' ? at : ~at;
            }

            at++;
        }

        return ~text.Length;
    }

    private static int NextObjectLine(ReadOnlySpan<byte> text, int from)
    {
        int next = text[from..].IndexOf(LineThatBeginsAnObject);
        return next < 0 ? text.Length : from + next;
    }

    // What begins neither an object nor an array ends with its line, or where one of them begins.
    private static int EndOfOther(ReadOnlySpan<byte> text, int start)
    {
        int length = text[start..].IndexOfAny((byte)'{', (byte)'[', (byte)'\n');
        return length < 0 ? text.Length : start + length;
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
