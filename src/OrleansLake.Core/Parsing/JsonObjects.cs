namespace OrleansLake.Core.Parsing;

/// <summary>Several JSON objects where one is expected: beside each other, or in arrays.</summary>
internal static class JsonObjects
{
    /// <summary>
    /// Returns the objects of a line that is not one: several of them, or one with a comma or a record separator, or arrays that
    /// hold some, and nothing else. The last may be cut off; it is another's to reject. Null if the line is something else.
    /// </summary>
    public static List<Range>? CutLine(ReadOnlySpan<byte> line)
    {
        var scanner = new JsonValueScanner(opensArrays: false, isInside: true);
        var objects = new List<Range>();
        for (int at = 0; at < line.Length;)
        {
            bool isEnded = scanner.TryNext(line[at..], out int start, out int length);
            if (start < 0)
            {
                break;
            }

            bool isArray = line[at + start] == '[';
            if (!(isArray || line[at + start] == '{') || (isEnded ? !scanner.WasClosed : isArray || objects.Count == 0))
            {
                return null;
            }

            int end = isEnded ? at + length : line.Length;
            if (!isArray)
            {
                objects.Add((at + start)..end);
            }
            else if (!TryAddElements(line, (at + start)..end, objects))
            {
                return null;
            }

            at = end;
        }

        return objects.Count > 1 || (objects.Count == 1 && line.Trim(" \t\r"u8).Length > line[objects[0]].Length) ? objects : null;
    }

    /// <summary>Adds the places of an array's elements. False, and nothing is added, if the text is not an array, or none of them is an object.</summary>
    public static bool TryAddElements(ReadOnlySpan<byte> text, Range array, List<Range> elements)
    {
        var found = new List<Range>();
        bool hasObject = false;
        if (text[array] is [(byte)'[', ..] && JsonArrayText.TryCut(text[array], found))
        {
            foreach (Range element in found)
            {
                hasObject |= text[array][element][0] == '{';
            }
        }

        int at = array.Start.Value;
        elements.AddRange(hasObject ? found.Select(element => (at + element.Start.Value)..(at + element.End.Value)) : []);
        return hasObject;
    }
}
