namespace OrleansLake.Core.Parsing;

/// <summary>
/// Cuts text that is in memory as <see cref="JsonValueScanner"/> finds it: into JSON texts one after the other, whatever lines
/// they are written on, and into an array's elements where it begins with one. Whether each is a message is for its reader to say.
/// </summary>
public static class JsonTextSequence
{
    private static ReadOnlySpan<byte> BlanksAndMark => [(byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', 0xEF, 0xBB, 0xBF];

    /// <summary>
    /// The places of the texts, and of an array's elements. False if each stands on a line of its own: then it is NDJSON, and
    /// its lines are its records.
    /// </summary>
    public static bool TryCut(ReadOnlySpan<byte> text, List<Range> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        int first = text.IndexOfAnyExcept(BlanksAndMark);
        bool isArray = first >= 0 && text[first] == '[';
        if (Cut(text, isArray, texts))
        {
            if (isArray)
            {
                return true;
            }
        }
        else
        {
            // An array that does not close is not an array: what there is of it is one text.
            texts.Clear();
            Cut(text, opensArrays: false, texts);
        }

        int before = 0;
        foreach (Range place in texts)
        {
            if (text[place].Contains((byte)'\n') || (before > 0 && !text[before..place.Start.Value].Contains((byte)'\n')))
            {
                return true;
            }

            before = place.End.Value;
        }

        return false;
    }

    // False if an array is open at the end.
    private static bool Cut(ReadOnlySpan<byte> text, bool opensArrays, List<Range> texts)
    {
        var scanner = new JsonValueScanner(opensArrays);
        int begun = -1;
        for (int at = 0; at < text.Length;)
        {
            bool isEnded = scanner.TryNext(text[at..], out int start, out int length);
            begun = start >= 0 && begun < 0 ? at + start : begun;
            int end = isEnded ? at + length : text.Length;
            if (begun >= 0)
            {
                texts.Add(begun..EndOf(text, begun, end));
                begun = -1;
            }

            at = end;
        }

        return !scanner.IsInArray;
    }

    private static int EndOf(ReadOnlySpan<byte> text, int start, int end) => start + text[start..end].TrimEnd(" \t\r\n"u8).Length;
}
