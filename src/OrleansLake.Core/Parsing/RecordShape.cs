using OrleansLake.Core.Mapping;

namespace OrleansLake.Core.Parsing;

/// <summary>The text between the values of a record. Most records of a source differ in their values alone, so the rest is compared, not read.</summary>
/// <param name="Steps">The values, each with the text before it.</param>
/// <param name="End">The text behind the last value.</param>
internal sealed record RecordShape(RecordShape.Step[] Steps, byte[] End)
{
    // Records of more values are rare, and differ from each other.
    private const int StepsMax = 64;

    /// <summary>Returns the shape of a record.</summary>
    /// <param name="record">An object, as <see cref="UsualJson"/> takes it.</param>
    /// <param name="root">Where its paths begin.</param>
    /// <param name="usualOf">Returns the usual form of the value at a place.</param>
    /// <returns>Null if it has too many values.</returns>
    public static RecordShape? Of(ReadOnlySpan<byte> record, PathNode root, Func<PathNode, UsualValue> usualOf)
    {
        var steps = new List<Step>();
        int passed = 0;
        int end = Add(record, 0, root, steps, ref passed, usualOf);
        return end < 0 ? null : new RecordShape([.. steps], record[passed..end].ToArray());
    }

    private static int Add(ReadOnlySpan<byte> record, int at, PathNode parent, List<Step> steps, ref int passed, Func<PathNode, UsualValue> usualOf)
    {
        if (++at < record.Length && record[at] == '}')
        {
            return at + 1;
        }

        while (true)
        {
            int nameStart = at + 1;
            at = UsualJson.NameEnd(record, at, out int nameEnd);
            if (at < 0 || at >= record.Length || steps.Count == StepsMax)
            {
                return -1;
            }

            ReadOnlySpan<byte> name = record[nameStart..nameEnd];
            PathNode? place = parent.Find(name);
            if (place is { HasChildren: true, Slots.Count: 0 } && record[at] == '{')
            {
                at = Add(record, at, place, steps, ref passed, usualOf);
            }
            else
            {
                steps.Add(new Step(record[passed..at].ToArray(), parent, name.ToArray(), place, place is null ? UsualValue.Any : usualOf(place)));
                at = passed = UsualJson.Pass(record, at);
            }

            if (UsualJson.IsLast(record, ref at, (byte)'}'))
            {
                return at;
            }
        }
    }

    /// <summary>A value of a record.</summary>
    /// <param name="Before">The text between the value before and this one.</param>
    /// <param name="Parent">The place of the object that it is in.</param>
    /// <param name="Name">Its name there.</param>
    /// <param name="Place">Its own place; null: no path leads to it.</param>
    /// <param name="Usual">Its usual form.</param>
    internal readonly record struct Step(byte[] Before, PathNode Parent, byte[] Name, PathNode? Place, UsualValue Usual);
}
