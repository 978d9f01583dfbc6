namespace OrleansLake.Core.Parsing;

/// <summary>Several JSON objects where one is expected.</summary>
internal static class JsonObjects
{
    /// <summary>
    /// Returns the objects of a line that is not one: several of them, or one with a comma or a record separator, and nothing
    /// else. The last may be cut off; it is another's to reject. Null if the line is something else.
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

            if (line[at + start] != '{' || (isEnded ? !scanner.WasClosed : objects.Count == 0))
            {
                return null;
            }

            int end = isEnded ? at + length : line.Length;
            objects.Add((at + start)..end);
            at = end;
        }

        return objects.Count > 1 || (objects.Count == 1 && line.Trim(" \t\r"u8).Length > line[objects[0]].Length) ? objects : null;
    }
}
