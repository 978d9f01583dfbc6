namespace OrleansLake.Core.Parsing;

/// <summary>
/// Cuts text that is in memory as <see cref="JsonValueScanner"/> finds it: into JSON texts one after the other, whatever lines
/// they are written on, and into the elements of arrays. Whether each is a message is for its reader to say.
/// Text of which no line begins with an object or an array, such as CSV, is one text.
/// </summary>
public static class JsonTextSequence
{
    private static ReadOnlySpan<byte> BlanksAndMark => [(byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', 0xEF, 0xBB, 0xBF];

    /// <summary>
    /// Returns the places of the texts, and of an array's elements. False if each is on a line of its own: then it is NDJSON, and
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

        JoinRests(text, texts);
        int before = 0;
        foreach (Range place in texts)
        {
            if (text[place].Contains((byte)'\n') || (before > 0 && !text[before..place.Start.Value].Contains((byte)'\n')))
            {
                OpenArrays(text, texts);
                return true;
            }

            before = place.End.Value;
        }

        return false;
    }

    // What is neither an object nor an array was cut at its commas, which may as well be a table's: it reaches to its line's end.
    private static void JoinRests(ReadOnlySpan<byte> text, List<Range> texts)
    {
        bool hasJson = false;
        int kept = 0;
        for (int i = 0; i < texts.Count; i++)
        {
            Range place = texts[i];
            bool isFirst = kept == 0 || text[texts[kept - 1].End.Value..place.Start.Value].Contains((byte)'\n');
            bool isRest = !IsContainer(text, place);
            hasJson |= !isRest && (isFirst || IsContainer(text, texts[kept - 1]));
            if (isRest && !isFirst && !IsContainer(text, texts[kept - 1]))
            {
                texts[kept - 1] = texts[kept - 1].Start..place.End;
            }
            else
            {
                texts[kept++] = place;
            }
        }

        texts.RemoveRange(kept, texts.Count - kept);
        if (!hasJson && kept > 1)
        {
            Range whole = texts[0].Start..texts[^1].End;
            texts.Clear();
            texts.Add(whole);
        }
    }

    // As a line of NDJSON does, an array that holds objects gives its elements.
    private static void OpenArrays(ReadOnlySpan<byte> text, List<Range> texts)
    {
        Range[] places = [.. texts];
        texts.Clear();
        foreach (Range place in places)
        {
            if (!JsonObjects.TryAddElements(text, place, texts))
            {
                texts.Add(place);
            }
        }
    }

    private static bool IsContainer(ReadOnlySpan<byte> text, Range place) => text[place.Start.Value] is (byte)'{' or (byte)'[';

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
